"""The details, and the booking: every failure at once, nothing typed lost, nothing booked twice."""

import re
from datetime import date, time, timedelta
from unittest import mock

import pytest

from core.problems import BaaRequired
from messaging.models import ConsentDecision
from patients.models import Person
from practice import actions as practice
from scheduling.models import Appointment, Status
from scheduling.patient_pages import details
from scheduling.tests.browsing import AT, TYPED, book_wanda, found, hidden, plain, the_hold
from scheduling.tests.visits import token
from tenants.context import enter

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.promise("P40")
def test_details_book_the_visit_and_lead_to_the_living_link(browser, glow):
    path = browser.book()
    assert re.fullmatch(r"/book/visit/[\w-]{43}/\?done=booked", path)
    with enter(glow.clinic):
        booked = Appointment.objects.whole().get()
        person = booked.person
        assert (person.first_name, person.last_name) == ("Elena", "Marsh-Villanueva")
        assert (person.email, person.phone) == ("elena@example.com", "+34612555014")
        assert person.date_of_birth == date(1988, 6, 14)
        assert (booked.status, booked.booked_via) == (Status.BOOKED, "web")
        assert booked.service_sms == ""
        assert booked.policy_version != ""


def test_the_form_asks_before_it_texts(browser, glow):
    page = browser.get(browser.hold())
    assert "Message and data rates may apply. Reply STOP to stop, HELP for help." in page
    assert re.search(r'<input type="checkbox" name="service_sms"[^>]*>', page)
    assert "checked" not in page
    assert hidden(page).keys() == {"text_version", "policy_version"}
    assert "You may move or cancel without charge until 24 hours before your visit." in page


@pytest.mark.promise("P44")
def test_consent_is_kept_with_the_version_that_was_shown(browser, glow):
    path = browser.hold()
    versions = hidden(browser.get(path))
    browser.post(path, {**TYPED, **versions, "service_sms": "on"})
    with enter(glow.clinic):
        assert Appointment.objects.get().service_sms == versions["text_version"]
        assert ConsentDecision.objects.filter(text_version=versions["text_version"]).exists()
    assert "and a text to your phone" in plain(browser.get(browser.path))


def test_every_failure_is_listed_and_nothing_typed_is_lost(browser, glow):
    path = browser.hold()
    typed = {
        "first_name": "Elena",
        "last_name": " ",
        "phone": "+34 612 555 0",
        "email": "elena.example.com",
        "date_of_birth": "06 / 14",
        "notes": "Nut allergy",
    }
    page = browser.post(path, {**typed, **hidden(browser.get(path))}, 422)
    read = plain(page)
    assert "4 things need a look." in read
    assert "Last name: Enter your last name." in read
    assert "this one has 7: 2 digits are missing" in read
    assert "Email: This email address is missing its @ sign." in read
    assert "Date of birth: Add the year, for example 06/14/1988." in read
    for value in ("Elena", "+34 612 555 0", "elena.example.com", "06 / 14"):
        assert f'value="{value}"' in page
    assert "Nut allergy</textarea>" in page
    assert page.count('aria-invalid="true"') == 4
    assert 'role="alert"' in page
    with enter(glow.clinic):
        assert Appointment.objects.count() == 0
        assert the_hold().is_live(AT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"date_of_birth": "06/14/2010"}, "for people of 18 and older"),
        ({"date_of_birth": "06/14/2020"}, "children under 13"),
        ({"date_of_birth": "06/14/2099"}, "lies in the future"),
        ({"date_of_birth": "06/14/1788"}, "too far back"),
        ({"date_of_birth": "02/30/1988"}, "There is no such date"),
        ({"date_of_birth": "6/14/88"}, "year with four digits"),
        ({"date_of_birth": "x" * 9_000}, "Write the date like this"),
        ({"first_name": "E" * 10_000}, "Use at most 100 characters"),
        ({"first_name": "\N{ZERO WIDTH SPACE}"}, "Enter a name."),
        ({"last_name": "Ma\x00rsh"}, "Null characters are not allowed"),
        ({"phone": "call me"}, "not a phone number"),
        ({"phone": "(512) 555-0172 ext. 9"}, "Leave out the extension"),
        ({"notes": "n" * 5_000}, "Use at most 2000 characters"),
        ({"email": "@"}, "does not look like an email address"),
    ],
)
def test_bad_details_get_a_sentence_that_helps(browser, glow, given, said):
    path = browser.hold()
    page = browser.post(path, {**TYPED, **hidden(browser.get(path)), **given}, 422)
    assert said in plain(page)
    with enter(glow.clinic):
        assert (Appointment.objects.count(), Person.objects.filter(state="claimed").count()) == (0, 1)


