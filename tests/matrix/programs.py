"""The API."""

from tests.matrix.rules import BOTH, GET, OWN_STEPS, POST, Anyone, Api, Link, Own, Rule

PROGRAMS: dict[str, Rule] = {
    # Programs
    "api/v1/services/": Anyone(),
    "api/v1/services/all/": Api("services.view"),
    "api/v1/services/<uuid:uid>/": Api("services.view", "service", ("get", "patch"), "services.manage"),
    **{
        f"api/v1/{what}s/": Api("services.view", methods=BOTH, write="settings.manage")
        for what in ("location", "room", "device", "closure")
    },
    **{
        f"api/v1/{what}s/<uuid:uid>/": Api("services.view", what, ("get", "patch"), "settings.manage")
        for what in ("location", "room", "device")
    },
    "api/v1/closures/<uuid:uid>/": Api("services.view", "closure"),
    "api/v1/booking-texts/": Anyone(),
    "api/v1/schema/": Anyone(),
    "api/v1/docs/": Anyone(),
    "api/v1/me/": Own(),
    "api/v1/tokens/": Api("tokens.manage", methods=BOTH),
    "api/v1/tokens/<uuid:uid>/revoke/": Api("tokens.manage", "token", POST),
    "api/v1/availability/": Anyone(),
    "api/v1/holds/": Anyone(POST),
    "api/v1/bookings/": Anyone(POST),
    "api/v1/bookings/<str:token>/": Link(),
    "api/v1/bookings/<str:token>/cancel/": Link(POST),
    "api/v1/bookings/<str:token>/reschedule/": Link(POST),
    "api/v1/appointments/": Api("appointments.view", methods=BOTH, write="appointments.manage"),
    "api/v1/appointments/<uuid:uid>/": Api("appointments.view", "appointment", patient=GET),
    **{
        f"api/v1/appointments/<uuid:uid>/{verb}/": Api(
            "appointments.manage", "appointment", POST, patient=POST if verb in OWN_STEPS else ()
        )
        for verb in (
            "confirm",
            "check-in",
            "start",
            "complete",
            "no-show",
            "cancel",
            "reschedule",
            "undo",
        )
    },
    "api/v1/appointments/<uuid:uid>/gate/": Api("appointments.view", "appointment"),
    "api/v1/patients/<uuid:uid>/history/": Api("chart.view", "person"),
    "api/v1/patients/<uuid:uid>/intakes/": Api("patients.view", "person"),
    "api/v1/patients/<uuid:uid>/appointments/": Api("appointments.view", "person", patient=GET),
    "api/v1/patients/": Api("patients.view", methods=BOTH, write="patients.manage", patient=GET),
    "api/v1/patients/<uuid:uid>/": Api(
        "patients.view", "person", ("get", "patch"), "patients.manage", patient=("get", "patch")
    ),
    "api/v1/patients/<uuid:uid>/notes/": Api("chart.view", "person", BOTH, write="chart.write", patient=GET),
    "api/v1/notes/<uuid:uid>/": Api(
        "chart.view", "signed_note", ("get", "patch"), "chart.write", patient=GET
    ),
    "api/v1/patients/<uuid:uid>/consents/": Api(
        "consents.view", "person", BOTH, "consents.collect", patient=BOTH
    ),
    "api/v1/patients/<uuid:uid>/forms/": Api("consents.view", "person", patient=GET),
    "api/v1/consents/<uuid:uid>/": Api("consents.view", "signature", patient=GET),
    "api/v1/consents/<uuid:uid>/receipt/": Api("consents.view", "signature", patient=GET),
    "api/v1/consents/<uuid:uid>/withdraw/": Api("consents.collect", "signature", POST, patient=POST),
    "api/v1/patients/<uuid:uid>/laser-series/": Api("chart.view", "person", BOTH, "chart.write"),
    "api/v1/laser-series/<uuid:uid>/": Api("chart.view", "laser_series"),
    "api/v1/laser-series/<uuid:uid>/sessions/": Api("chart.write", "laser_series", POST),
    "api/v1/laser-sessions/<uuid:uid>/": Api("chart.view", "laser_session"),
    "api/v1/adverse-events/": Api("chart.view"),
    "api/v1/adverse-events/<uuid:uid>/": Api("chart.view", "adverse_event"),
    "api/v1/adverse-events/<uuid:uid>/assess/": Api("chart.write", "adverse_event", POST),
    "api/v1/adverse-events/<uuid:uid>/close/": Api("chart.write", "adverse_event", POST),
    "api/v1/patients/<uuid:uid>/adverse-events/": Api("chart.write", "person", POST, patient=POST),
    "api/v1/ai-choice/": Api("ai.manage", methods=("get", "put")),
    "api/v1/me/ai-choice/": Own(("get", "put")),
    "api/v1/patients/<uuid:uid>/ai-choice/": Api(
        "chart.view", "person", ("get", "put"), "chart.write", patient=("get", "put")
    ),
    "api/v1/stock/products/": Api("stock.view"),
    "api/v1/stock/lots/": Api("stock.view", methods=BOTH, write="stock.manage"),
    "api/v1/stock/lots/<uuid:uid>/": Api("stock.view", "lot"),
    "api/v1/stock/lots/<uuid:uid>/count/": Api("stock.manage", "lot", POST),
    "api/v1/stock/movements/": Api("stock.view"),
    "api/v1/patients/<uuid:uid>/plans/": Api("plans.view", "person", BOTH, write="chart.write", patient=GET),
    "api/v1/plans/<uuid:uid>/": Api(
        "plans.view", "offered_plan", ("get", "patch"), write="chart.write", patient=GET
    ),
    **{
        f"api/v1/plans/<uuid:uid>/{verb}/": Api("chart.write", "plan", POST)
        for verb in ("offer", "withdraw", "discard", "complete", "end", "resume")
    },
    "api/v1/plans/<uuid:uid>/accept/": Api("plans.decide", "offered_plan", POST, patient=POST),
    "api/v1/plans/<uuid:uid>/decline/": Api("plans.decide", "offered_plan", POST, patient=POST),
    "api/v1/notes/<uuid:uid>/sign/": Api("chart.sign", "note", POST),
    "api/v1/notes/<uuid:uid>/addenda/": Api("chart.sign", "note", POST),
    "api/v1/notes/<uuid:uid>/cosign/": Api("chart.cosign", "note", POST),
    "api/v1/patients/<uuid:uid>/messages/": Api(
        "messages.view", "person", BOTH, write="messages.send", patient=BOTH
    ),
    "api/v1/patients/<uuid:uid>/merge/": Api("patients.merge", "person", POST),
    "api/v1/merges/<uuid:uid>/part/": Api("patients.merge", "merge", POST),
    "api/v1/patients/<uuid:uid>/break-glass/": Api("chart.view", "person", POST),
    "api/v1/documents/": Api("documents.manage", methods=POST),
    "api/v1/documents/<uuid:uid>/": Api("documents.view", "document", patient=GET),
    "api/v1/documents/<uuid:uid>/content/": Api("documents.view", "document", patient=GET),
    "api/v1/documents/<uuid:uid>/release/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/withdraw/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/remove/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/restore/": Api("documents.manage", "document", methods=POST),
    "api/v1/patients/<uuid:uid>/documents/": Api("documents.view", "person", patient=GET),
    "api/v1/photos/": Api("photos.manage", methods=POST),
    "api/v1/photos/<uuid:uid>/content/": Api("photos.view", "photo", patient=GET),
    "api/v1/patients/<uuid:uid>/photos/": Api("photos.view", "person", patient=GET),
    "api/v1/patients/<uuid:uid>/access-log/": Api("audit.view", "person", patient=GET),
    "api/v1/audit-events/": Api("audit.view", patient=GET),
    "api/v1/people/": Api("staff.view"),
    "api/v1/people/<uuid:uid>/": Api("staff.view", "colleague"),
    **{
        f"api/v1/people/<uuid:uid>/{verb}/": Api("staff.manage", "colleague", POST)
        for verb in ("role", "end-access", "reopen")
    },
    "api/v1/invitations/": Api("staff.view", methods=BOTH, write="staff.manage"),
    "api/v1/invitations/<uuid:uid>/withdraw/": Api("staff.manage", "invitation", POST),
    "api/v1/invitations/<uuid:uid>/resend/": Api("staff.manage", "invitation", POST),
}
