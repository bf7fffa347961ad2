"""Contact details, choices and corrections: nothing changes that was not proved or agreed to."""

import pytest

from audit.models import Event
from messaging.models import ConsentDecision, ContactPreference, Message
from patients.models import ContactPoint, Correction, Person
from portal import codes
from portal.models import OneTimeCode
from portal.tests.conftest import Patient
from portal.tests.helpers import digits_of, sign_in, work
from scheduling.tests.browsing import AT, plain
from tenants.context import enter
from tests.cast import PEOPLE, SMS_TEXT

pytestmark = pytest.mark.usefixtures("friday")
PAT = PEOPLE["glow"]["pat"]


def person(house) -> Person:
    return Person.objects.get(pk=house.cast.pat.pk)


def test_a_new_address_replaces_the_old_one_when_its_code_is_entered(pat, glow):
    pat.post("/portal/you/email/", {"value": "New@Example.com"})
    assert pat.path == "/portal/you/email/code/"
    assert "new@example.com" in pat.get(pat.path)
    with enter(glow.clinic):
        assert person(glow).email == PAT.email
    code = digits_of(work(glow, AT)[-1])
    pat.post("/portal/you/email/code/", {"code": code})
    read = plain(pat.get("/portal/you/?done=contact"))  # the session goes on, resting on the new address
    assert "new@example.com" in read
    with enter(glow.clinic):
        pat_now = person(glow)
        assert pat_now.email == "new@example.com"
        assert ContactPoint.objects.get(person=pat_now, kind="email").verified_at == AT
        alert = Message.objects.get(kind="contact_changed")
        assert (alert.to, alert.channel) == (PAT.email, "email")
        assert "email address" in alert.subject_line


def test_a_new_number_is_told_to_the_old_one_and_by_mail(pat, glow):
    pat.post("/portal/you/phone/", {"value": "(512) 555-0177"})
    pat.post(pat.path, {"code": digits_of(work(glow, AT)[-1])})
    with enter(glow.clinic):
        assert person(glow).phone == "+15125550177"
        told = {(one.channel, one.to) for one in Message.objects.filter(kind="contact_changed")}
        assert told == {("sms", PAT.phone), ("email", PAT.email)}


def test_a_wrong_code_changes_nothing_and_five_void_it(pat, glow):
    pat.post("/portal/you/phone/", {"value": "(512) 555-0177"})
    code = digits_of(work(glow, AT)[-1])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _try in range(codes.MOST_TRIES - 1):
        pat.post("/portal/you/phone/code/", {"code": wrong}, 422)
    pat.post("/portal/you/phone/code/", {"code": wrong})
    assert pat.path == "/portal/you/phone/?late=1"
    pat.post("/portal/you/phone/code/", {"code": code})
    with enter(glow.clinic):
        assert person(glow).phone == PAT.phone


def test_a_code_for_a_contact_opens_no_session_and_serves_nobody_else(pat, quinn, glow):
    pat.post("/portal/you/email/", {"value": "quinn2@example.com"})
    code = digits_of(work(glow, AT)[-1])
    stranger = glow.client()
    stranger.cookies["portal_code"] = pat.client.cookies["portal_code"].value
    assert stranger.post("/portal/sign-in/code/", {"code": code})["Location"].startswith("/portal/sign-in/")
    quinn.client.cookies["portal_code"] = pat.client.cookies["portal_code"].value
    quinn.post("/portal/you/email/code/", {"code": code})
    with enter(glow.clinic):
        assert OneTimeCode.objects.get().spent_at is None
        assert Person.objects.get(pk=glow.cast.people["quinn"].pk).email == "quinn@example.com"


def test_with_a_phone_alone_nobody_changes_the_address(glow):
    client, _answer = sign_in(glow, PAT.phone, born="04/23/1988")
    assert "Sign in by email first" in client.get("/portal/you/email/").content.decode()
    assert client.post("/portal/you/email/", {"value": "thief@example.com"}).status_code == 409
    with enter(glow.clinic):
        assert not OneTimeCode.objects.filter(purpose="contact").exists()


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("email", "", "Enter the new email address."),
        ("email", "pat@", "field__error"),
        ("email", PAT.email, "This is the one we have."),
        ("phone", "555", "field__error"),
        ("phone", "(512) 555-0123", "This is the one we have."),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(pat, kind, value, says):
    page = pat.post(f"/portal/you/{kind}/", {"value": value}, 422)
    assert says in page
    assert value in page


