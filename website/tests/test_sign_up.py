"""A clinic signs up: what is refused, what is kept, who wins, and what the visitor sees meanwhile."""

import re
import threading
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import connections
from django.test import Client

from core.context import current_clinic
from core.ids import uuid7
from tenants import hostnames, provisioning
from tenants.context import enter_public
from tenants.models import Clinic, ClinicState
from website import actions, legal, zones
from website.models import SignUp

pytestmark = pytest.mark.own_clinic

TYPED = {
    "clinic_name": "Lumen & Co. Aesthetics",
    "kind": "medspa",
    "website": "lumen.example",
    "phone": "(312) 555-0142",
    "address_1": "12 Oak Street",
    "address_2": "",
    "city": "Chicago",
    "region": "IL",
    "postal_code": "60614",
    "timezone": "",
    "owner_name": "Olga Opener",
    "owner_email": "Olga@Lumen.example",
    "plan": "solo",
    "terms": "on",
}


@pytest.fixture
def slug(django_db_setup, django_db_blocker):
    """A name that nobody has; whatever clinic took it is dropped."""
    with django_db_blocker.unblock():
        wished = f"lumen-{uuid7().hex[-9:]}x"
        yield wished
        for clinic in Clinic.objects.using("owner").filter(name=TYPED["clinic_name"]):
            provisioning.drop_clinic(clinic)


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.PUBLIC_RATE_LIMIT = False


@pytest.fixture(autouse=True)
def queued():
    """The provision worker is called by the tests themselves."""
    with mock.patch("tenants.tasks.provision.delay") as delay:
        yield delay


def post(slug: str, **change: str):
    return Client(HTTP_HOST="localhost").post("/signup/", {**TYPED, "slug": slug, **change})


def sign_up_of(slug: str) -> SignUp:
    with enter_public():
        return SignUp.objects.select_related("clinic").get(clinic__slug=slug)


@pytest.mark.promise("P28")
@pytest.mark.promise("P30")
def test_a_sign_up_takes_the_address_and_queues_the_provisioning(slug, queued):
    answer = post(slug)
    assert answer.status_code == 303
    assert re.fullmatch(r"/signup/[\w-]{43}/", answer["Location"])
    kept = sign_up_of(slug)
    assert kept.clinic.state == ClinicState.REQUESTED
    assert kept.clinic.plan == "solo"
    assert (kept.phone, kept.owner_email) == ("+13125550142", "olga@lumen.example")
    assert (kept.website, kept.timezone) == ("https://lumen.example", "America/Chicago")
    assert kept.terms_version == legal.PAGES["terms"].version
    assert kept.terms_accepted_at
    queued.assert_called_once_with(str(kept.clinic_id))
    # Until it is open, its host is nobody's.
    assert Client(HTTP_HOST=f"{slug}.localhost").get("/book/").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clinic_name": ""}, "Enter the clinic"),
        ({"clinic_name": "a\x00b"}, "Null characters"),
        ({"clinic_name": "x" * 121}, "at most 120"),
        ({"kind": "bakery"}, "valid choice"),
        ({"website": "not a site"}, "no web address"),
        ({"website": "javascript:alert(1)"}, "no web address"),
        ({"website": "https://me:secret@lumen.example"}, "Leave name and password out"),
        ({"phone": "555-01"}, "digits"),
        ({"region": "ZZ"}, "valid choice"),
        ({"postal_code": "6061"}, "5 digits"),
        ({"timezone": "Mars/Olympus"}, "valid choice"),
        ({"owner_email": "olga"}, "missing its @"),
        ({"owner_name": ""}, "Enter your name"),
        ({"plan": "free"}, "valid choice"),
        ({"terms": ""}, "Without the terms"),
        ({"second_name": "bot"}, "leave this field empty"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(slug, change, words, queued):
    answer = post(slug, **change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{slug}"' in page
    assert 'value="12 Oak Street"' in page
    assert not queued.called
    with enter_public():
        assert not SignUp.objects.filter(clinic__slug=slug).exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "missing"),
        ("ab", "invalid"),
        ("x" * 41, "invalid"),
        ("-lumen", "invalid"),
        ("lumen-", "invalid"),
        ("lu_men", "invalid"),
        ("lu.men", "invalid"),
        ("1lumen", "invalid"),
        ("xn--lumen-abc", "invalid"),
        ("lümen", "invalid"),
        ("gl\u043ew", "invalid"),  # a Cyrillic o
        ("admin", "reserved"),
        ("www", "reserved"),
        ("postmaster", "reserved"),
        ("adm1n", "reserved"),
        ("5upport", "invalid"),
        ("supp0rt", "reserved"),
        ("webrnail", "reserved"),
        ("sta-tus", "reserved"),
        ("vvww", "reserved"),
    ],
)
def test_names_that_cannot_be_had(name, code):
    found = hostnames.misfit(name)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("taken", "wished"),
    [
        ("barn-{}", "bam-{}"),
        ("studio-{}", "stud1o-{}"),
        ("studio-{}", "studi0-{}"),
        ("studio-{}", "stu-dio-{}"),
        ("glow-lab-{}", "gl0vv-1ab-{}"),
        ("lily-{}", "iily-{}"),
        ("clear-{}", "dear-{}"),
    ],
)
def test_look_alikes_of_a_clinic_are_refused(slug, taken, wished):
    tail = slug[-8:]
    assert post(taken.format(tail)).status_code == 303
    answer = post(wished.format(tail))
    assert answer.status_code == 422
    assert "too much like another" in answer.content.decode()


