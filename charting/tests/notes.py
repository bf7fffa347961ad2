"""What the tests of notes begin with."""

from datetime import UTC, datetime

from accounts.actors import actor_for
from charting.actions import begin_encounter
from charting.actions.notes import begin_note, save_note, sign_note
from charting.models import Note
from charting.notes import Typed

AT = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
WHOLE = {
    "subjective": "Wants the frown softened before a wedding.",
    "objective": "Dynamic lines: glabella moderate.",
    "assessment": "Good candidate.",
    "plan": "Check in two weeks.",
}


def encounter_of(cast, provider="ines", service="botox", at=AT):
    return begin_encounter(
        cast.pat,
        cast.providers[provider],
        location=cast.location,
        service=cast.services[service],
        kind="treatment",
        by=actor_for(cast.users["provider"]),
        at=at,
    )


def draft(cast, *, template=None, encounter=None, user=None, parts=None, values=None) -> Note:
    """Ines' note of a treatment of Pat's, whole unless told otherwise."""
    user = user or cast.users["provider"]
    note = begin_note(encounter or encounter_of(cast), template=template, user=user, at=AT)
    typed = Typed(WHOLE | (parts or {}), values or {})
    return save_note(note, typed, revision=note.revision, user=user, at=AT)


def signed(cast, **more) -> Note:
    note = draft(cast, **more)
    return sign_note(note, revision=note.revision, user=note.author, at=AT)
