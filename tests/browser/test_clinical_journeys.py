"""Journeys 5, 6 and 7 from end to end, on both clinics: the room, the series, the recall and the complication.

Each part has a test of its own, with its errors; here they follow one another as in a clinic's day, and what one step
wrote is what the next one reads.
"""

import base64
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from playwright.sync_api import expect

from accounts.actors import actor_for
from charting import actions
from charting.actions.rules import Rule
from charting.models import AdverseEvent, Encounter, LaserSession, Note
from charting.tests import courses
from consents.models import Signature
from consents.tests.papers import published
from core.clock import local_date, now
from desk.tests import days
from messaging.models import Message, State
from photos.models import Photo
from photos.tests.pictures import add_photo, released_photo
from practice.actions import add_license
from practice.tests.shelf import VIAL, left, received, toxin
from scheduling import actions as visits
from scheduling.models import Appointment
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.browser.test_consents import draw
from tests.browser.test_photos import DRAW

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
BOTH = pytest.mark.parametrize("which", ["glow", "rival"])
FAR = date(2031, 1, 1)
CALL = "https://meet.example/ines"


# --- 5. Provider treats with injectables ---------------------------------------------------------------------------


@BOTH
@pytest.mark.promise("P7")
@pytest.mark.promise("P48")
@pytest.mark.promise("P50")
def test_a_provider_treats_with_injectables(which, new_clinic, arrive, tmp_path):
    house = new_clinic(which)
    cast = house.cast
    add_photo(house, at=now() - timedelta(days=90))
    # The stores of photos refuse a clock that is not theirs, so only the visit itself is on its day.
    with time_machine.travel(days.AT, tick=True):
        visit, lot = prepare(house)
        desk, phone = arrive(house, size=DESK), arrive(house, size=PHONE)
        as_staff(desk, house, cast.users["provider"])
        as_patient(phone, house, cast.pat)
        say_what_is_missing(house, desk, visit)
        examine_by_telehealth(house, desk, phone, visit)
        sign_the_consent(house, phone)
        encounter = start(house, desk, visit)
    # Another browser: the polls of the page that stays behind end their session, and its cookie, months later.
    desk = arrive(house, size=DESK)
    as_staff(desk, house, cast.users["provider"])
    eyes = Eyes(desk, f"five-{which}", full_page=True)
    eyes.at(f"/desk/encounters/{encounter.uid}/", "room")
    mark_points(desk.page)
    take_a_photo(house, desk, tmp_path)
    note = write_and_sign(house, desk, encounter)
    add_to(house, arrive(house, size=DESK), encounter)
    eyes.at(f"/desk/encounters/{encounter.uid}/", "done")

    with enter(house.clinic):
        assert left(lot, cast.location) == VIAL - 1_400
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE charting_note SET revision = revision + 1 WHERE id = %s", [note.pk])
        assert Photo.objects.filter(photo_set__person=cast.pat).count() == 2
    assert eyes.found == []


def prepare(house):
    """Everything is asked for, and nothing is there yet but the drug."""
    cast, at = house.cast, now()
    visit = days.book(house, time(11, 30))
    with enter(house.clinic):
        by = actor_for(cast.owner)
        asked = ("consent", "exam", "contraindications", "license", "lot")
        actions.set_gate_rules(dict.fromkeys(asked, Rule("block")), by=by)
        published(services=[cast.services["botox"]])
        lot = received(toxin(), cast.location, VIAL, at=at - timedelta(days=2))
        for who, kind in (("ines", "nurse_practitioner"), ("sven", "physician")):
            add_license(cast.providers[who], kind=kind, number="1", state="TX", valid_until=FAR, by=by)
        visits.check_in(visit, by=by, at=at)
    return visit, lot


def say_what_is_missing(house, desk, visit) -> None:
    desk.go(f"/desk/visits/{visit.uid}/")
    panel = desk.page.get_by_role("complementary", name=house.cast.pat.first_name)
    expect(panel.get_by_text("No good-faith exam")).to_be_visible()
    expect(panel.get_by_text("Consent not signed")).to_be_visible()


