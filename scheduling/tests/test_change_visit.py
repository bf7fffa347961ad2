"""A visit moves, is cancelled, goes its steps, and goes back."""

from datetime import time, timedelta

import pytest

from accounts.actors import actor_for
from audit.models import Event
from core.problems import Invalid, NotFound
from messaging.models import Message
from scheduling import access, actions
from scheduling.models import Appointment, ManageLink, Occupancy, Reminder
from scheduling.problems import NotInThatState, SlotInvalid, SlotTaken, TooLateToChange
from scheduling.tests.visits import (
    AT,
    HOUR,
    MINUTE,
    MONDAY,
    all_days_right,
    book,
    book_for,
    fresh,
    starts,
    token,
    wall,
)
from tenants.context import enter


def staff(house, role="front_desk"):
    user = house.cast.users[role]
    return {"by": actor_for(user), "user": user}


def states(visit):
    return sorted(Message.objects.filter(about=visit.uid).values_list("kind", "revision", "state"))


# --- Move ----------------------------------------------------------------------------------------------------


@pytest.mark.promise("P40")
def test_staff_moves_a_visit(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        moved = actions.move(
            visit,
            start=wall(glow.cast, time(10, 15)),
            provider=fresh(glow.cast.providers["sven"]),
            at=AT,
            **staff(glow),
        )
        assert (moved.pk, moved.revision) == (visit.pk, 1)
        assert moved.starts_at == wall(glow.cast, time(10, 15))
        assert moved.ends_at - moved.starts_at == timedelta(minutes=30)
        assert {row.resource_id for row in Occupancy.objects.filter(appointment=moved)} == {
            glow.cast.providers["sven"].resource_id,
            moved.room.resource_id,
        }
        all_days_right()
        # Not sent yet: the confirmation of the old time is void, the news waits out the grace.
        assert states(visit) == [("visit_booked", 0, "void"), ("visit_moved", 1, "queued")]
        news = Message.objects.get(about=visit.uid, kind="visit_moved")
        assert news.send_after == AT + timedelta(minutes=3)
        event = Event.objects.get(verb="appointment.moved")
        assert (event.actor_kind, event.patient_id) == ("staff", visit.person.uid)


def test_a_move_may_overlap_its_own_old_time_and_nobody_elses(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        other = book(glow.cast, time(12)).appointment
        moved = actions.move(visit, start=wall(glow.cast, time(10, 10)), at=AT, **staff(glow))
        before = (moved.starts_at, moved.revision, Occupancy.objects.count())
        with pytest.raises(SlotTaken) as caught:
            actions.move(moved, start=wall(glow.cast, time(11, 45)), at=AT, **staff(glow))
        assert [(clash.kind, clash.code) for clash in caught.value.clashes] == [("provider", "visit")]
        assert caught.value.clashes[0].start == other.starts_at
        again = Appointment.objects.get(pk=visit.pk)
        assert (again.starts_at, again.revision, Occupancy.objects.count()) == before
        all_days_right()


def test_staff_moves_out_of_hours_only_over_a_reason(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        with pytest.raises(SlotTaken) as caught:
            actions.move(visit, start=wall(glow.cast, time(19)), at=AT, **staff(glow))
        assert {(clash.kind, clash.code) for clash in caught.value.clashes} == {
            ("provider", "closed"),
            ("room", "none_free"),
        }
        moved = actions.move(
            visit,
            start=wall(glow.cast, time(19)),
            at=AT,
            override_reason="She can only come late",
            **staff(glow),
        )
        assert moved.is_override
        all_days_right()


def test_the_living_link_moves_the_visit_and_the_old_links_follow(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        visit = booked.appointment
        actions.move_by_link(booked.manage_token, slot=token(glow.cast, provider="nora", at=time(15)), at=AT)
        seen = access.by_manage_token(booked.manage_token)
        assert (seen.pk, seen.starts_at, seen.revision) == (visit.pk, wall(glow.cast, time(15)), 1)
        news = Message.objects.get(about=visit.uid, kind="visit_moved")
        assert news.send_after == AT  # the patient did it, so the answer comes at once
        assert ManageLink.objects.filter(appointment=visit).count() > 1
        actions.cancel_by_link(booked.manage_token, at=AT + HOUR)
        assert access.by_manage_token(booked.manage_token).status == "cancelled"
        assert [row.revision for row in Reminder.objects.filter(appointment=visit, state="waiting")] == []
        all_days_right()


def test_a_link_moves_only_to_its_own_service_and_a_free_time(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        book(glow.cast, time(12))
        with pytest.raises(SlotInvalid):
            actions.move_by_link(
                booked.manage_token, slot=token(glow.cast, "consultation", at=time(15)), at=AT
            )
        with pytest.raises(SlotTaken):
            actions.move_by_link(booked.manage_token, slot=token(glow.cast, at=time(12)), at=AT)
        for wrong in ("", "x" * 43, "ü", "x" * 500, booked.manage_token[:-1]):
            with pytest.raises(NotFound):
                actions.move_by_link(wrong, slot=token(glow.cast, at=time(15)), at=AT)


def test_too_late_to_change_online_says_whom_to_call(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        late = booked.appointment.starts_at - 24 * HOUR + MINUTE
        with pytest.raises(TooLateToChange) as caught:
            actions.cancel_by_link(booked.manage_token, at=late)
        assert "(512) 555-0142" in str(caught.value.detail)
        with pytest.raises(TooLateToChange):
            actions.move_by_link(booked.manage_token, slot=token(glow.cast, at=time(15), now=late), at=late)
        assert actions.cancel(
            booked.appointment, reason="called", by=actor_for(glow.cast.desk), at=late
        ).is_cancelled


# --- Cancel --------------------------------------------------------------------------------------------------


def test_a_cancelled_visit_frees_its_time_and_keeps_its_record(glow):
    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        cancelled = actions.cancel(visit, reason="Has a cold", by=actor_for(glow.cast.desk), at=AT)
        assert (cancelled.status, cancelled.cancel_reason, cancelled.revision) == (
            "cancelled",
            "Has a cold",
            1,
        )
        assert not Occupancy.objects.filter(appointment=visit).exists()
        assert "10:00" in [
            at for at, _ in starts(glow.cast, provider=glow.cast.providers["ines"].uid)[MONDAY]
        ]
        all_days_right()
        book(glow.cast)
        with pytest.raises(NotInThatState):
            actions.cancel(visit, reason="again", by=actor_for(glow.cast.desk), at=AT)
        with pytest.raises(Invalid):
            actions.cancel(visit, reason=" ", by=actor_for(glow.cast.desk), at=AT)


# --- Steps ---------------------------------------------------------------------------------------------------


@pytest.mark.promise("P46")
def test_the_steps_of_a_day(glow):
    with enter(glow.clinic):
        by = actor_for(glow.cast.desk)
        visit = book_for(glow.cast).appointment
        at = visit.starts_at
        visit = actions.confirm(visit, by=by, at=at - HOUR)
        visit = actions.check_in(visit, by=by, at=at - MINUTE)
        visit = actions.start(visit, by=by, at=at)
        visit = actions.complete(visit, by=by, at=at + 30 * MINUTE)
        visit.refresh_from_db()
        assert visit.status == "done"
        assert [visit.confirmed_at, visit.arrived_at, visit.started_at, visit.done_at] == [
            at - HOUR,
            at - MINUTE,
            at,
            at + 30 * MINUTE,
        ]
        visit.person.refresh_from_db()
        assert visit.person.last_visit_at == at
        verbs = list(Event.objects.filter(patient_id=visit.person.uid).values_list("verb", flat=True))
        assert {f"appointment.{each}" for each in ("confirmed", "arrived", "in_room", "done")} <= set(verbs)
        for verb in (actions.confirm, actions.check_in, actions.start, actions.complete, actions.no_show):
            with pytest.raises(NotInThatState):
                verb(visit, by=by, at=at + HOUR)


def test_nobody_is_missing_before_the_start(glow):
    with enter(glow.clinic):
        by = actor_for(glow.cast.desk)
        visit = book_for(glow.cast).appointment
        with pytest.raises(NotInThatState):
            actions.no_show(visit, by=by, at=visit.starts_at - MINUTE)
        assert actions.no_show(visit, by=by, at=visit.starts_at + 20 * MINUTE).status == "no_show"


# --- Undo ----------------------------------------------------------------------------------------------------


def test_undo_takes_a_step_back_once_and_not_for_long(glow):
    with enter(glow.clinic):
        who = staff(glow)
        visit = book_for(glow.cast).appointment
        at = visit.starts_at
        arrived = actions.check_in(visit, by=who["by"], at=at)
        back = actions.undo_last(arrived, at=at + MINUTE, **who)
        assert (back.status, back.arrived_at) == ("booked", None)
        with pytest.raises(NotInThatState):
            actions.undo_last(back, at=at + MINUTE, **who)
        arrived = actions.check_in(back, by=who["by"], at=at)
        with pytest.raises(NotInThatState):
            actions.undo_last(arrived, at=at + 10 * MINUTE, **who)


def test_undoing_a_cancellation_in_time_tells_nobody_anything(glow):
    with enter(glow.clinic):
        who = staff(glow)
        visit = book_for(glow.cast).appointment
        cancelled = actions.cancel(visit, reason="wrong visit", by=who["by"], at=AT)
        back = actions.undo_last(cancelled, at=AT + MINUTE, **who)
        assert (back.status, back.revision, back.cancelled_at, back.cancel_reason) == ("booked", 2, None, "")
        assert ("visit_cancelled", 1, "void") in states(visit)
        assert not Message.objects.filter(about=visit.uid, state="queued").exists()
        assert Occupancy.objects.filter(appointment=visit).count() == 3
        assert Reminder.objects.filter(appointment=visit, revision=2, state="waiting").count() == 2
        all_days_right()


def test_undoing_a_cancellation_after_somebody_took_the_time(glow):
    with enter(glow.clinic):
        who = staff(glow)
        visit = book_for(glow.cast).appointment
        cancelled = actions.cancel(visit, reason="wrong visit", by=who["by"], at=AT)
        book(glow.cast)
        with pytest.raises(SlotTaken):
            actions.undo_last(cancelled, at=AT + MINUTE, **who)
        assert fresh(visit).status == "cancelled"


def test_undoing_a_move(glow):
    with enter(glow.clinic):
        who = staff(glow)
        visit = book_for(glow.cast).appointment
        moved = actions.move(
            visit, start=wall(glow.cast, time(14)), provider=fresh(glow.cast.providers["nora"]), at=AT, **who
        )
        back = actions.undo_last(moved, at=AT + MINUTE, **who)
        assert (back.starts_at, back.provider, back.revision) == (
            wall(glow.cast),
            glow.cast.providers["ines"],
            2,
        )
        assert not Message.objects.filter(about=visit.uid, state="queued", kind="visit_moved").exists()
        all_days_right()