@pytest.mark.parametrize(
    "given",
    [
        {"first_name": "Zoë 🌞", "last_name": "D’Ångelo-Núñez"},
        {"first_name": "مريم", "last_name": "الفاسي"},
        {"date_of_birth": "14 Jun 1988"},
        {"date_of_birth": "1988-06-14"},
        {"date_of_birth": "14 de junio de 1988"},
        {"phone": "512.555.0172"},
    ],
)
def test_what_people_really_type_is_taken(browser, glow, given):
    path = browser.hold()
    browser.post(path, {**TYPED, **hidden(browser.get(path)), **given})
    assert "done=booked" in browser.path


def test_sent_twice_is_booked_once(browser, glow):
    path = browser.hold()
    versions = hidden(browser.get(path))
    browser.post(path, {**TYPED, **versions})
    first = browser.path
    browser.post(path, {**TYPED, **versions})
    assert "done=booked" in browser.path
    second = browser.path
    assert browser.get(first).count("Botox") == browser.get(second).count("Botox") > 0
    browser.get(path, 303)
    with enter(glow.clinic):
        assert Appointment.objects.count() == 1


def test_typing_for_too_long_still_books_what_nobody_took(browser, glow, clock):
    path = browser.hold()
    versions = hidden(browser.get(path))
    clock.at = AT + timedelta(minutes=9)
    browser.post(path, {**TYPED, **versions})
    assert "done=booked" in browser.path


def test_a_time_lost_while_typing_keeps_the_details_through_another_choice(browser, glow, clock):
    path = browser.hold()
    versions = hidden(browser.get(path))
    clock.at = AT + timedelta(minutes=9)
    with enter(glow.clinic):
        book_wanda(glow.cast, now=clock.at)
    page = browser.post(path, {**TYPED, **versions, "service_sms": "on"}, 409)
    assert "10:00 am was just taken." in plain(page)
    assert '<input type="hidden" name="last_name" value="Marsh-Villanueva">' in page
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    kept.pop("csrfmiddlewaretoken", None)
    action = found(r'id="times" method="post" action="([^"]+)"', page)
    page = browser.post(action.replace("2027-03-01", "2027-03-02"), {**kept, "look": "1"}, 200)
    assert 'value="Marsh-Villanueva"' in page
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(11), now=clock.at)
    page = browser.post(action, {**kept, "slot": slot}, 200)
    assert "We are holding Mon 1 Mar, 11:00 am for you" in plain(page)
    assert 'value="Marsh-Villanueva"' in page
    assert re.search(r'name="service_sms"[^>]* checked', page)
    target = found(r'id="details" method="post" action="([^"]+)"', page)
    browser.post(target, {**TYPED, **hidden(page)})
    assert "done=booked" in browser.path


def test_a_text_that_changed_while_typing_is_read_again(browser, glow):
    from tests.cast import BY

    path = browser.hold()
    versions = hidden(browser.get(path))
    with enter(glow.clinic):
        practice.publish_text("cancellation_policy", "Two days before.", by=BY, at=AT)
        practice.publish_text("service_sms", "Texts, in other words. Reply STOP to end them.", by=BY, at=AT)
    page = browser.post(path, {**TYPED, **versions, "service_sms": "on"}, 422)
    assert plain(page).count("This text has changed since. Please read it again.") >= 2
    assert "Two days before." in page
    assert "checked" not in page
    assert hidden(page) != versions
    browser.post(path, {**TYPED, **hidden(page)})
    assert "done=booked" in browser.path


def test_a_clinic_without_texts_asks_for_no_consent(browser, glow):
    with mock.patch.object(details, "current_texts", return_value={}):
        path = browser.hold()
        page = browser.get(path)
        assert "Texts about your visit" not in page
        browser.post(path, {**TYPED, **hidden(page)})


def test_with_the_vault_away_the_hold_and_the_typing_stay(browser, glow, vault_away):
    path = browser.hold()
    versions = hidden(browser.get(path))
    with vault_away():
        page = browser.post(path, {**TYPED, **versions}, 503)
    assert "We cannot book this right now. Your time stays held." in plain(page)
    assert 'value="Marsh-Villanueva"' in page
    with enter(glow.clinic):
        assert the_hold().is_live(AT)
        assert Appointment.objects.count() == 0
    browser.post(path, {**TYPED, **versions})
    assert "done=booked" in browser.path


def test_before_the_agreement_is_signed_people_are_asked_to_call(browser, glow):
    path = browser.hold()
    versions = hidden(browser.get(path))
    with mock.patch("scheduling.patient_pages.details.actions.book", side_effect=BaaRequired()):
        page = browser.post(path, {**TYPED, **versions}, 409)
    assert "This clinic does not take bookings online yet." in page
