"""A patient books: everything that follows from it, everything that is refused, nothing stored half."""

from datetime import time, timedelta
from unittest import mock

import pytest

from audit.actors import VISITOR
from audit.models import Event
from core.problems import BaaRequired, Invalid, Unavailable
from messaging.models import ConsentDecision, Message
from patients.models import Person
from practice import actions as practice
from practice.queries import current_texts
from scheduling import actions
from scheduling.models import Appointment, Hold, ManageLink, Occupancy, Reminder
from scheduling.problems import HoldExpired, SlotExpired, SlotInvalid, SlotTaken
from scheduling.tests.visits import (
    AT,
    MONDAY,
    PATIENT,
    VIA,
    all_days_right,
    book,
    fresh,
    starts,
    token,
    visitor,
    wall,
)
from tenants.context import enter
from vault.models import SubjectKey

SMS = {"service_sms": True}


def counts():
    return {
        model: model.objects.count()
        for model in (
            Appointment,
            Person,
            Occupancy,
            Message,
            Event,
            ManageLink,
            Reminder,
            Hold,
            ConsentDecision,
        )
    } | {"keys": SubjectKey.objects.using("vault").count()}


@pytest.mark.promise("P40")
@pytest.mark.promise("P41")
def test_a_visit_stands_with_its_time_its_note_and_its_link(glow):
    with enter(glow.clinic):
        booked = book(glow.cast, notes="First time, a little nervous")
        visit = Appointment.objects.whole().get(uid=booked.appointment.uid)
        assert (visit.status, visit.starts_at, visit.revision) == ("booked", wall(glow.cast), 0)
        assert visit.ends_at - visit.starts_at == timedelta(minutes=30)
        assert (visit.service, visit.provider) == (glow.cast.services["botox"], glow.cast.providers["ines"])
        assert visit.room in glow.cast.rooms.values()
        assert visit.note == "First time, a little nervous"
        assert visit.price.as_json() == {"amount": 36_000, "currency": "USD"}
        assert (visit.person.name, visit.person.state) == ("Wanda Webb", "claimed")
        assert booked.manage_url == f"http://glow.localhost:8000/book/visit/{booked.manage_token}/"
        rows = Occupancy.objects.filter(appointment=visit)
        assert {row.resource_id for row in rows} == {visit.provider.resource_id, visit.room.resource_id}
        assert all(row.span.end == visit.ends_at + timedelta(minutes=10) for row in rows)
        all_days_right()


def test_the_note_and_the_name_are_sealed_in_the_table(glow):
    from django.db import connection

    with enter(glow.clinic):
        book(glow.cast, notes="Wanda's secret note")
        with connection.cursor() as cursor:
            cursor.execute("SELECT note FROM scheduling_appointment")
            assert all(b"secret" not in bytes(row[0]) for row in cursor.fetchall())


def test_confirmation_goes_by_mail_always_and_by_text_only_with_consent(glow):
    with enter(glow.clinic):
        silent = book(glow.cast)
        told = Message.objects.filter(about=silent.appointment.uid)
        assert [message.channel for message in told] == ["email"]
        version = current_texts()["service_sms"].version
        agreed = book(glow.cast, time(12), consents={**SMS, "text_version": version})
        told = Message.objects.filter(about=agreed.appointment.uid).order_by("channel")
        assert [message.channel for message in told] == ["email", "sms"]
        mail, text = told
        assert mail.to == "wanda@example.com"
        assert "Botox" not in mail.body + mail.subject_line + text.body
        assert "/book/visit/" in mail.body
        assert "/book/visit/" in text.body
        assert mail.attachments[0]["name"] == "visit.ics"
        decision = ConsentDecision.objects.get()
        assert (decision.granted, decision.text_version) == (True, version)
        assert decision.text_shown == current_texts()["service_sms"].text