def test_a_taken_name_keeps_everything_typed_and_another_is_suggested(slug):
    assert post(slug).status_code == 303
    answer = post(slug, clinic_name=TYPED["clinic_name"])
    assert answer.status_code == 422
    assert "This address is taken" in answer.content.decode()
    check = Client(HTTP_HOST="localhost").get(
        "/signup/address/", {"slug": slug, "name": slug, "city": "Chicago"}
    )
    verdict = check.json()
    assert verdict["free"] is False
    assert verdict["suggestion"] == f"{slug}-chicago"


def test_two_at_once_with_one_name_one_wins(slug):
    """Both pass the look before either is stored: the database decides, and the other gets the form back."""
    both = threading.Barrier(2)
    real = hostnames.refusal
    answers = []

    def late(name: str, *, using: str = "default"):
        found = real(name, using=using)
        if found is None and not getattr(here, "waited", 0) >= 2:
            here.waited = getattr(here, "waited", 0) + 1
            both.wait(10)
        return found

    here = threading.local()

    def go() -> None:
        try:
            answers.append(post(slug))
        finally:
            connections.close_all()

    with mock.patch.object(hostnames, "refusal", late):
        threads = [threading.Thread(target=go) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    loser = next(answer for answer in answers if answer.status_code == 422).content.decode()
    assert "This address is taken" in loser
    assert 'value="Olga Opener"' in loser
    with enter_public():
        assert SignUp.objects.filter(clinic__slug=slug).count() == 1


def test_the_address_is_checked_without_script_and_keeps_what_was_typed(slug):
    answer = post(slug, check="1", phone="nonsense")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{slug}.localhost is free" in page
    assert 'value="nonsense"' in page
    suggested = Client(HTTP_HOST="localhost").get("/signup/address/", {"name": "Café Ünïque & Co."}).json()
    assert suggested["slug"].startswith("cafe-unique-and-co")
    for text in ("\x00", "a" * 5000, "<b>", "%00"):
        assert (
            Client(HTTP_HOST="localhost").get("/signup/address/", {"slug": text, "name": text}).status_code
            == 200
        )


def test_one_address_may_open_five_clinics_an_hour(slug, settings):
    settings.PUBLIC_RATE_LIMIT = True
    client = Client(HTTP_HOST="localhost", REMOTE_ADDR=f"198.51.100.{uuid7().bytes[-1]}")
    with mock.patch.object(actions, "start", return_value="A" * 43):
        codes = [client.post("/signup/", {**TYPED, "slug": slug}).status_code for _ in range(7)]
    assert codes == [303] * 5 + [429] * 2


def test_nobody_else_finds_the_progress_page(slug):
    path = post(slug)["Location"]
    client = Client(HTTP_HOST="localhost")
    page = client.get(path)
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    assert path.split("/")[2].encode() not in bytes(sign_up_of(slug).token_hash)
    for guess in ("A" * 43, "x", "a" * 500):
        assert client.get(f"/signup/{guess}/").status_code == 404
        assert client.post(f"/signup/{guess}/retry/").status_code == 404
        assert client.post(f"/signup/{guess}/mail/").status_code == 404


def test_what_nobody_works_on_is_taken_up_again(slug, queued):
    post(slug)
    queued.reset_mock()
    at = datetime.now(UTC)
    with enter_public():
        assert actions.resume(at=at) == 0
        assert actions.resume(at=at + timedelta(seconds=30)) == 1
        assert actions.resume(at=at + timedelta(seconds=31)) == 0
    queued.assert_called_once()
    assert current_clinic.get() is None


@pytest.mark.parametrize(
    ("state", "code", "zone"),
    [
        ("IL", "60614", zones.CENTRAL),
        ("TX", "79901", zones.MOUNTAIN),
        ("TX", "77002", zones.CENTRAL),
        ("FL", "32501", zones.CENTRAL),
        ("FL", "33101", zones.EASTERN),
        ("AZ", "85001", zones.ARIZONA),
        ("HI", "96801", zones.HAWAII),
        ("IN", "46402", zones.CENTRAL),
        ("IN", "46204", zones.EASTERN),
        ("ID", "83814", zones.PACIFIC),
    ],
)
def test_the_zone_of_an_address(state, code, zone):
    assert zones.zone_for(state, code) == zone


def test_every_state_has_a_zone():
    assert {code for code, _ in zones.STATES} == set(zones.BY_STATE)
