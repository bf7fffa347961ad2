"""The demo's notes: written by the same actions as any other, once, and all of them intact."""

from datetime import UTC, datetime, timedelta

from charting import queries
from charting.models import CoSignature, Note, NoteState
from medspa.demo.notes import write_notes
from scheduling.actions import book_for
from scheduling.models import Appointment, Status
from scheduling.queries import desk_starts
from tenants.context import enter
from tests.matrix.objects import house_actor


def test_visits_that_are_over_have_notes(glow):
    cast, at = glow.cast, datetime.now(UTC)
    with enter(glow.clinic):
        for ahead in range(3, 12):
            day = at.astimezone(cast.location.zone).date() + timedelta(days=ahead)
            found = desk_starts(service=cast.services["botox"], location=cast.location, day=day, at=at)
            start = next(start for start, provider in found if provider == cast.providers["ines"])
            book_for(
                service=cast.services["botox"],
                provider=cast.providers["ines"],
                location=cast.location,
                start=start,
                person=cast.pat,
                by=house_actor(cast),
                user=cast.desk,
                at=at,
            )
        Appointment.objects.update(status=Status.DONE)
        at += timedelta(days=30)
        write_notes(at=at, say=lambda _text: None)
        assert Note.objects.filter(state=NoteState.DRAFT).count() == 3
        signed = list(queries.whole_notes().filter(state=NoteState.SIGNED))
        assert len(signed) == 6
        assert all(queries.is_intact(note) for note in signed)
        count = CoSignature.objects.count()
        write_notes(at=at, say=lambda _text: None)
        assert (Note.objects.count(), CoSignature.objects.count()) == (9, count)