def examine_by_telehealth(house, desk, phone, visit) -> None:
    """The patient finds the call in the portal; the result holds for the service."""
    page = desk.page
    desk.go(f"/desk/patients/{house.cast.pat.uid}/exams/new/?service={visit.service.uid}")
    page.get_by_label("Link of the video call").fill(CALL)
    follow(page.get_by_role("button", name="Begin the exam"))
    phone.go("/portal/")
    expect(phone.page.locator(f'a[href="{CALL}"]')).to_be_visible()
    page.get_by_label("Cleared", exact=True).check()
    page.get_by_role("button", name="Record the result").click()
    expect(page.get_by_text(f"{visit.service.name}: Cleared")).to_be_visible()


def sign_the_consent(house, phone) -> None:
    page = phone.page
    phone.go("/portal/consents/")
    page.get_by_role("link", name=re.compile("Consent to treatment")).first.click()
    page.get_by_label("Your full name").fill(house.cast.pat.name)
    page.get_by_label("I have read this.").check()
    page.get_by_label("I agree to sign this electronically").check()
    draw(page)
    follow(page.locator("main form button.btn--primary"))
    with enter(house.clinic):
        assert Signature.objects.filter(person=house.cast.pat).count() == 1


def start(house, desk, visit) -> Encounter:
    page = desk.page
    desk.go(f"/desk/visits/{visit.uid}/")
    page.get_by_role("button", name=re.compile("^Take to")).click()
    expect(page.get_by_role("status").filter(has_text="Treatment started")).to_be_visible()
    page.get_by_role("button", name="Chart this visit").click()
    page.wait_for_url(re.compile("/desk/encounters/"))
    with enter(house.clinic):
        assert Appointment.objects.get(pk=visit.pk).status == "in_room"
        return Encounter.objects.get(kind="treatment")


def mark_points(page) -> None:
    card = page.locator("#injections")
    card.get_by_label("Quantity").first.fill("7")
    for number, place in enumerate(("Glabella", "Forehead, left"), start=1):
        card.get_by_label("Place").last.select_option(label=place)
        card.get_by_role("button", name="Add point").click()
        expect(card.get_by_text(f"Point {number} is charted.")).to_be_visible()


def take_a_photo(house, desk, folder) -> None:
    """With the ghost of the earlier one before the camera."""
    page = desk.page
    picture = folder / "camera.jpg"
    picture.write_bytes(base64.b64decode(page.evaluate(DRAW)))
    desk.go(f"/desk/patients/{house.cast.pat.uid}/photos/take/")
    page.locator("[data-file]").set_input_files(picture)
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("[data-state]", has_text="Saved").first).to_be_visible()


def write_and_sign(house, desk, encounter) -> Note:
    page = desk.page
    desk.go(f"/desk/encounters/{encounter.uid}/")
    page.get_by_role("button", name="Start note").click()
    for part, words in (
        ("Subjective", "Wants the frown softened."),
        ("Objective", "Dynamic lines, glabella moderate."),
        ("Assessment", "Good candidate."),
        ("Plan", "Check in two weeks."),
    ):
        page.get_by_role("textbox", name=part).fill(words)
    expect(page.locator("[data-note-word]")).to_have_text(re.compile("^Saved"))
    page.get_by_role("button", name="Sign note").click()
    expect(page.get_by_text("verified now")).to_be_visible()
    with enter(house.clinic):
        return Note.objects.get(encounter=encounter)


def add_to(house, visitor, encounter) -> None:
    """The medical director adds to what can no longer be changed."""
    as_staff(visitor, house, house.cast.users["supervisor"])
    page = visitor.page
    visitor.go(f"/desk/encounters/{encounter.uid}/")
    page.locator("details", has=page.locator("#addendum-text")).locator("summary").first.click()
    page.get_by_label("Addendum", exact=True).fill("Seen with her, agreed.")
    page.get_by_role("button", name="Sign addendum").click()
    name = house.cast.users["supervisor"].display_name
    expect(page.get_by_text(f"Addendum by {name}")).to_be_visible()


# --- 6. Tattoo-removal series --------------------------------------------------------------------------------------


