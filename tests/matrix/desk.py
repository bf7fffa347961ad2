"""The desk: calendar, visits, patients."""

from tests.matrix.rules import BOTH, POST, Own, Rule, Staff

DESK: dict[str, Rule] = {
    # The desk
    "desk/": Own(),  # a role without a calendar goes on to its own page
    "desk/day/": Staff("appointments.view"),
    "desk/day/<day:on>/": Staff("appointments.view", "day"),
    "desk/week/": Staff("appointments.view"),
    "desk/week/<day:on>/": Staff("appointments.view", "day"),
    "desk/calendar/filter/": Staff("appointments.view"),
    "desk/calendar/views/": Staff("appointments.view", methods=POST),
    "desk/calendar/views/<uuid:uid>/delete/": Staff("appointments.view", "saved_view", POST),
    "desk/blocks/new/": Staff("appointments.manage", methods=BOTH),
    "desk/blocks/<uuid:uid>/": Staff("appointments.manage", "time_off", BOTH),
    "desk/blocks/<uuid:uid>/end/": Staff("appointments.manage", "time_off", POST),
    "desk/blocks/<uuid:uid>/undo/": Staff("appointments.manage", "time_off", POST),
    "desk/visits/new/": Staff("appointments.manage", methods=BOTH),
    "desk/visits/<uuid:uid>/": Staff("appointments.view", "appointment"),
    **{
        f"desk/visits/<uuid:uid>/{verb}/": Staff("appointments.manage", "appointment", POST)
        for verb in ("confirm", "check-in", "start", "complete", "no-show", "undo", "unbook", "hush")
    },
    "desk/visits/<uuid:uid>/cancel/": Staff("appointments.manage", "appointment", BOTH),
    "desk/visits/<uuid:uid>/move/": Staff("appointments.manage", "appointment", BOTH),
    "desk/notices/": Staff("appointments.view"),
    "desk/notices/count/": Staff("appointments.view"),
    "desk/notices/seen/": Staff("appointments.view", methods=POST),
    "desk/find/": Own(),
    "desk/search/": Staff("patients.view"),
    "desk/patients/": Staff("patients.view"),
    "desk/patients/new/": Staff("patients.manage", methods=BOTH),
    "desk/patients/<uuid:uid>/": Staff("patients.view", "person"),
    "desk/patients/<uuid:uid>/edit/": Staff("patients.manage", "person", BOTH),
    "desk/patients/<uuid:uid>/verify/": Staff("patients.manage", "person", POST),
    "desk/patients/<uuid:uid>/break-glass/": Staff("chart.view", "person", ("get", "post")),
    "desk/patients/<uuid:uid>/care-team/": Staff("chart.view", "person"),
    "desk/patients/<uuid:uid>/care-team/<uuid:colleague>/leave/": Staff("care.manage", "care_team", POST),
    "desk/patients/<uuid:uid>/record.pdf": Staff("chart.view", "person", POST),
    "desk/patients/<uuid:uid>/merge/": Staff("patients.merge", "person"),
    "desk/patients/<uuid:uid>/merge/<uuid:other>/": Staff("patients.merge", "two_people"),
    "desk/merges/<uuid:uid>/part/": Staff("patients.merge", "merge", POST),
    "desk/opened-with-a-reason/": Staff("care.manage"),
    "desk/opened-with-a-reason/<uuid:uid>/": Staff("care.manage", "break_glass", POST),
    "desk/patients/<uuid:uid>/chart/": Staff("chart.view", "person"),
    "desk/encounters/<uuid:uid>/": Staff("chart.view", "encounter"),
}
