"""Who the clinic thinks you are, how it reaches you, and what you agreed to."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import throttle
from accounts.timing import even
from core.clock import local_date, now
from core.http import client_ip
from core.phones import pretty_phone
from core.problems import Invalid, NotFound
from messaging.contacts import is_stopped
from messaging.models import Channel
from patients import self_service
from patients.models import ContactKind
from portal import codes, contacts, preferences, sessions
from portal.codes import Contact, Verdict
from portal.forms import CodeForm, CorrectionForm, NewContactForm
from portal.models import Purpose
from portal.pages import UNREADABLE, Visiting, portal_page, see, show
from practice.profile import clinic_zone, profile
from scheduling.patient_pages import words

KINDS: Final = (ContactKind.PHONE.value, ContactKind.EMAIL.value)
DONE: Final = ("contact", "choices", "language", "correction")
STEADY_SECONDS = 0.2
A_YEAR: Final = timedelta(days=365)


@portal_page()
def you(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    return _page(request, visiting)


@portal_page("POST")
def choose(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """What to be written, and in which language. Each change is noted with the text that stood beside it."""
    at, person = now(), visiting.person
    preferences.save(person, set(request.POST.getlist("agreed")), by=visiting.by, at=at)
    language = request.POST.get("language", "")
    if language != person.language and language in dict(settings.LANGUAGES):
        self_service.speak(person, language, by=visiting.by, on=local_date(at, clinic_zone()))
    response = see("you", done="choices")
    if language in dict(settings.LANGUAGES) and not visiting.for_another:
        sessions.keep(response, settings.LANGUAGE_COOKIE_NAME, language, A_YEAR)
    return response


@portal_page("GET", "POST")
def new_contact(request: HttpRequest, visiting: Visiting, kind: str) -> HttpResponse:
    """Where the code for the new number or address is asked for."""
    if kind not in KINDS:
        raise NotFound
    at, region = now(), profile().region
    if not may_change(visiting, kind):
        return show(
            request, "contact_by_mail", {"kind": kind}, status=409 if request.method == "POST" else 200
        )
    form = NewContactForm(request.POST if request.method == "POST" else None, kind=kind, region=region)
    if not form.is_bound or not form.is_valid():
        return _contact_page(request, visiting, form, kind)
    contact: Contact = form.cleaned_data["value"]
    if contact.value == visiting.person.contact(kind):
        form.add_error("value", _("This is the one we have."))
        return _contact_page(request, visiting, form, kind)
    if kind == ContactKind.PHONE and is_stopped(Channel.SMS, contact.value):
        form.add_error(
            "value", _("This number has stopped our texts. Text START from it first, then try again.")
        )
        return _contact_page(request, visiting, form, kind)
    attempt = throttle.take_code_mail(f"patient {contact.index.hex()}", client_ip(request), at=at)
    if not attempt.allowed:
        minutes = max(1, -(-attempt.retry_after // 60))
        return show(request, "too_many", {"minutes": minutes}, status=429)
    with even(STEADY_SECONDS):
        nonce = codes.ask(contact, purpose=Purpose.CONTACT, person=visiting.person, at=at)
    response = see("contact_code", kind)
    sessions.keep(response, sessions.CODE_COOKIE, nonce, codes.LIFE)
    return response


@portal_page("GET", "POST")
def contact_code(request: HttpRequest, visiting: Visiting, kind: str) -> HttpResponse:
    """The new one replaces the old one when its code is entered, and not before."""
    at, nonce = now(), request.COOKIES.get(sessions.CODE_COOKIE, "")
    waiting = codes.pending(nonce, Purpose.CONTACT, at=at)
    if waiting is None or waiting.person_id != visiting.person.pk or waiting.kind != kind:
        return see("new_contact", kind, late="1") if kind in KINDS else _missing()
    to = pretty_phone(waiting.to, profile().region) if kind == ContactKind.PHONE else waiting.to
    context: dict[str, Any] = {"to": to, "kind": kind}
    if request.method != "POST":
        return show(request, "contact_code", {**context, "form": CodeForm()})
    form = CodeForm(request.POST)
    if form.is_valid():
        verdict, code = codes.spend(nonce, Purpose.CONTACT, form.cleaned_data["code"], at=at)
        if verdict is Verdict.RIGHT and code is not None:
            new = Contact(kind, code.to)
            contacts.replace(visiting.session, visiting.person, new, by=visiting.by, at=at)
            response = see("you", done="contact")
            sessions.drop(response, sessions.CODE_COOKIE)
            return response
        if verdict is Verdict.GONE:
            return see("new_contact", kind, late="1")
        form.add_error("code", _("This is not the code we sent. Check the newest message."))
    return show(request, "contact_code", {**context, "form": form}, status=UNREADABLE)


@portal_page("GET", "POST")
def correction(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """Name and date of birth say who somebody is: the clinic corrects them."""
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            self_service.ask_correction(visiting.person, form.cleaned_data["text"], by=visiting.by, at=now())
        except Invalid as problem:
            form.take(problem)
        else:
            return see("you", done="correction")
    context = {"form": form, **_facts(visiting)}
    return show(request, "correction", context, status=UNREADABLE if form.is_bound else 200)


def may_change(visiting: Visiting, kind: str) -> bool:
    """A phone can be stolen: with it alone nobody turns the mail address, which recovers everything, to their own."""
    return kind == ContactKind.PHONE or visiting.session.by_mail or not visiting.person.email


def _missing() -> HttpResponse:
    raise NotFound


def _facts(visiting: Visiting) -> dict[str, Any]:
    person = visiting.person
    born = person.date_of_birth
    return {
        "name": person.name,
        "born": f"{words.whole_day(born)} {born.year}" if born else "",
        "email": person.email,
        "phone": pretty_phone(person.phone, profile().region) if person.phone else "",
    }


def _page(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    at, person = now(), visiting.person
    done = request.GET.get("done", "")
    languages = [
        (code, _native(code), code == (person.language or "en")) for code, _name in settings.LANGUAGES
    ]
    context = {
        **_facts(visiting),
        "choices": preferences.choices(person),
        "languages": languages,
        "asked": self_service.open_corrections(person),
        "done": done if done in DONE else "",
        "record_href": reverse("portal:record"),
        "at": at,
    }
    return show(request, "you", context)


def _native(code: str) -> str:
    with override(code):
        return str(dict(settings.LANGUAGES)[code])


def _contact_page(request: HttpRequest, visiting: Visiting, form: NewContactForm, kind: str) -> HttpResponse:
    facts = _facts(visiting)
    context = {
        "form": form,
        "kind": kind,
        "old": facts[kind],
        "late": "late" in request.GET and not form.is_bound,
    }
    return show(request, "contact", context, status=UNREADABLE if form.is_bound else 200)
