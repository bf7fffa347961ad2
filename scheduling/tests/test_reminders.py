"""Reminders: on time, once, of the visit as it stands; late and stale ones never leave."""

from datetime import time, timedelta
from unittest import mock

import pytest

from accounts.actors import actor_for
from messaging.models import Message
from practice import actions as practice
from practice.queries import current_texts
from scheduling import actions, tasks
from scheduling.models import Reminder
from scheduling.tests.visits import AT, HOUR, MINUTE, book, book_for, fresh, wall
from tenants import due
from tenants.context import enter


def run(reminder, at):
    with mock.patch("scheduling.tasks.now", return_value=at):
        tasks.plan_reminders.run([str(reminder.uid)])


def of(visit, kind):
    return Reminder.objects.get(appointment=visit, kind=kind, revision=visit.revision)


def texted(cast, **given):
    consents = {"service_sms": True, "text_version": current_texts()["service_sms"].version}
    return book(cast, consents=consents, **given).appointment


@pytest.mark.promise("P47")
def test_a_reminder_goes_by_the_channels_of_the_clinics_setting(glow):
    with enter(glow.clinic):
        visit = texted(glow.cast)
        day, three = of(visit, "24h"), of(visit, "72h")
        assert (day.due_at, three.due_at) == (visit.starts_at - 24 * HOUR, visit.starts_at - 72 * HOUR)
        assert due.waiting("reminder", [day.uid, three.uid]) == {day.uid, three.uid}
        run(three, three.due_at)
        run(day, day.due_at)
        run(day, day.due_at)  # handed over twice
        sent = Message.objects.filter(about=visit.uid, kind="visit_reminder").order_by("id")
        assert [(message.channel, message.dedupe_key) for message in sent] == [
            ("email", f"{visit.uid}:72h:email:0"),
            ("email", f"{visit.uid}:24h:email:0"),
            ("sms", f"{visit.uid}:24h:sms:0"),
        ]
        assert {message.purpose for message in sent} == {"reminder"}
        assert {message.send_before for message in sent} == {visit.starts_at}
        assert fresh(day).state == "planned"
        assert due.waiting("reminder", [day.uid, three.uid]) == set()


