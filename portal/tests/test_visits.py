"""A patient's own visits: seen, kept in a calendar, moved, called off, and booked again without typing anything."""

from datetime import time, timedelta

import pytest

from audit.models import Event
from core.ids import uuid7
from messaging.actions import record_consent
from messaging.models import Message
from patients.models import Person
from practice.models import Service
from scheduling.models import Appointment, Occupancy, Status
from scheduling.tests.browsing import AT, hidden, plain, time_path
from scheduling.tests.visits import all_days_right, book_for, fresh, token, wall
from tenants.context import enter
from tests.cast import BY

pytestmark = pytest.mark.usefixtures("friday")


@pytest.fixture
def visit(glow):
    with enter(glow.clinic):
        return book_for(glow.cast, time(10), now=AT).appointment


def test_the_home_shows_the_next_visit_and_those_after(pat, glow, visit):
    with enter(glow.clinic):
        book_for(glow.cast, time(14), service="facial", now=AT)
    read = plain(pat.get("/portal/"))
    assert "Good morning, Pat." in read
    assert "10:00 – 10:30 am" in read
    assert "with Ines Ibarra, NP" in read
    assert "After that" in read
    assert "Peel and mask" in read


def test_a_home_without_anything_says_what_to_do(pat):
    read = plain(pat.get("/portal/"))
    assert "No visit ahead" in read
    assert "Book a visit" in read
    assert "What the clinic writes to you is kept here." in read


def test_the_list_has_what_is_ahead_and_what_was(pat, glow, visit):
    with enter(glow.clinic):
        Appointment.objects.filter(pk=visit.pk).update(
            starts_at=AT - timedelta(days=30),
            ends_at=AT - timedelta(days=30, minutes=-30),
            status=Status.DONE,
        )
        book_for(glow.cast, time(15), now=AT)
    page = pat.get("/portal/visits/")
    read = plain(page)
    assert read.index("Ahead") < read.index("3:00 – 3:30 pm") < read.index("Before") < read.index("2027")
    assert f"/book/{glow.cast.services['botox'].uid}/" in page


def test_a_visit_is_told_as_by_its_link_but_without_one(pat, visit):
    page = pat.get(f"/portal/visits/{visit.uid}/")
    assert "Mon 1 Mar" in plain(page)
    assert "Keep the link to this page" not in page
    assert "/book/visit/" not in page
    assert f"/portal/visits/{visit.uid}/move/" in page


def test_the_calendar_entry_leads_back_to_the_portal(pat, visit):
    entry = pat.client.get(f"/portal/visits/{visit.uid}/visit.ics")
    assert entry["Content-Type"].startswith("text/calendar")
    assert f"/portal/visits/{visit.uid}/" in entry.content.decode().replace("\r\n ", "")


@pytest.mark.promise("P159")
@pytest.mark.parametrize("page", ["", "visit.ics", "move/", "cancel/"])
def test_anothers_visit_looks_like_one_that_does_not_exist(pat, quinn, glow, visit, page):
    other = quinn.get(f"/portal/visits/{visit.uid}/{page}", 404)
    none = quinn.get(f"/portal/visits/{uuid7()}/{page}", 404)
    assert other == none
    with enter(glow.clinic):
        assert not Event.objects.filter(
            patient_id=glow.cast.pat.uid, actor_id=str(glow.cast.people["quinn"].uid)
        ).exists()


def test_a_visit_moves_through_the_same_gate(pat, glow, visit):
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(16), now=AT)
    pat.get(f"/portal/visits/{visit.uid}/move/")
    pat.post(f"/portal/visits/{visit.uid}/move/?with=any", {"slot": slot})
    assert pat.path == f"/portal/visits/{visit.uid}/?done=moved"
    assert "Your visit has moved, Pat." in plain(pat.get(pat.path))
    with enter(glow.clinic):
        moved = fresh(visit)
        assert (moved.starts_at, moved.revision) == (wall(glow.cast, time(16)), 1)
        assert Message.objects.filter(about=visit.uid, kind="visit_moved").exists()
        event = Event.objects.get(verb="appointment.moved")
        assert (event.actor_kind, event.actor_id) == ("patient", str(glow.cast.pat.uid))
        all_days_right()


def test_a_time_that_was_just_taken_is_refused_and_nothing_changes(pat, glow, visit):
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(16), now=AT)
        for name in glow.cast.providers:
            book_for(
                glow.cast,
                time(16),
                provider=name,
                service="consultation",
                person=None,
                new_person={"first_name": "N", "last_name": name},
                now=AT,
            )
    page = pat.post(f"/portal/visits/{visit.uid}/move/?with=any", {"slot": slot}, 409)
    assert "4:00 pm was just taken." in plain(page)
    with enter(glow.clinic):
        assert fresh(visit).starts_at == visit.starts_at