@BOTH
@pytest.mark.promise("P7")
@pytest.mark.promise("P51")
def test_a_tattoo_goes_session_by_session(which, new_clinic, arrive):
    house = new_clinic(which)
    cast, at = house.cast, now()
    today = local_date(at, cast.location.zone)

    def morning(days_ago: int) -> datetime:
        # By the clinic's calendar: late in the evening, 60 times 24 hours across an autumn are 59 days.
        return days.wall(house, time(9), today - timedelta(days=days_ago))

    for days_ago in (180, 120):
        released_photo(house, at=morning(days_ago))
    with enter(house.clinic):
        series = courses.begin(cast, at=morning(190))
        for days_ago in (180, 120, 60):
            courses.treat(cast, series, at=morning(days_ago))
        encounter = courses.visit(cast, at=at)
    desk = arrive(house, size=DESK)
    as_staff(desk, house, cast.users["provider"])
    eyes, page = Eyes(desk, f"six-{which}", full_page=True), desk.page
    eyes.at(f"/desk/encounters/{encounter.uid}/", "before")
    expect(page.get_by_text("4 of 8").first).to_be_visible()
    follow(page.get_by_role("link", name="Chart it"))
    eyes.on("remembers")
    expect(page.get_by_text(re.compile("60 days")).first).to_be_visible()
    page.get_by_label(re.compile("Fluence")).fill("4.0")
    page.locator("main form button.btn--primary").first.click()
    page.get_by_label(re.compile("[Rr]eason|[Ww]hy")).last.fill("Ink barely faded, skin calm")
    follow(page.locator("main form button.btn--primary").first)
    with enter(house.clinic):
        assert LaserSession.objects.filter(series=series).count() == 4
    eyes.at(f"/desk/series/{series.uid}/", "four-of-eight")

    phone = arrive(house, size=PHONE)
    as_patient(phone, house, cast.pat)
    seen = Eyes(phone, f"six-{which}-pat", full_page=True)
    seen.at("/portal/photos/", "photos")
    phone.page.get_by_role("link", name="Compare").click()
    expect(phone.page.locator("img-comparison-slider.rendered")).to_be_visible()
    seen.on("compares")
    assert eyes.found + seen.found == []


# --- 7. Recall and complication ------------------------------------------------------------------------------------


@BOTH
@pytest.mark.promise("P7")
def test_a_lot_is_called_back_and_a_patient_reports_a_reaction(which, new_clinic, arrive):
    house = new_clinic(which)
    cast, at = house.cast, now()
    with enter(house.clinic):
        by = actor_for(cast.users["provider"])
        product = toxin()
        lot = received(product, cast.location, VIAL, at=at - timedelta(days=9))
        how = {"location": cast.location, "kind": "treatment", "by": by, "at": at - timedelta(days=3)}
        encounter = actions.begin_encounter(
            cast.pat, cast.providers["ines"], service=cast.services["botox"], **how
        )
        mark = actions.Mark(view="face_front", x=500, y=400, product=product, lot=lot, units=400)
        actions.chart_point(encounter, mark, version=0, by=by, at=at - timedelta(days=3))
    desk, phone = arrive(house, size=DESK), arrive(house, size=PHONE)
    as_staff(desk, house, cast.owner)
    as_patient(phone, house, cast.pat)
    eyes, seen = (
        Eyes(desk, f"seven-{which}", full_page=True),
        Eyes(phone, f"seven-{which}-pat", full_page=True),
    )

    page = desk.page
    desk.go("/desk/stock/")
    page.get_by_role("link", name=lot.number).click()
    page.get_by_role("link", name="Recall", exact=True).click()
    page.get_by_label("Why, and who said so").fill("Letter of the maker, sterility")
    page.get_by_label("Block the lot now").check()
    page.get_by_role("button", name="Recall, and tell 1 patient").click()
    expect(page.get_by_text("0 of 1")).to_be_visible()
    with enter(house.clinic):
        told = Message.objects.filter(kind="lot_recall")
        assert {message.subject for message in told} == {cast.pat.uid}
        told.update(state=State.DELIVERED, delivered_at=datetime.now(UTC))
    expect(page.get_by_text("1 of 1")).to_be_visible()
    eyes.at(desk.path, "proof")

    seen.at("/portal/report/", "report")
    phone.page.locator("main textarea").first.fill("The eyelid hangs since this morning")
    phone.page.get_by_label("Since when?").fill("This morning")
    phone.page.get_by_label("How bad is it?").select_option(index=2)
    follow(phone.page.locator("main form button.btn--primary"))
    seen.on("reported")
    with enter(house.clinic):
        event = AdverseEvent.objects.get()
        assert event.person_id == cast.pat.pk
    as_staff(desk, house, cast.users["provider"])
    eyes.at("/desk/events/", "task")
    follow(page.get_by_role("link", name=re.compile(cast.pat.name)).first)
    eyes.on("event")
    assert eyes.found + seen.found == []
