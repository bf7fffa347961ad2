"""What a person may do about themselves: who is on a contact, and proving a contact by a code."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.actors import Actor, ActorKind
from audit.trail import record
from core.clock import local_date
from core.problems import Invalid, NotFound, failure
from core.text import TextProblem, clean_text
from patients.actions import contact_point, update_person, verify_person
from patients.models import ContactPoint, Correction, Person
from patients.rules import ADULT
from patients.search import open_people
from practice.profile import clinic_zone
from vault.fields import warm_rows

MOST: Final = 50
LONGEST_CORRECTION: Final = 1000
MOST_OPEN: Final = 5
ELSEWHERE: Final = (
    (
        ("email", "phone"),
        "needs_code",
        _("Change this at /portal/you/: a code proves that the new one is yours."),
    ),
    (
        ("first_name", "last_name", "date_of_birth"),
        "needs_clinic",
        _("The clinic corrects this: ask for it at /portal/you/correction/."),
    ),
    (("timezone",), "needs_clinic", _("The clinic sets this.")),
)


def actor_of(person: Person, *, for_person: Person | None = None) -> Actor:
    """The patient in the trail; a guardian acts on behalf of the dependant."""
    on_behalf = str(for_person.uid) if for_person is not None and for_person.pk != person.pk else ""
    return Actor(ActorKind.PATIENT, str(person.uid), on_behalf=on_behalf)


def people_at(kind: str, index: bytes, *, at: datetime) -> list[Person]:
    """The grown-up persons reached by that contact. Minors have no pages of their own: a guardian looks after them."""
    owners = ContactPoint.objects.filter(index=index, kind=kind).values("person_id")
    people = open_people(Person.objects.present().filter(pk__in=owners).by_last_visit(), MOST)
    today = local_date(at, clinic_zone())
    return [person for person in people if not is_minor(person, today)]


def is_minor(person: Person, today: date) -> bool:
    """A birth date that nobody knows counts as grown up: the staff has entered who it is."""
    age = person.age(today)
    return age is not None and age < ADULT


def still_has(person: Person, kind: str, index: bytes) -> bool:
    """Whether the contact by which somebody signed in is theirs still."""
    present = person.archived_at is None
    return present and ContactPoint.objects.filter(person=person, kind=kind, index=index).exists()


@transaction.atomic
def prove_contact(person: Person, kind: str, index: bytes, *, by: Actor, at: datetime) -> Person:
    """A code was entered: the contact is theirs, and from now on so is whatever they do with it."""
    points = ContactPoint.objects.filter(person=person, kind=kind, index=index, verified_at=None)
    if points.update(verified_at=at):
        record("contact.verified", by=by, on=person, patient=person.uid, at=at)
    return verify_person(person, by=by)


@transaction.atomic
def replace_contact(person: Person, kind: str, value: str, *, by: Actor, at: datetime) -> str:
    """A new number or address, proved by a code, in place of the old one; says what the old one was."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    old = person.contact(kind)
    person.contact_points.filter(kind=kind, is_primary=True).delete()
    point = contact_point(person, kind, value)
    person.contact_points.filter(kind=kind, index=point.index).delete()
    point.verified_at = at
    point.save()
    record("contact.replaced", by=by, on=person, patient=person.uid, detail={"kind": kind}, at=at)
    return old


@transaction.atomic
def speak(person: Person, language: str, *, by: Actor, on: date) -> None:
    """In which language the person wants to be written to."""
    update_person(person, {"language": language}, by=by, on=on)


@transaction.atomic
def change_own(person: Person, given: Mapping[str, Any], *, by: Actor, on: date) -> None:
    """What a program sends to change: the language; the rest has a way of its own, and each is told which."""
    failures = [
        failure(name, code, message) for names, code, message in ELSEWHERE for name in names if name in given
    ]
    language = given.get("language")
    if "language" in given and language not in dict(settings.LANGUAGES):
        failures.append(failure("language", "unknown", _("Choose en or es.")))
    if failures:
        raise Invalid(errors=failures)
    if isinstance(language, str) and language != person.language:
        speak(person, language, by=by, on=on)


@transaction.atomic
def ask_correction(person: Person, text: str, *, by: Actor, at: datetime) -> Correction:
    """Name or birth date are wrong: the staff decides, since both say who somebody is."""
    try:
        words = clean_text(text, LONGEST_CORRECTION, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("text", problem.code, problem.message)]) from None
    if not words:
        raise Invalid(errors=[failure("text", "missing", _("Write what is wrong and what is right."))])
    if Correction.objects.filter(person=person, settled_at=None).count() >= MOST_OPEN:
        raise Invalid(
            errors=[failure("text", "too_many", _("The clinic has not yet looked at your last ones."))]
        )
    made = Correction.objects.create(person=person, text=words, asked_at=at)
    record("correction.asked", by=by, on=made, patient=person.uid, at=at)
    return made


def open_corrections(person: Person) -> list[Correction]:
    """What the person asked to have corrected and nobody has settled yet."""
    rows = list(Correction.objects.filter(person=person, settled_at=None).select_related("person"))
    warm_rows(rows)
    return sorted(rows, key=lambda each: each.asked_at)


@transaction.atomic
def settle_correction(user: Anybody, person: Person, uid: UUID, *, at: datetime) -> None:
    """The staff has corrected it, or has decided not to."""
    staff = require_object(user, "patients.manage")
    found = Correction.objects.select_for_update(no_key=True).filter(uid=uid, person=person).first()
    if found is None:
        raise NotFound
    if found.settled_at is None:
        found.settled_at = at
        found.save(update_fields=["settled_at"])
        record("correction.settled", by=actor_for(staff), on=found, patient=person.uid, at=at)