def test_no_text_without_consent(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        run(of(visit, "24h"), visit.starts_at - 24 * HOUR)
        assert [message.channel for message in Message.objects.filter(kind="visit_reminder")] == ["email"]


def test_a_move_makes_the_old_reminders_void(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        stale = of(booked.appointment, "24h")
        run(of(booked.appointment, "72h"), AT)
        visit = actions.move(
            booked.appointment,
            start=wall(glow.cast, time(15)),
            by=actor_for(glow.cast.desk),
            user=glow.cast.desk,
            at=AT,
        )
        assert fresh(stale).state == "void"
        assert due.waiting("reminder", [stale.uid]) == set()
        assert of(visit, "24h").due_at == visit.starts_at - 24 * HOUR
        assert Message.objects.get(kind="visit_reminder", revision=0).state == "void"
        # Even if its row in the queue had been claimed already.
        Reminder.objects.filter(pk=stale.pk).update(state="waiting")
        run(stale, stale.due_at)
        assert fresh(stale).state == "void"
        assert not Message.objects.filter(kind="visit_reminder", state="queued").exists()


def test_a_cancelled_visit_is_not_reminded_of(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        reminder = of(visit, "24h")
        actions.cancel(visit, reason="ill", by=actor_for(glow.cast.desk), at=AT)
        Reminder.objects.filter(pk=reminder.pk).update(state="waiting")
        run(reminder, reminder.due_at)
        assert fresh(reminder).state == "void"
        assert not Message.objects.filter(kind="visit_reminder").exists()


@pytest.mark.parametrize(
    ("late", "state"), [(0, "planned"), (12 * 60, "planned"), (12 * 60 + 1, "dropped"), (24 * 60, "dropped")]
)
def test_late_reminders_are_dropped(glow, late, state):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        reminder = of(visit, "24h")
        run(reminder, reminder.due_at + late * MINUTE)
        assert fresh(reminder).state == state
        assert Message.objects.filter(kind="visit_reminder").exists() == (state == "planned")


def test_a_visit_booked_late_gets_only_what_is_still_ahead(glow):
    with enter(glow.clinic):
        visit = book(glow.cast, now=wall(glow.cast) - 30 * HOUR).appointment
        assert [reminder.kind for reminder in Reminder.objects.filter(appointment=visit)] == ["24h"]
        visit = book(glow.cast, time(14), now=wall(glow.cast) - 3 * HOUR).appointment
        assert not Reminder.objects.filter(appointment=visit).exists()


def test_reconciliation_plans_what_was_lost(glow):
    with enter(glow.clinic):
        visit = book_for(glow.cast).appointment
        other = book_for(glow.cast, time(12)).appointment
        Reminder.objects.filter(appointment=visit).delete()
        due.cancel("reminder", list(Reminder.objects.filter(appointment=other).values_list("uid", flat=True)))
        with mock.patch("scheduling.tasks.now", return_value=AT + MINUTE):
            tasks.reconcile.run()
            tasks.reconcile.run()
        for each in (visit, other):
            uids = set(Reminder.objects.filter(appointment=each).values_list("uid", flat=True))
            assert len(uids) == 2
            assert due.waiting("reminder", list(uids)) == uids


def test_the_clinic_sets_how_long_before(glow):
    with enter(glow.clinic):
        practice.update_profile(
            by=actor_for(glow.cast.owner), reminder_offsets_hours=[{"hours": 48, "channels": ["email"]}]
        )
        visit = book(glow.cast).appointment
        assert [(row.kind, row.due_at) for row in Reminder.objects.filter(appointment=visit)] == [
            ("48h", visit.starts_at - timedelta(hours=48))
        ]


def test_the_words_are_in_the_patients_language_and_name_no_treatment(glow):
    with enter(glow.clinic):
        from scheduling.tests.visits import PATIENT

        visit = texted(glow.cast, patient={**PATIENT, "language": "es"})
        run(of(visit, "24h"), visit.starts_at - 24 * HOUR)
        for message in Message.objects.filter(about=visit.uid):
            assert "Botox" not in message.body + message.subject_line
            assert "/book/visit/" in message.body


# --- C to confirm --------------------------------------------------------------------------------------------


def answered(glow, body, subjects, at):
    from scheduling import listeners

    message = Message.objects.filter(channel="sms").order_by("-id").first()
    inbound = mock.Mock(body=body, uid=message.uid, to="+15125550188")
    listeners.answer_message(None, message=inbound, intent=None, subjects=subjects, at=at)


def test_c_confirms_the_one_visit_ahead(glow):
    with enter(glow.clinic):
        visit = texted(glow.cast)
        answered(glow, " C! ", [visit.person.uid], AT + HOUR)
        assert fresh(visit).status == "confirmed"
        reply = Message.objects.get(kind="visit_confirmed")
        assert "confirmed" in reply.body
        answered(glow, "hello there", [visit.person.uid], AT + HOUR)
        assert Message.objects.filter(kind="visit_confirmed").count() == 1


def test_with_two_visits_we_ask_which(glow):
    with enter(glow.clinic):
        first = texted(glow.cast)
        second = texted(glow.cast, at=time(14))
        people = [first.person.uid, second.person.uid]
        answered(glow, "c", people, AT + HOUR)
        assert {fresh(first).status, fresh(second).status} == {"booked"}
        assert "C 2:" in Message.objects.get(kind="which_visit").body
        Message.objects.filter(kind="which_visit").update(dedupe_key="asked")
        answered(glow, "C 2", people, AT + HOUR)
        assert (fresh(first).status, fresh(second).status) == ("booked", "confirmed")
