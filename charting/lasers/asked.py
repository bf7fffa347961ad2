"""What other parts of the record ask of the sessions."""

from django.utils.translation import gettext as _

from charting.lasers.parameters import COOLING, ENDPOINTS, INKS
from charting.models import Encounter, LaserSession
from vault.fields import warm_rows


def session_summary(encounter: Encounter) -> list[str]:
    """The encounter's sessions in words, a line each: what a note begins with."""
    rows = encounter.laser_sessions.select_related("series__person", "device", "encounter__person")
    return summary_of(list(rows.order_by("id")))


def summary_of(sessions: list[LaserSession]) -> list[str]:
    """The same of sessions that are read already."""
    warm_rows(sessions)
    return [_line(one) for one in sessions]


def for_draft(encounter: Encounter) -> dict[str, list[str]]:
    """What a draft of the note is told of the sessions."""
    lines = session_summary(encounter)
    return {"objective": lines} if lines else {}


def _line(session: LaserSession) -> str:
    series, figures = session.series, session.parameters
    told = {"title": series.title, "number": session.number, "planned": series.planned}
    head = (
        _("%(title)s, test spot") % told
        if session.is_test
        else _("%(title)s, session %(number)d of %(planned)d") % told
    )
    inks = ", ".join(str(word) for key, word in INKS if key in figures.inks)
    endpoint = dict(ENDPOINTS).get(figures.endpoint, "")
    cooling = dict(COOLING).get(figures.cooling, "") if figures.cooling else ""
    parts = [
        session.device.name,
        figures.line(),
        figures.told("surface"),
        _("ink: %(colours)s") % {"colours": inks} if inks else "",
        _("endpoint: %(seen)s") % {"seen": endpoint} if endpoint else "",
        _("cooling: %(kind)s") % {"kind": cooling} if cooling else "",
        _("reason for the change: %(reason)s") % {"reason": session.reason} if session.reason else "",
        session.notes,
    ]
    return f"{head}: " + "; ".join(str(part) for part in parts if part)
