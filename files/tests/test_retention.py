"""Recordings and transcripts: sealed like every file, with a last day, and gone after it."""

from datetime import UTC, date, datetime
from hashlib import sha256
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from audit.models import Event
from core.ids import uuid7
from files import storage, tasks
from files.models import PassingFile, SealedFile
from files.retention import Media, last_day
from tenants.context import enter
from vault.sealing import file_sealer, open_file
from vault.tags import PHOTO_BODY

pytestmark = pytest.mark.promise("P98")
STORED = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)  # the evening of the 1st in Austin
SPOKEN = b"what somebody said on the telephone"


@pytest.mark.parametrize(
    ("media", "day"), [(Media.RECORDING, date(2026, 5, 30)), (Media.TRANSCRIPT, date(2027, 3, 1))]
)
def test_the_last_day_is_of_the_clinics_calendar(media, day):
    assert last_day(media, stored_at=STORED, zone=ZoneInfo("America/Chicago")) == day


def test_none_can_be_stored_without_a_last_day_and_all_that_have_one_are_found(monkeypatch):
    field = PassingFile._meta.get_field("purge_on")
    assert not field.null
    assert not field.has_default()
    monkeypatch.setattr(tasks, "kinds", lambda: (SealedFile, PassingFile))
    assert tasks.passing_kinds() == [PassingFile], "photos and documents are kept as long as the record"


class Shelf:
    """Answers as the manager of a model would, that a floor above makes of a PassingFile."""

    def __init__(self, rows):
        self.rows = rows

    def filter(self, *, purge_on__lt):
        found = [row for row in self.rows if row.purge_on < purge_on__lt]
        return SimpleNamespace(iterator=lambda: iter(found))


def shelve(monkeypatch, rows):
    monkeypatch.setattr(tasks, "passing_kinds", lambda: [SimpleNamespace(_default_manager=Shelf(rows))])


def tape(house, purge_on, rows):
    uid = uuid7()
    sealer = file_sealer(uid, subject=house.cast.pat.uid, body=PHOTO_BODY)
    sealed = bytearray(sealer.head)
    for part in [*sealer.feed(SPOKEN), sealer.end()]:
        sealed += part
    key = storage.keep(sealed, sha256(sealed).digest())
    meta = SimpleNamespace(label_lower="files.tape")
    row = SimpleNamespace(uid=uid, object_key=key, media="recording", purge_on=purge_on, _meta=meta)
    row.size, row.delete = len(sealed), lambda: rows.remove(row)
    return row


def test_it_lies_sealed_and_goes_with_its_file_after_its_last_day(glow, monkeypatch):
    rows = []
    with enter(glow.clinic):
        today = datetime.now(UTC).date()
        passed, last = (
            tape(glow, date(2026, 1, 1), rows),
            tape(glow, today.replace(year=today.year + 1), rows),
        )
        rows += [passed, last]
        sealed = storage.fetch(last.object_key, size=last.size)
        assert SPOKEN not in bytes(sealed)
        assert bytes(open_file(sealed, file=last.uid, body=PHOTO_BODY)) == SPOKEN
        shelve(monkeypatch, rows)
        assert tasks.purge_passed.run() == 1
        assert rows == [last]
        assert storage.fetch(passed.object_key, size=passed.size) is None
        assert storage.fetch(last.object_key, size=last.size) is not None
        event = Event.objects.get(verb="file.purged")
        assert (event.object_type, event.object_id) == ("files.tape", str(passed.uid))
        assert tasks.purge_passed.run() == 0


def test_while_the_store_is_down_nothing_is_forgotten(glow, monkeypatch):
    rows = []
    with enter(glow.clinic):
        rows.append(tape(glow, date(2026, 1, 1), rows))
        shelve(monkeypatch, rows)

        def down(_key):
            raise tasks.Unavailable

        monkeypatch.setattr(storage, "drop", down)
        assert tasks.purge_passed.run() == 0
        assert len(rows) == 1
        assert not Event.objects.filter(verb="file.purged").exists()