def test_the_trail_says_who_booked_and_who_was_claimed(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        events = Event.objects.filter(patient_id=booked.appointment.person.uid)
        assert {event.verb for event in events} == {"person.claimed", "appointment.booked"}
        assert {event.actor_kind for event in events} == {"visitor"}


def test_a_taken_slot_is_refused_and_nothing_is_stored(glow):
    with enter(glow.clinic):
        book(glow.cast)
        before = counts()
        for at in (time(10), time(10, 15), time(9, 30)):
            with pytest.raises(SlotTaken):
                book(glow.cast, at)
        assert counts() == before
        book(glow.cast, time(10, 45))
        book(glow.cast, time(9, 15))
        all_days_right()


def test_losing_under_the_lock_leaves_no_key(glow):
    with enter(glow.clinic):
        book(glow.cast)
        before = counts()
        with mock.patch("scheduling.quick.refuse_if_surely_taken"), pytest.raises(SlotTaken) as caught:
            book(glow.cast)
        assert counts() == before
        assert [(clash.kind, clash.code) for clash in caught.value.clashes] == [("provider", "visit")]
        assert "10 am to 10:40 am" in str(caught.value.clashes[0].message)


def test_every_failure_is_listed(glow):
    with enter(glow.clinic):
        before = counts()
        with pytest.raises(Invalid) as caught:
            book(
                glow.cast,
                patient={**PATIENT, "first_name": "", "phone": "12", "date_of_birth": "2999-01-01"},
                consents=SMS,
                notes="x" * 3000,
                accepted_policy="of last year",
            )
        assert {(each["field"], each["code"]) for each in caught.value.errors} >= {
            ("patient.first_name", "missing"),
            ("patient.date_of_birth", "future"),
            ("consents.text_version", "missing"),
            ("accepted_policy", "outdated"),
            ("notes", "too_long"),
        }
        assert "patient.phone" in {each["field"] for each in caught.value.errors}
        assert counts() == before


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"consents": {"service_sms": True, "text_version": "0"}}, "consents.text_version", "outdated"),
        ({"consents": {"service_sms": "yes"}}, "consents.service_sms", "not_boolean"),
        ({"consents": ["sms"]}, "consents.service_sms", "not_boolean"),
        ({"patient": None}, "patient", "missing"),
        ({"patient": "Wanda"}, "patient", "missing"),
        ({"notes": "a\0b"}, "notes", "control_character"),
        ({"notes": 5}, "notes", "not_text"),
        ({"patient": {**PATIENT, "date_of_birth": "2010-01-01"}}, "patient.date_of_birth", "under_18"),
        ({"patient": {**PATIENT, "date_of_birth": "2020-01-01"}}, "patient.date_of_birth", "under_13"),
    ],
)
def test_one_failure_at_a_time(glow, given, field, code):
    with enter(glow.clinic):
        before = counts()
        with pytest.raises(Invalid) as caught:
            book(glow.cast, **given)
        assert [(each["field"], each["code"]) for each in caught.value.errors] == [(field, code)]
        assert counts() == before


def test_a_service_may_ask_for_more_years(glow):
    with enter(glow.clinic):
        service = fresh(glow.cast.services["botox"])
        service.min_age = 21
        service.save()
        with pytest.raises(Invalid) as caught:
            book(glow.cast, patient={**PATIENT, "date_of_birth": "2006-03-02"})  # 21 a day after the visit
        assert caught.value.errors[0]["code"] == "too_young"
        book(glow.cast, patient={**PATIENT, "date_of_birth": "2006-03-01"})


def test_forged_expired_and_past_slots(glow, rival):
    with enter(rival.clinic):
        foreign = token(rival.cast, provider="ines")
    with enter(glow.clinic):
        before = counts()
        with pytest.raises(SlotInvalid):
            book(glow.cast, slot=foreign)
        with pytest.raises(SlotInvalid):
            book(glow.cast, slot=token(glow.cast)[:-1] + "x")
        with pytest.raises(SlotExpired):
            book(glow.cast, slot=token(glow.cast, now=AT - timedelta(hours=1)))
        with pytest.raises(SlotInvalid):
            book(glow.cast, slot=token(glow.cast, day=AT.date() - timedelta(days=1)))
        assert counts() == before


