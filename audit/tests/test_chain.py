"""The trail: complete, chained by the database, and any tampering named by place and kind."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from audit import anchors
from audit.actors import VISITOR, job
from audit.models import Event, Head, Link
from audit.trail import note_list, note_read, record, trail
from audit.verify import Damage, Kind, Known, verify_chain
from tenants.context import enter

pytestmark = [pytest.mark.own_clinic, pytest.mark.promise("P154")]
PEOPLE = 12


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("test.written", by=job("test"), on=("test.thing", str(number)))


@contextmanager
def as_superuser(schema: str):
    """Somebody with the keys to the whole server, triggers switched off."""
    import os

    database = str(settings.DATABASES["default"]["NAME"])
    dsn = os.environ["MEDSPA_TEST_MAIN_SUPERUSER"].replace("/postgres?", f"/{database}?")
    with psycopg.connect(dsn, autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute(f'SET search_path = "{schema}"')
        yield raw


@pytest.fixture
def clinic(new_clinic: Callable):
    made = new_clinic(cast=False).clinic
    with enter(made):
        write(PEOPLE)
        yield made


def test_an_intact_chain_verifies(clinic):
    assert verify_chain() == []
    assert Link.objects.count() == Event.objects.count() == Head.objects.get().seq


def test_rolled_back_events_leave_no_gap(clinic):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("test.undone", by=VISITOR, on=("test.thing", "1"))
        raise ZeroDivisionError
    write(1)
    assert verify_chain() == []


TAMPERING = [
    ("UPDATE audit_event SET verb = 'other' WHERE id = {e5}", [Damage(5, Kind.UPDATED)]),
    ("UPDATE audit_event SET body = body || 'x' WHERE id = {e5}", [Damage(5, Kind.UPDATED)]),
    ("DELETE FROM audit_event WHERE id = {e5}", [Damage(5, Kind.DELETED)]),
    (
        "DELETE FROM audit_link WHERE seq = 5; DELETE FROM audit_event WHERE id = {e5}",
        [Damage(5, Kind.DELETED)],
    ),
    (
        "UPDATE audit_link SET event_id = CASE seq WHEN 5 THEN {e7} ELSE {e5} END WHERE seq IN (5, 7)",
        [Damage(5, Kind.SWAPPED), Damage(7, Kind.SWAPPED)],
    ),
    (
        "DELETE FROM audit_event WHERE id IN ({e11}, {e12}); DELETE FROM audit_link WHERE seq > 10",
        [Damage(11, Kind.TRUNCATED)],
    ),
]


@pytest.mark.parametrize(("sql", "expected"), TAMPERING)
def test_tampering_is_named_by_place_and_kind(clinic, sql, expected):
    names = {f"e{link.seq}": f"'{link.event_id}'::uuid" for link in Link.objects.all()}
    with as_superuser(clinic.schema_name) as raw:
        raw.execute("ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS audit_link_event_id_key")
        for statement in sql.split("; "):
            raw.execute(statement.format(**names))
    assert verify_chain() == expected


def test_an_inserted_event_is_named(clinic):
    with as_superuser(clinic.schema_name) as raw:
        raw.execute(
            "INSERT INTO audit_event (id, at, actor_kind, actor_id, on_behalf, verb, object_type, object_id, shown,"
            " ip_hash, agent_hash, body) SELECT gen_random_uuid(), at, actor_kind, actor_id, on_behalf, verb,"
            " object_type, object_id, shown, ip_hash, agent_hash, body FROM audit_event LIMIT 1"
        )
    assert [damage.kind for damage in verify_chain()] == [Kind.INSERTED]


def test_a_cut_tail_with_a_rewritten_head_is_caught_by_the_anchor(clinic):
    head = Head.objects.get()
    known = [Known(head.seq, bytes(head.hash))]
    kept = Link.objects.get(seq=PEOPLE - 3)
    with as_superuser(clinic.schema_name) as raw:
        raw.execute(
            "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_link WHERE seq > %s)", [kept.seq]
        )
        raw.execute("DELETE FROM audit_link WHERE seq > %s", [kept.seq])
        raw.execute("UPDATE audit_head SET seq = %s, hash = %s", [kept.seq, bytes(kept.hash)])
    assert verify_chain() == []
    assert verify_chain(known) == [Damage(kept.seq + 1, Kind.TRUNCATED)]


def test_many_writers_one_chain(clinic):
    def work() -> None:
        with enter(clinic):
            write(15)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Event.objects.count() == PEOPLE + 8 * 15
    assert verify_chain() == []


def test_reads_become_one_event_a_person_and_verb(clinic):
    person = uuid4()
    with trail(uuid4(), ip="203.0.113.9", agent="Browser") as opened:
        for _ in range(3):
            note_read("patient.viewed", by=VISITOR, on=("patients.person", str(person)), patient=person)
        note_read("visit.viewed", by=VISITOR, on=("scheduling.appointment", "1"), patient=person)
        note_list("patients.listed", by=VISITOR, kind="patients.person", shown=[person, uuid4()])
        from audit.trail import flush

        flush(opened)
    assert Event.objects.filter(patient_id=person).count() == 2
    listed = Event.objects.get(verb="patients.listed")
    assert person in listed.shown
    assert len(bytes(listed.ip_hash)) == 16
    assert b"203.0.113.9" not in bytes(listed.body)
    assert verify_chain() == []


def test_an_event_outside_a_transaction_is_refused(clinic):
    with pytest.raises(RuntimeError, match="transaction"):
        record("test.loose", by=VISITOR, on=("test.thing", "1"))


def test_anchors_are_signed_and_forgeries_refused(clinic, tmp_path):
    key = anchors.load_or_make_key(tmp_path / "anchor.pem")
    head = Head.objects.get()
    file = tmp_path / "anchors.jsonl"
    anchors.append(file, key, {"a": (head.seq, bytes(head.hash))}, at=datetime(2026, 1, 1, tzinfo=UTC))
    public = anchors.load_public_key(tmp_path / "anchor.pem.pub")
    assert anchors.read(file, public) == {"a": [Known(head.seq, bytes(head.hash))]}
    file.write_text(file.read_text().replace(f"[{head.seq},", f"[{head.seq - 1},"))
    with pytest.raises(anchors.AnchorForged):
        anchors.read(file, public)
