"""The desk books: found or new patients, every conflict told, overrides with right and reason, time off."""

from datetime import time, timedelta

import pytest

from accounts.actors import actor_for
from audit.models import Event
from core.problems import Forbidden, Invalid
from messaging.models import Message
from scheduling import actions
from scheduling.models import Occupancy
from scheduling.problems import SlotTaken
from scheduling.tests.visits import (
    AT,
    MONDAY,
    all_days_right,
    book,
    book_for,
    fresh,
    wall,
)
from tenants.context import enter


def test_the_desk_books_any_start_for_a_found_or_a_new_patient(glow):
    with enter(glow.clinic):
        booked = book_for(glow.cast, time(10, 7), notes="by phone")
        assert booked.appointment.person == glow.cast.pat
        assert booked.appointment.booked_via == "desk"
        assert Message.objects.get(about=booked.appointment.uid).send_after == AT + timedelta(minutes=3)
        new = book_for(
            glow.cast,
            time(12),
            new_person={"first_name": "Nina", "last_name": "New", "phone": "+15125550155"},
        )
        assert new.appointment.person.is_verified
        with pytest.raises(Invalid) as caught:
            book_for(glow.cast, time(13), new_person={"first_name": "", "last_name": ""}, notes="x" * 2001)
        assert {each["field"] for each in caught.value.errors} == {
            "patient.first_name",
            "patient.last_name",
            "notes",
        }
        with pytest.raises(Invalid):
            book_for(glow.cast, time(13), service="laser", provider="nora")
        with pytest.raises(Invalid):
            book_for(glow.cast, time(13), day=MONDAY - timedelta(days=30))


def test_a_known_patient_is_not_in_two_places(glow):
    with enter(glow.clinic):
        book_for(glow.cast, time(10), service="consultation")
        with pytest.raises(SlotTaken) as caught:
            book_for(glow.cast, time(10, 15), provider="sven", service="consultation")
        assert [(clash.kind, clash.code) for clash in caught.value.clashes] == [("patient", "visit")]
        # Somebody who only says who she is learns nothing of it (ruling 11).
        pat = {
            "first_name": "Pat",
            "last_name": "Peterson",
            "email": "pat@example.com",
            "phone": "+15125550123",
            "date_of_birth": "1988-04-23",
        }
        assert book(
            glow.cast, time(10, 15), provider="sven", service="consultation", patient=pat
        ).appointment.pk


def test_every_conflict_is_told_to_the_desk(glow):
    with enter(glow.clinic):
        cast = glow.cast
        book_for(cast, time(10), service="laser", person=cast.people["quinn"])
        book_for(cast, time(11), service="consultation", provider="sven")
        with pytest.raises(SlotTaken) as caught:
            book_for(cast, time(10, 30), service="laser", provider="sven")
        assert {(clash.kind, clash.code) for clash in caught.value.clashes} == {
            ("provider", "visit"),
            ("room", "none_free"),
            ("device", "none_free"),
            ("patient", "visit"),
        }
        assert len(caught.value.errors) == 4


def test_an_override_needs_the_right_and_a_reason_and_is_seen(glow):
    with enter(glow.clinic):
        cast = glow.cast
        first = book_for(cast).appointment
        given = {"person": cast.people["quinn"], "override_reason": "Sisters, treated together"}
        with pytest.raises(Forbidden):
            book_for(cast, user=cast.users["provider"], **given)
        second = book_for(cast, **given).appointment
        assert (second.is_override, second.override_reason) == (True, "Sisters, treated together")
        lanes = Occupancy.objects.filter(resource=cast.providers["ines"].resource_id).order_by("lane")
        assert [(row.lane, row.appointment_id) for row in lanes] == [(0, first.pk), (1, second.pk)]
        event = Event.objects.get(verb="appointment.booked_over_conflict")
        assert event.actor_id == str(cast.desk.pk)
        # The first goes: its lane is empty, the time is still taken.
        actions.cancel(first, reason="ill", by=actor_for(cast.desk), at=AT)
        all_days_right()
        with pytest.raises(SlotTaken):
            book(cast)
        plain = book_for(cast, time(14), override_reason="just in case").appointment
        assert not plain.is_override


def test_a_reason_cannot_conjure_up_a_room(glow):
    from practice import actions as practice

    with enter(glow.clinic):
        practice.archive_room_or_device(fresh(glow.cast.rooms["laser"]), by=actor_for(glow.cast.owner), at=AT)
        with pytest.raises(SlotTaken) as caught:
            book_for(glow.cast, service="laser", override_reason="please")
        assert [clash.kind for clash in caught.value.clashes] == ["room"]


def test_time_off_stands_beside_what_was_there(glow):
    from core.spans import Span

    with enter(glow.clinic):
        cast, by = glow.cast, actor_for(glow.cast.owner)
        visit = book(cast).appointment
        away = actions.take_time_off(
            fresh(cast.providers["ines"]),
            span=Span(wall(cast, time(9)), wall(cast, time(13))),
            reason="flu",
            by=by,
            at=AT,
        )
        assert fresh(visit).status == "booked"
        with pytest.raises(SlotTaken) as caught:
            book_for(cast, time(11))
        assert [(clash.kind, clash.code) for clash in caught.value.clashes] == [("provider", "time_off")]
        assert book_for(cast, time(11), override_reason="comes in for this").appointment.is_override
        all_days_right()
        actions.end_time_off(away, by=by, at=AT)
        all_days_right()
        book(cast, time(12))


def test_a_person_verified_later_becomes_busy_with_the_visits_she_has(glow):
    from unittest import mock

    from patients.actions import verify_person

    with enter(glow.clinic):
        visit = book(glow.cast).appointment
        with mock.patch("scheduling.listeners.now", return_value=AT):
            person = verify_person(visit.person, by=actor_for(glow.cast.desk))
        row = Occupancy.objects.get(resource=person.resource_id)
        assert (row.span, row.lane) == (visit.span, 0)
        with pytest.raises(SlotTaken):
            book_for(glow.cast, time(10, 15), provider="sven", service="consultation", person=person)
