"""The timeline's rows of charting, all of one shape, so that the database puts them together; no word of a text is opened.

Each row: what it is (`kind`), what happened (`said`), of what, when, a title, two lines, and what became of it.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charting.models import (
    AftercareSheet,
    Decided,
    Encounter,
    EncounterKind,
    NoteState,
    PlanDecision,
    PlanVersion,
    ReviewState,
    SheetState,
)
from patients.models import Person
from patients.record import Entry, Text

Rows = QuerySet[Any, Any]
COLUMNS: Final = ("kind", "said", "of", "at", "title", "text", "more", "state", "review")
SAID: Final[dict[str, tuple[Text, str]]] = {
    "offered": (_("Treatment plan offered"), "list-checks"),
    Decided.ACCEPTED.value: (_("Treatment plan accepted"), "circle-check"),
    Decided.DECLINED.value: (_("Treatment plan declined"), "circle-x"),
    SheetState.SENT.value: (_("Aftercare sent"), "heart-pulse"),
    SheetState.READY.value: (_("Aftercare put into the portal"), "heart-pulse"),
    SheetState.HANDED.value: (_("Aftercare handed over"), "heart-pulse"),
}
PAGES: Final = {"encounter": "charting:encounter", "plan": "charting:plan", "aftercare": "charting:sheet"}


def encounters(person: Person) -> Rows:
    return _rows(
        Encounter.objects.filter(person=person),
        kind=Value("encounter"),
        said=F("kind"),
        of=F("uid"),
        at=F("began_at"),
        title=_or_nothing("service__name"),
        text=F("provider__display_name"),
        more=F("provider__credentials"),
        state=_or_nothing("note__state"),
        review=_or_nothing("note__cosignature__state"),
    )


def offered(person: Person) -> Rows:
    """A version that asked again is an offer of its own."""
    rows = PlanVersion.objects.filter(plan__person=person)
    return _rows(rows, kind=Value("plan"), said=Value("offered"), of=F("plan__uid"), at=F("offered_at"))


def decided(person: Person) -> Rows:
    rows = PlanDecision.objects.filter(version__plan__person=person)
    return _rows(rows, kind=Value("plan"), said=F("kind"), of=F("version__plan__uid"), at=F("decided_at"))


def given(person: Person) -> Rows:
    rows = AftercareSheet.objects.given().filter(person=person)
    return _rows(
        rows,
        kind=Value("aftercare"),
        said=F("state"),
        of=F("uid"),
        at=F("given_at"),
        text=_or_nothing("text__name"),
    )


def entry(
    kind: str,
    said: str,
    of: UUID,
    at: datetime,
    title: str,
    text: str,
    more: str,
    state: str,
    review: str,
) -> Entry:
    href = reverse(PAGES[kind], args=[of])
    if kind != "encounter":
        words, icon = SAID[said]
        return Entry(at=at, kind=kind, title=words, text=text, href=href, icon=icon)
    return Entry(
        at=at,
        kind=kind,
        title=title or EncounterKind(said).label,
        text=f"{text}, {more}" if more else text,
        href=href,
        icon="clipboard-list",
        badges=_badges(state, review),
    )


def _rows(rows: Rows, **columns: Any) -> Rows:
    """The columns under names of their own, for a model's field may have one of these names."""
    blank = Value("", output_field=CharField())
    given = {f"row_{name}": columns.get(name, blank) for name in COLUMNS}
    found: Rows = rows.order_by().annotate(**given).values_list(*given)
    return found


def _or_nothing(path: str) -> Coalesce:
    return Coalesce(F(path), Value(""), output_field=CharField())


def _badges(state: str, review: str) -> tuple[tuple[Text, str, str], ...]:
    """What became of the note."""
    if not state:
        return ()
    if state == NoteState.DRAFT:
        return ((_("Note not signed"), "warning", "circle-dashed"),)
    signed: tuple[tuple[Text, str, str], ...] = ((_("Signed"), "", "check"),)
    if review == ReviewState.COSIGNED:
        return (*signed, (_("Co-signed"), "", "check"))
    return (
        (*signed, (_("Returned"), "warning", "corner-up-left")) if review == ReviewState.RETURNED else signed
    )
