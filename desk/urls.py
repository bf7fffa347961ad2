"""The staff's pages: the day, visits, patients, search."""

from datetime import date

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from desk.views import (
    agreement,
    ai,
    blocks,
    booking,
    filters,
    moving,
    notices,
    patients,
    search,
    style,
    today,
    visits,
)

app_name = "desk"


class DayConverter:
    """A calendar day of this century, as 2026-03-03."""

    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns: list[URLPattern] = [
    path("desk/", today.today, name="today"),
    path("desk/day/", today.go_to_day, name="go_to_day"),
    path("desk/day/<day:on>/", today.day, name="day"),
    path("desk/week/", today.this_week, name="this_week"),
    path("desk/week/<day:on>/", today.week, name="week"),
    path("desk/calendar/filter/", filters.filter_panel, name="filter"),
    path("desk/calendar/views/", filters.save, name="save_view"),
    path("desk/calendar/views/<uuid:uid>/delete/", filters.forget, name="forget_view"),
    path("desk/blocks/new/", blocks.new_block, name="new_block"),
    path("desk/blocks/<uuid:uid>/", blocks.block, name="block"),
    path("desk/blocks/<uuid:uid>/end/", blocks.end_block, name="end_block"),
    path("desk/blocks/<uuid:uid>/undo/", blocks.undo_block, name="undo_block"),
    path("desk/visits/new/", booking.new_visit, name="new_visit"),
    path("desk/visits/<uuid:uid>/", visits.visit, name="visit"),
    path("desk/visits/<uuid:uid>/confirm/", visits.take_step, {"step": "confirm"}, name="confirm"),
    path("desk/visits/<uuid:uid>/check-in/", visits.take_step, {"step": "check_in"}, name="check_in"),
    path("desk/visits/<uuid:uid>/start/", visits.start, name="start"),
    path("desk/visits/<uuid:uid>/complete/", visits.take_step, {"step": "complete"}, name="complete"),
    path("desk/visits/<uuid:uid>/no-show/", visits.take_step, {"step": "no_show"}, name="no_show"),
    path("desk/visits/<uuid:uid>/cancel/", visits.cancel, name="cancel"),
    path("desk/visits/<uuid:uid>/undo/", visits.undo, name="undo"),
    path("desk/visits/<uuid:uid>/unbook/", visits.unbook, name="unbook"),
    path("desk/visits/<uuid:uid>/hush/", visits.hush, name="hush"),
    path("desk/visits/<uuid:uid>/move/", moving.move, name="move"),
    path("desk/settings/ai/", ai.ai, name="ai"),
    path("desk/settings/ai/switch/", ai.switch, name="switch_ai"),
    path("desk/baa/", agreement.agreement, name="agreement"),
    path("desk/baa/sign/", agreement.sign, name="sign_agreement"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/count/", notices.count, name="notices_count"),
    path("desk/notices/seen/", notices.mark_seen, name="notices_seen"),
    path("desk/find/", search.find, name="find"),
    path("desk/search/", search.search, name="search"),
    path("desk/patients/", patients.patients, name="patients"),
    path("desk/patients/new/", patients.new_patient, name="new_patient"),
    path("desk/patients/<uuid:uid>/", patients.patient, name="patient"),
    path("desk/patients/<uuid:uid>/edit/", patients.edit_patient, name="edit_patient"),
    path("desk/patients/<uuid:uid>/verify/", patients.verify, name="verify"),
    path("desk/patients/<uuid:uid>/messages/", patients.write, name="write"),
    path("desk/patients/<uuid:uid>/log/", patients.access_log, name="access_log"),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("desk/style/", style.style_page, name="style"))
