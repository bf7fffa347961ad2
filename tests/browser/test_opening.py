"""An owner opens a clinic, from the public site to the desk, in a browser; and what axe finds on the way."""

import re
import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.second_factor import code_at
from core.ids import uuid7
from messaging.models import Message
from tenants import provisioning, tasks
from tenants.context import enter, enter_public
from tenants.models import Clinic
from tests.browser.conftest import DESK
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
PLATFORM: Any = SimpleNamespace(host="localhost")
PASSWORD = "three quiet herons walk"
PAGES = ["/", "/contact/", "/signup/", "/privacy/", "/terms/", "/cookies/", "/security/", "/hipaa/"]


@pytest.fixture(autouse=True)
def open_databases(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def worker():
    """The provision worker, in a thread of this process; what stopped one of its tasks ends the test."""
    stopped: list[Exception] = []

    def delay(clinic_uid: str) -> None:
        def go() -> None:
            try:
                tasks.provision(clinic_uid)
            except Exception as problem:
                stopped.append(problem)
            finally:
                connections.close_all()

        threading.Thread(target=go, daemon=True).start()

    with mock.patch("tenants.tasks.provision.delay", delay):
        yield
    assert stopped == []


@pytest.fixture
def slug(open_databases, settings):
    settings.PUBLIC_RATE_LIMIT = False
    wished = f"browsed-{uuid7().hex[-9:]}k"
    yield wished
    for clinic in Clinic.objects.using("owner").filter(slug=wished):
        provisioning.drop_clinic(clinic)


def fill_in(page: Any, slug: str) -> None:
    typed = {
        "clinic_name": "Browsed Aesthetics",
        "phone": "(312) 555-0142",
        "address_1": "12 Oak Street",
        "city": "Chicago",
        "postal_code": "60614",
        "slug": slug,
        "owner_name": "Olga Opener",
        "owner_email": "olga@browsed.example",
    }
    for name, value in typed.items():
        page.fill(f"#id_{name}", value)
    page.select_option("#id_region", "IL")
    page.check("#id_terms")


def mailed_path(slug: str) -> str:
    with enter_public():
        clinic = Clinic.objects.get(slug=slug)
    with enter(clinic):
        found = re.search(r"(/desk/welcome/[\w-]+/)", Message.objects.get(kind="welcome").body)
    assert found
    return found[1]


@pytest.mark.promise("P222")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_public_site_to_the_desk(arrive, worker, slug, script):
    visitor = arrive(PLATFORM, script=script)
    page = visitor.page
    visitor.go("/")
    page.get_by_role("link", name="Open your clinic").first.click()
    if script:
        page.fill("#id_clinic_name", f"Browsed {slug}")
        expect(page.locator("[data-verdict]")).to_contain_text("is free")
    fill_in(page, slug)
    page.get_by_role("button", name="Open the clinic").click()
    expect(page.get_by_role("heading", name="Browsed Aesthetics is open")).to_be_visible()
    if script:
        assert visitor.findings() == []

    owner = arrive(SimpleNamespace(host=f"{slug}.localhost"), script=script, size=DESK)
    page = owner.page
    owner.go(mailed_path(slug))
    page.fill("#id_new", PASSWORD)
    page.fill("#id_repeated", PASSWORD)
    if script:
        assert owner.findings() == []
    follow(page.get_by_role("button", name="Set the password and sign in"))
    secret = page.locator("code").first.inner_text().replace(" ", "")
    page.fill("#id_code", code_at(secret, datetime.now(UTC)))
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Business associate agreement", level=1)).to_be_visible()
    if script:
        assert owner.findings() == []
    page.fill("#id_signer_title", "Owner")
    page.check("#id_agreed")
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_text("Signed. From now on patients can be stored.")).to_be_visible()
    if script:
        assert owner.findings() == []
    follow(page.get_by_role("link", name="Go to the desk"))
    assert owner.path.startswith("/desk/")
    expect(page.get_by_text("No patient can be stored yet")).to_have_count(0)
    begin_treating(owner)
    patient = arrive(SimpleNamespace(host=f"{slug}.localhost"), script=script)
    patient.go("/book/")
    follow(patient.page.get_by_role("link", name="We look, listen and plan with you"))
    if "/time/" not in patient.path:
        patient.page.get_by_role("link", name="Olga Opener").click()
    expect(patient.page.locator("#times button").first).to_be_visible()
    assert [one.trouble for one in (visitor, owner, patient)] == [[], [], []]


def begin_treating(owner: Any) -> None:
    """The one thing that no suggestion can know: who treats, and when."""
    page = owner.page
    owner.go("/desk/settings/people/")
    page.get_by_role("link", name="Olga Opener").click()
    page.get_by_text("Give them a column in the calendar").click()
    treats = page.locator("section:has(#treats)")
    for box in treats.locator("[name=services]").all():
        box.check()
    treats.get_by_role("button", name="Save").click()
    page.locator("section:has(#hours) a").get_by_text("Change").click()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        pair = page.get_by_role("group", name=day).locator("input")
        pair.nth(0).fill("10:00")
        pair.nth(1).fill("17:00")
    follow(page.get_by_role("button", name="Save the hours"))
    owner.go("/desk/set-up/")
    expect(page.get_by_role("heading", name="Patients can book")).to_be_visible()


def test_axe_finds_nothing_on_the_public_site(arrive):
    visitor = arrive(PLATFORM)
    for path in PAGES:
        visitor.go(path)
        assert visitor.findings() == [], path
        assert visitor.overflow() == 0, path
    visitor.go("/signup/")
    visitor.page.evaluate("document.querySelector('form').noValidate = true")
    visitor.page.get_by_role("button", name="Open the clinic").click()
    expect(visitor.page.get_by_role("alert").first).to_be_visible()
    assert visitor.findings() == []
    assert [line for line in visitor.trouble if "422" not in line] == []
