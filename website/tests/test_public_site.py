"""The public site says what is true, keeps what visitors ask, and lets nobody flood it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tenants import agreements, plans, texts
from tenants.context import enter_public
from website import legal
from website.models import Lead

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
LEAD = {
    "name": "Lena Lead",
    "email": "Lena@Clinic.example",
    "phone": "(312) 555-0188",
    "clinic": "Lena's",
    "kind": "tattoo_removal",
    "topic": "moving",
    "message": "How do we move over?",
    "consent": "on",
}


@pytest.fixture
def client(clinics) -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.mark.promise("P14")
def test_the_first_page_shows_every_plan_from_the_one_table(client):
    page = client.get("/").content.decode()
    for plan in plans.PLANS:
        assert str(plan.name) in page
        assert plan.price.format() in page
        assert f"/signup/?plan={plan.code}" in page


def test_sizes_are_no_locks_and_nobody_is_promised_a_bill_by_itself(client):
    """No code counts providers or locations and none makes invoices: the pages say so."""
    page = client.get("/").content.decode()
    assert "nothing locks when you grow" in page
    for plan in plans.PLANS:
        assert str(plan.points[0]).startswith("For ")
    assert "is not locked" in client.get("/terms/").content.decode()
    for path in ("/", "/terms/"):
        assert "invoice by mail at the end" not in client.get(path).content.decode()


@pytest.mark.promise("P179")
@pytest.mark.parametrize(
    "path", ["/", "/contact/", "/signup/", "/hipaa/agreement/", *(f"/{p}/" for p in legal.PAGES)]
)
def test_each_page_has_title_description_one_heading_and_all_legal_links(client, path):
    page = client.get(path).content.decode()
    assert re.search(r"<title>[^<]{8,}</title>", page)
    assert re.search(r'<meta name="description" content="[^"]{20,}">', page)
    assert page.count("<h1") == 1
    assert 'name="robots" content="noindex"' not in page
    for slug in legal.PAGES:
        assert f'href="/{slug}/"' in page


@pytest.mark.parametrize("page", legal.PAGES.values(), ids=lambda page: page.slug)
@pytest.mark.promise("P237")
def test_a_legal_text_changes_only_with_its_version_and_date(client, page):
    source = Path(settings.BASE_DIR, "templates", page.template).read_text()
    if page.slug == "subprocessors":
        source += legal.SUBPROCESSORS.read_text()
    assert legal.digest_of(source) == page.digest, (
        "a new text needs a new version, date and digest in website/legal.py"
    )
    shown = client.get(f"/{page.slug}/").content.decode()
    assert "Last updated" in shown
    assert f"{page.updated:%B} {page.updated.day}, {page.updated.year}" in shown
    assert page.version in shown


@pytest.mark.promise("P226")
def test_the_subprocessors_come_from_one_file(client):
    page = client.get("/subprocessors/").content.decode()
    assert len(legal.processors()) >= 3
    for processor in legal.processors():
        assert processor.name in page


@pytest.mark.promise("P223")
@pytest.mark.promise("P224")
def test_the_agreement_is_a_document_that_anybody_may_read(client):
    page = client.get("/hipaa/agreement/").content.decode()
    assert agreements.VERSION in page
    assert "protected health information" in page
    assert 'href="/hipaa/agreement/"' in client.get("/hipaa/").content.decode()


def test_the_signed_text_never_changes_under_its_version():
    text = texts.agreement_text("2026-11", "Glow")
    assert texts.fingerprint(text) == texts.fingerprint(texts.agreement_text("2026-11", "Glow"))
    source = Path(settings.BASE_DIR, "templates/legal/baa/2026-11.html").read_text()
    assert legal.digest_of(source) == "62ba49916130e114"


@pytest.mark.promise("P32")
@pytest.mark.promise("P33")
def test_a_lead_is_kept_with_the_words_of_the_consent(client):
    assert client.post("/contact/", LEAD).status_code == 303
    assert client.post("/contact/", LEAD).status_code == 303  # pressed twice
    with enter_public():
        lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.phone) == ("Lena Lead", "lena@clinic.example", "+13125550188")
    assert (lead.clinic, lead.get_kind_display(), lead.topic) == ("Lena's", "tattoo removal clinic", "moving")
    assert lead.consent_text == str(legal.CONTACT_CONSENT)
    assert lead.consent_version == legal.CONTACT_CONSENT_VERSION


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"consent": ""}, "only if you agree"),
        ({"email": "nobody"}, "missing its @"),
        ({"email": ""}, "Enter your email"),
        ({"topic": ""}, "Choose what it is about"),
        ({"topic": "gossip"}, "valid choice"),
        ({"kind": "bakery"}, "valid choice"),
        ({"phone": "12"}, "digits"),
        ({"name": "\x00"}, "Null characters"),
        ({"message": "x" * 3000}, "at most 2000"),
        ({"second_name": "Bot"}, "leave this field empty"),
    ],
)
def test_a_lead_with_something_wrong_keeps_what_was_typed(client, change, words):
    answer = client.post("/contact/", {**LEAD, **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "How do we move over?" in page or "message" in change
    with enter_public():
        assert not Lead.objects.exists()


def test_robots_may_read_the_site_and_no_sign_up(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /signup/" in text


@pytest.mark.promise("P63")
def test_the_clinic_decides_about_its_patients_and_we_process_for_it(client):
    """The text; that nothing of a patient is taken in without the agreement is tried where clinics are made."""
    said = " ".join(re.sub(r"<[^>]+>", " ", client.get("/privacy/").content.decode()).split())
    assert "For patients of a clinic the clinic decides." in said
    assert re.search(r"on the clinic’s behalf, under a\s+business associate agreement", said)
