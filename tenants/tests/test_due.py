"""The due-queue: own rows only, claimed once, leased, healed."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from audit.actors import job
from tenants import due, tasks
from tenants.actions import reopen, suspend
from tenants.context import enter, enter_public

AT = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def test_what_is_due_is_claimed_once_and_leased(glow):
    ref, later = uuid4(), uuid4()
    with enter(glow.clinic):
        due.schedule("message", ref, AT)
        due.schedule("message", later, AT + timedelta(hours=1))
    with enter_public():
        assert due.claim(AT)[glow.clinic.schema_name, "message"] == [ref]
        assert due.claim(AT + timedelta(seconds=1)) == {}
        assert due.claim(AT + due.LEASE + timedelta(seconds=1)) == {
            (glow.clinic.schema_name, "message"): [ref]
        }


def test_a_second_schedule_moves_the_time(glow):
    ref = uuid4()
    with enter(glow.clinic):
        due.schedule("reminder", ref, AT)
        due.schedule("reminder", ref, AT + timedelta(days=1))
    with enter_public():
        assert due.claim(AT + timedelta(hours=1)) == {}


def test_one_queues_heap_does_not_stand_before_anothers_work(glow, monkeypatch):
    """A receiver that was away for a day: more late deliveries than one sweep takes, all older than the reminder."""
    monkeypatch.setattr(due, "BATCH", 3)
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(tasks, "send_to", lambda schema, task, refs: sent.append((task, refs)))
    reminder = uuid4()
    with enter(glow.clinic):
        for _ in range(9):
            due.schedule("webhook", uuid4(), AT - timedelta(days=1))
        due.schedule("reminder", reminder, AT)
    assert tasks.sweep_due() == 4
    assert ("scheduling.tasks.plan_reminders", [str(reminder)]) in sent


def test_a_suspended_clinics_work_waits_for_its_reopening(glow):
    ref = uuid4()
    with enter(glow.clinic):
        due.schedule("message", ref, AT)
    suspend(glow.clinic, "unpaid", job("test"))
    with enter_public():
        assert due.claim(AT) == {}
    reopen(glow.clinic, job("test"))
    with enter_public():
        assert due.claim(AT) == {(glow.clinic.schema_name, "message"): [ref]}


def test_a_clinic_sees_and_writes_its_own_rows_only(clinics):
    ref = uuid4()
    with enter(clinics.glow.clinic):
        due.schedule("message", ref, AT)
    with enter(clinics.rival.clinic), connection.cursor() as cursor:
        assert due.waiting("message", [ref]) == set()
        cursor.execute("SELECT count(*) FROM public.tenants_due")
        assert cursor.fetchone() == (0,)
        cursor.execute("DELETE FROM public.tenants_due")
        assert cursor.rowcount == 0
        with pytest.raises(Exception, match="row-level security"):
            cursor.execute(
                "INSERT INTO public.tenants_due (schema, kind, ref, due_at, state, attempts)"
                " VALUES (%s, 'message', %s, now(), 0, 0)",
                [clinics.glow.clinic.schema_name, uuid4()],
            )


@pytest.mark.own_clinic
def test_four_sweepers_never_take_the_same_row(new_clinic):
    clinic = new_clinic(cast=False).clinic
    refs = [uuid4() for _ in range(900)]
    with enter(clinic):
        for ref in refs:
            due.schedule("message", ref, AT)
    taken: list[object] = []

    def sweep() -> None:
        with enter_public():
            while found := due.claim(AT):
                taken.extend(found.get((clinic.schema_name, "message"), []))
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == Counter(refs)
