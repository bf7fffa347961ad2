"""Persons are claimed by a form, added by the staff, corrected and verified. Nothing else writes them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from patients.models import ContactKind, ContactPoint, NameToken, Person, PersonState
from patients.rules import FIELDS, Details, read_changes
from patients.signals import person_verified
from practice.models import Resource, ResourceKind
from vault import blind, keys


@transaction.atomic
def claim_person(details: Details, *, by: Actor, at: datetime) -> Person:
    """Somebody says in a form who they are: a new person, matched with nobody.

    1. The key is drawn but not stored; the person seals with it at once.
    2. The caller stores it with keep_key() as the last statement of its transaction.
    """
    person = _add([details], state=PersonState.CLAIMED, at=at)[0]
    record("person.claimed", by=by, on=person, patient=person.uid)
    return person


def keep_key(person: Person) -> None:
    """Store the key of a person just claimed. Last before COMMIT: who loses the race leaves no key."""
    if person.key_draft is not None:
        keys.keep(person.key_draft)
        person.key_draft = None


@transaction.atomic
def create_person(details: Details, *, by: Actor, at: datetime) -> Person:
    """The staff knows somebody: verified from the start."""
    return create_people([details], by=by, at=at)[0]


@transaction.atomic
def create_people(many: Iterable[Details], *, by: Actor, at: datetime) -> list[Person]:
    """Several at once, as an import has them."""
    people = _add(list(many), state=PersonState.VERIFIED, at=at)
    for person in people:
        record("person.created", by=by, on=person, patient=person.uid)
        keep_key(person)
    return people


@transaction.atomic
def update_person(
    person: Person, given: Mapping[str, Any], *, by: Actor, on: date, region: str = "US"
) -> Person:
    """Correct what is known; only the fields of a person's details are read from `given`."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = details_of(person)
    after = read_changes(given, before, on=on, region=region)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
    if not changed:
        return person
    _describe(person, after)
    person.save()
    if {"first_name", "last_name"} & set(changed):
        person.name_tokens.all().delete()
        NameToken.objects.bulk_create(_tokens(person, after))
    for kind in set(ContactKind.values) & set(changed):
        _replace_contact(person, kind, getattr(after, kind))
    record("person.updated", by=by, on=person, patient=person.uid, detail={"fields": changed})
    return person


@transaction.atomic
def verify_person(person: Person, *, by: Actor) -> Person:
    """A code was entered, or the staff knows them: from now on the person can be busy."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.is_verified:
        return person
    person.state = PersonState.VERIFIED
    person.resource = Resource.objects.create(kind=ResourceKind.PATIENT)
    person.save(update_fields=["state", "resource"])
    record("person.verified", by=by, on=person, patient=person.uid)
    person_verified.send(sender=Person, person=person)
    return person


def note_visit(person: Person, *, at: datetime) -> None:
    """Lists show who was here last first. The visit itself is recorded where visits are kept."""
    newer = Person.objects.filter(pk=person.pk).exclude(last_visit_at__gte=at)
    newer.update(last_visit_at=at)


def describe_again(person: Person) -> None:
    """Save what was set on the person, and find them by the name they have now."""
    person.save()
    person.name_tokens.all().delete()
    NameToken.objects.bulk_create(_tokens(person, details_of(person)))


def details_of(person: Person) -> Details:
    """What is known now, opened."""
    return Details(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        date_of_birth=person.date_of_birth,
        language=person.language,
        timezone=person.timezone,
    )


def _add(many: list[Details], *, state: str, at: datetime) -> list[Person]:
    people = [Person(state=state, created_at=at) for _ in many]
    for person, details in zip(people, many, strict=True):
        person.key_draft = keys.draw_subject_key(person.uid)
        _describe(person, details)
    if state == PersonState.VERIFIED:
        resources = Resource.objects.bulk_create(Resource(kind=ResourceKind.PATIENT) for _ in many)
        for person, resource in zip(people, resources, strict=True):
            person.resource = resource
    Person.objects.bulk_create(people)
    pairs = list(zip(people, many, strict=True))
    ContactPoint.objects.bulk_create(
        contact_point(person, kind, getattr(details, kind))
        for person, details in pairs
        for kind in ContactKind.values
        if getattr(details, kind)
    )
    NameToken.objects.bulk_create(token for person, details in pairs for token in _tokens(person, details))
    return people


def _describe(person: Person, details: Details) -> None:
    person.first_name = details.first_name
    person.last_name = details.last_name
    person.date_of_birth = details.date_of_birth
    person.language = details.language
    person.timezone = details.timezone


def contact_point(person: Person, kind: str, value: str) -> ContactPoint:
    return ContactPoint(person=person, kind=kind, value=value, index=blind.blind_index(kind, value))


def _replace_contact(person: Person, kind: str, value: str) -> None:
    """Another number is another contact point: what was verified of the old one does not pass to it."""
    person.contact_points.filter(kind=kind, is_primary=True).delete()
    if value:
        contact_point(person, kind, value).save()


def _tokens(person: Person, details: Details) -> list[NameToken]:
    found = blind.name_tokens(details.first_name, details.last_name)
    return [NameToken(person=person, token=token) for token in sorted(found)]