def test_there_is_no_third_kind_of_contact(pat):
    pat.get("/portal/you/fax/", 404)


# --- Choices -------------------------------------------------------------------------------------------------


@pytest.mark.promise("P69")
@pytest.mark.promise("P44")
def test_each_choice_is_noted_with_the_text_that_was_shown(pat, glow):
    page = pat.get("/portal/you/")
    assert SMS_TEXT in page
    pat.post(
        "/portal/you/choices/",
        {"agreed": ["service_email", "service_sms", "marketing_email"], "language": "en"},
    )
    with enter(glow.clinic):
        made = {(one.channel, one.topic): one for one in ConsentDecision.objects.all()}
        assert set(made) == {("sms", "service"), ("email", "marketing")}  # only what changed
        sms = made["sms", "service"]
        assert (sms.granted, sms.text_shown, sms.source) == (True, SMS_TEXT, "portal")
        assert sms.text_version
        assert "Offers and news" in made["email", "marketing"].text_shown
        assert made["email", "marketing"].text_version == "portal-2026-11"
        assert Event.objects.filter(verb="consent.recorded", actor_kind="patient").count() == 2


@pytest.mark.promise("P67")
@pytest.mark.promise("P69")
def test_taking_a_consent_back_counts_at_once(pat, glow):
    pat.post("/portal/you/choices/", {"agreed": ["service_email", "marketing_sms"]})
    pat.post("/portal/you/choices/", {"agreed": []})
    with enter(glow.clinic):
        flags = ContactPreference.objects.all()
        assert {each.sms_marketing for each in flags} == {None, False}
        assert {each.email_consent for each in flags} == {None, False}


def test_what_is_not_on_the_page_cannot_be_agreed_to(pat, glow):
    pat.post(
        "/portal/you/choices/", {"agreed": ["service_email", "everything", "marketing_fax"], "language": "xx"}
    )
    with enter(glow.clinic):
        assert not ConsentDecision.objects.exists()
        assert person(glow).language == ""


def test_the_language_is_kept_for_messages_and_for_the_pages(pat, glow):
    pat.post("/portal/you/choices/", {"agreed": ["service_email"], "language": "es"})
    assert pat.client.cookies["language"].value == "es"
    with enter(glow.clinic):
        assert person(glow).language == "es"


# --- Corrections ---------------------------------------------------------------------------------------------


def test_a_correction_is_asked_for_not_made(pat, glow):
    pat.post("/portal/you/correction/", {"text": "My name is Patricia"})
    assert "My name is Patricia" in pat.get("/portal/you/?done=correction")
    with enter(glow.clinic):
        assert person(glow).first_name == "Pat"
        assert Correction.objects.get().text == "My name is Patricia"


@pytest.mark.parametrize("text", ["", "   ", "x" * 3000, "a\0b"])
def test_a_correction_that_cannot_be_read_is_refused(pat, text):
    assert "field__error" in pat.post("/portal/you/correction/", {"text": text}, 422)


def test_five_open_corrections_are_enough(pat):
    for number in range(5):
        pat.post("/portal/you/correction/", {"text": f"No. {number}"})
    pat.post("/portal/you/correction/", {"text": "One more"}, 422)


def test_a_patient_without_mail_may_add_one_from_the_phone(glow):
    with enter(glow.clinic):
        ContactPoint.objects.filter(person=glow.cast.pat, kind="email").delete()
    by_phone = Patient(glow, glow.cast.pat, kind="phone")
    assert "No email address" in by_phone.get("/portal/you/")
    by_phone.get("/portal/you/email/", 200)
    by_phone.post("/portal/you/email/", {"value": "first@example.com"})
    by_phone.post(by_phone.path, {"code": digits_of(work(glow, AT)[-1])})
    with enter(glow.clinic):
        assert person(glow).email == "first@example.com"
