"""A note through a real Chromium: typed, saved by itself, kept without a connection, written by two, signed, added to."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from ai import choices
from ai.models import Of
from charting.actions.notes import save_note
from charting.actions.setting_up import save_macro, save_rule
from charting.models import Note
from charting.notes import Typed
from charting.tests.notes import encounter_of
from charting.tests.test_notes import template
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.cast import BY

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic, pytest.mark.promise("P50")]


def test_a_note_from_the_first_word_to_the_cosignature(new_clinic, arrive, settings):
    settings.AI_API_KEY = ""
    house, at = new_clinic(), datetime.now(UTC)
    cast = house.cast
    with enter(house.clinic):
        template(cast)
        save_macro(None, shortcut="up", text="Upright for four hours.", owner=None, by=BY, at=at)
        save_rule(None, percent=100, services=[], first_months=0, since=None, days=7, by=BY, at=at)
        choices.choose(Of.CLINIC, None, allowed=True, by=BY, at=at)
        encounter = encounter_of(cast, at=at)
    page_of = f"/desk/encounters/{encounter.uid}/"
    visitor = arrive(house, size=DESK)
    as_staff(visitor, house, house.cast.users["provider"])
    page, eyes = visitor.page, Eyes(visitor, "note", full_page=True)
    eyes.at(page_of, "none")
    page.get_by_role("button", name="Start note").click()
    said = page.locator("[data-note-word]")
    plan, subjective = (page.get_by_role("textbox", name=name) for name in ("Plan", "Subjective"))
    subjective.fill("Wants the frown softened.")
    expect(said).to_have_text(re.compile(r"^Saved \d+:\d\d:\d\d [ap]m$"))
    expect(page.locator("[data-note-missing]")).to_have_text(
        re.compile("^Before you sign: Objective, Assessment")
    )
    eyes.on("draft")

    # Without a connection what is typed stays, and goes out by itself afterwards.
    visitor.context.set_offline(True)
    plan.press_sequentially("/up ")
    expect(plan).to_have_value("Upright for four hours. ")
    expect(said).to_have_text("Offline: kept here, will be sent")
    visitor.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(said).to_have_text(re.compile("^Saved"))
    visitor.trouble.clear()  # the browser says itself that there was no connection
    with enter(house.clinic):
        note = Note.objects.select_related("encounter__person", "encounter__provider").get()
        assert note.plan == "Upright for four hours."

        # Somebody else saves meanwhile.
        theirs = Typed(note.parts | {"plan": "Check in two weeks.", "assessment": "Good candidate."}, {})
        save_note(note, theirs, revision=note.revision, user=cast.users["supervisor"], at=datetime.now(UTC))
    plan.fill("Mine.")
    expect(page.get_by_text("Sven Sandberg saved this note while you wrote.")).to_be_visible()
    expect(plan).to_have_value("Mine.")
    eyes.on("two-versions")
    page.get_by_role("group", name="Plan: the other version").get_by_role("button").click()
    expect(plan).to_have_value("Mine.\nCheck in two weeks.")
    page.get_by_role("group", name="Assessment: the other version").get_by_role("button").click()
    expect(said).to_have_text(re.compile("^Saved"))

    # A draft is not in the note until somebody uses it.
    page.get_by_label("Units").fill("20")
    page.get_by_role("button", name="Fill from the chart").click()
    expect(page.get_by_text("not in the note yet")).to_be_visible()
    expect(page.get_by_role("textbox", name="Objective")).to_have_value("")
    eyes.on("filled-from-the-chart")
    page.get_by_role("button", name="Use Objective").click()
    expect(page.get_by_role("textbox", name="Objective")).to_have_value("Units: 20 u")

    page.get_by_role("button", name="Sign note").click()
    expect(page.get_by_role("alert")).to_contain_text("Area")
    eyes.on("cannot-be-signed")
    page.get_by_label("Area").select_option("Glabella")
    plan.focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("verified now")).to_be_visible()
    eyes.on("signed")

    phone = arrive(house, size=PHONE)
    as_staff(phone, house, house.cast.users["supervisor"])
    small = Eyes(phone, "note-phone", full_page=True)
    small.at("/desk/cosign/", "queue")
    phone.page.get_by_role("link", name="Pat Peterson").click()
    phone.page.get_by_label("Comment").fill("Which lot?")
    small.on("to-cosign")
    phone.page.get_by_role("button", name="Return with comment").click()
    expect(phone.page.get_by_text("Nothing waits for you")).to_be_visible()
    small.at("/desk/notes/macros/", "no macro")
    phone.page.get_by_label("Shortcut").fill("upright")
    phone.page.get_by_label("Text").fill("Upright for four hours, no rubbing, no sauna.")
    phone.page.get_by_label("For everybody at the clinic").check()
    phone.page.get_by_role("button", name="Save").click()
    expect(phone.page.get_by_role("link", name="Change upright")).to_be_visible()
    small.on("macros")
    small.at("/desk/settings/notes/new/", "template")
    small.at("/desk/settings/cosigning/", "rules")

    eyes.at("/desk/notes/", "returned")
    page.get_by_role("link", name="Pat Peterson").click()
    page.get_by_label("Addendum", exact=True).fill("Lot C6184.")
    page.get_by_role("button", name="Sign addendum").click()
    expect(page.get_by_text("Addendum by Ines Ibarra")).to_be_visible()
    eyes.on("added-to")
    small.at(page_of, "answered")
    follow(phone.page.get_by_role("button", name="Co-sign"))
    small.at(page_of, "cosigned")
    as_staff(phone, house, house.cast.users["owner"])
    small.at("/desk/settings/ai/", "ai")
    assert eyes.found + small.found == []