def test_a_visit_is_called_off(pat, glow, visit):
    read = plain(pat.get(f"/portal/visits/{visit.uid}/cancel/"))
    assert "Cancel this visit?" in read
    pat.post(f"/portal/visits/{visit.uid}/cancel/", {"reason": "I am ill"})
    assert "This visit is cancelled." in plain(pat.get(pat.path))
    with enter(glow.clinic):
        gone = fresh(visit)
        assert (gone.status, gone.cancel_reason) == (Status.CANCELLED, "I am ill")
        assert Event.objects.get(verb="appointment.cancelled").actor_kind == "patient"


def test_too_late_is_too_late_here_too(pat, glow, visit, friday):
    friday.move_to(visit.starts_at - timedelta(hours=23))
    late = type(pat)(glow, glow.cast.pat)
    for verb in ("move", "cancel"):
        assert "Please call us to change this" in plain(late.get(f"/portal/visits/{visit.uid}/{verb}/"))
    late.post(f"/portal/visits/{visit.uid}/cancel/", {}, 409)
    with enter(glow.clinic):
        assert fresh(visit).status == Status.BOOKED


def test_a_visit_is_confirmed(pat, glow, visit):
    pat.post(f"/portal/visits/{visit.uid}/confirm/")
    with enter(glow.clinic):
        assert fresh(visit).status == Status.CONFIRMED


# --- Booking while signed in ---------------------------------------------------------------------------------


def hold(patient, glow, at=time(11)) -> str:
    patient.client.get("/book/")
    with enter(glow.clinic):
        slot = token(glow.cast, at=at, now=AT)
    patient.post(time_path(glow.cast), {"slot": slot})
    return patient.path


def test_whom_we_know_books_without_typing_and_stays_one_person(pat, glow):
    with enter(glow.clinic):
        before = Person.objects.count()
    path = hold(pat, glow)
    page = pat.get(path)
    assert "We know you already; only these are left." in page
    assert "Pat Peterson" in page
    assert 'name="first_name"' not in page
    pat.post(path, {**hidden(page), "notes": "Left side first"})
    with enter(glow.clinic):
        visit = Appointment.objects.get(person=glow.cast.pat)
        assert pat.path == f"/portal/visits/{visit.uid}/?done=booked"
        assert Person.objects.count() == before
        assert (visit.note, visit.booked_by) == ("Left side first", f"patient:{glow.cast.pat.uid}")
        resources = set(Occupancy.objects.filter(appointment=visit).values_list("resource_id", flat=True))
        assert glow.cast.pat.resource_id in resources
        all_days_right()
    assert "You’re booked, Pat." in plain(pat.get(pat.path))


def test_two_visits_at_once_are_refused_and_said_so(pat, glow, visit):
    path = hold_with(pat, glow, "nora")
    page = pat.get(path)
    answer = pat.post(path, hidden(page), 409)
    assert "There is another visit of yours at this time." in plain(answer)
    with enter(glow.clinic):
        assert Appointment.objects.filter(person=glow.cast.pat).count() == 1


def hold_with(patient, glow, provider: str) -> str:
    patient.client.get("/book/")
    with enter(glow.clinic):
        slot = token(glow.cast, provider=provider, at=time(10), now=AT)
    patient.post(time_path(glow.cast), {"slot": slot})
    return patient.path


def test_texts_agreed_to_before_are_ticked(pat, glow):
    assert "checked" not in pat.get(hold(pat, glow, time(12)))
    with enter(glow.clinic):
        record_consent("sms", glow.cast.pat.phone, granted=True, text_version="x", by=BY, at=AT)
    path = hold(pat, glow, time(13))
    page = pat.get(path)
    assert "checked" in page
    pat.post(path, {**hidden(page), "service_sms": "on"})
    with enter(glow.clinic):
        assert Appointment.objects.get(person=glow.cast.pat).service_sms != ""


def test_who_is_not_signed_in_is_offered_to_be(glow, browser_of):
    path = hold(browser_of, glow, time(9))
    page = browser_of.get(path)
    here = path.partition("?")[0].replace("/", "%2F")
    assert f"/portal/sign-in/?next={here}" in page
    assert 'name="first_name"' in page


@pytest.fixture
def browser_of(glow):
    from scheduling.tests.browsing import Browser

    return Browser(glow)


def test_a_treatment_that_is_not_booked_online_is_not_offered_again(pat, glow, visit):
    with enter(glow.clinic):
        Service.objects.filter(pk=glow.cast.services["botox"].pk).update(online=False)
        Appointment.objects.filter(pk=visit.pk).update(
            starts_at=AT - timedelta(days=3), ends_at=AT - timedelta(days=3, minutes=-30), status=Status.DONE
        )
    assert "Book again" not in pat.get("/portal/visits/")


@pytest.mark.parametrize("path", ["/portal/", "/portal/visits/", "/portal/messages/", "/portal/record/"])
def test_every_look_is_in_the_trail_as_the_patients(pat, glow, visit, path):
    pat.get(path)
    with enter(glow.clinic):
        seen = Event.objects.filter(actor_kind="patient", patient_id=glow.cast.pat.uid)
        assert seen.exists()
        assert {event.actor_id for event in seen} == {str(glow.cast.pat.uid)}