def test_what_is_archived_or_closed_since_the_token_was_made(glow):
    with enter(glow.clinic):
        offer, by = token(glow.cast, "laser", "ines"), VISITOR
        practice.archive_room_or_device(fresh(glow.cast.rooms["laser"]), by=by, at=AT)
        with pytest.raises(SlotTaken) as caught:
            book(glow.cast, slot=offer)
        assert [clash.kind for clash in caught.value.clashes] == ["room"]
        offer = token(glow.cast)
        practice.close_location(glow.cast.location, MONDAY, MONDAY, by=by)
        with pytest.raises(SlotTaken) as caught:
            book(glow.cast, slot=offer)
        assert ("provider", "closed") in {(clash.kind, clash.code) for clash in caught.value.clashes}
        practice.archive_service(fresh(glow.cast.services["consultation"]), by=by, at=AT)
        with pytest.raises(SlotInvalid):
            book(glow.cast, service="consultation")


def test_no_baa_no_visit(glow):
    with enter(glow.clinic):
        before = counts()
        with mock.patch("vault.store.root_of", side_effect=BaaRequired), pytest.raises(BaaRequired):
            book(glow.cast)
        assert counts() == before


def test_with_the_vault_down_the_hold_stays(glow):
    with enter(glow.clinic):
        hold = actions.place_hold(token(glow.cast), visitor=visitor(), by=VISITOR, at=AT)
        before = counts()
        with (
            mock.patch("scheduling.actions.book.keep_key", side_effect=Unavailable),
            pytest.raises(Unavailable),
        ):
            book(glow.cast, hold=hold.uid)
        assert counts() == before
        assert book(glow.cast, hold=hold.uid).appointment.pk


# --- Holds ---------------------------------------------------------------------------------------------------


def test_a_hold_becomes_the_visit(glow):
    with enter(glow.clinic):
        hold = actions.place_hold(token(glow.cast, "laser"), visitor=visitor(), by=VISITOR, at=AT)
        assert hold.expires_at == AT + timedelta(minutes=5)
        with pytest.raises(SlotTaken):
            book(glow.cast, service="laser")
        visit = book(glow.cast, hold=hold.uid).appointment
        hold.refresh_from_db()
        assert (hold.state, hold.appointment_id) == ("used", visit.pk)
        assert (visit.room, visit.device) == (glow.cast.rooms["laser"], glow.cast.devices["laser"])
        assert {row.kind for row in Occupancy.objects.all()} == {"visit"}
        all_days_right()
        with pytest.raises(SlotTaken):
            book(glow.cast, hold=hold.uid)


def test_a_hold_that_ran_out_no_longer_stands_in_the_way(glow):
    with enter(glow.clinic):
        hold = actions.place_hold(token(glow.cast), visitor=visitor(), by=VISITOR, at=AT)
        later = hold.expires_at + timedelta(seconds=1)
        visit = book(glow.cast, now=later).appointment
        hold.refresh_from_db()
        assert hold.state == "expired"
        assert {row.appointment_id for row in Occupancy.objects.all()} == {visit.pk}
        with pytest.raises(SlotTaken):
            book(glow.cast, hold=hold.uid, now=later)
        all_days_right()


def test_who_types_too_long_still_gets_the_time_if_nobody_took_it(glow):
    with enter(glow.clinic):
        hold = actions.place_hold(token(glow.cast), visitor=visitor(), by=VISITOR, at=AT)
        assert book(glow.cast, hold=hold.uid, now=hold.expires_at + timedelta(minutes=2)).appointment.pk
        other = actions.place_hold(token(glow.cast, at=time(14)), visitor=visitor(), by=VISITOR, at=AT)
        with pytest.raises(HoldExpired):
            book(glow.cast, hold=other.uid, now=other.expires_at + timedelta(hours=2))
        all_days_right()


def test_any_two_starts_in_a_day_share_no_step(glow):
    with enter(glow.clinic):
        open_before = starts(glow.cast)
        book(glow.cast, via=VIA)
        open_after = starts(glow.cast)
        day = wall(glow.cast).date()
        assert len(open_after[day]) <= len(open_before[day])
        assert ("10:00", "Ines Ibarra, NP") not in open_after[day]
