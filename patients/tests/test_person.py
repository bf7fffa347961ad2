"""Persons come, change and are verified; each seals under a key of their own."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from audit.actors import VISITOR, job
from audit.models import Event
from core.problems import Invalid, NotFound
from patients import access, actions, search
from patients.models import ContactPoint, NameToken, Person, PersonState
from patients.rules import Details
from practice.models import ResourceKind
from tenants.context import enter
from vault import blind, keys
from vault.errors import NoSubjectKey

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BY = job("test")
NEW = Details("Noémi", "Núñez-Ortiz", "noemi@example.com", "+15125550171", date(1990, 1, 31), "es")


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        yield glow


def events(person: Person) -> list[str]:
    return list(Event.objects.filter(patient_id=person.uid).order_by("at").values_list("verb", flat=True))


def test_the_staff_adds_somebody(inside):
    person = actions.create_person(NEW, by=BY, at=AT)
    kept = Person.objects.get(pk=person.pk)
    assert actions.details_of(kept) == NEW
    assert kept.state == PersonState.VERIFIED
    assert kept.resource is not None
    assert kept.resource.kind == ResourceKind.PATIENT
    assert events(person) == ["person.created"]


def test_a_visitor_claims_to_be_somebody(inside):
    before = Person.objects.count()
    details = actions.details_of(inside.cast.pat)
    person = actions.claim_person(details, by=VISITOR, at=AT)
    actions.keep_key(person)
    assert Person.objects.count() == before + 1  # matched with nobody, though every detail is Pat's
    assert (person.state, person.resource) == (PersonState.CLAIMED, None)
    assert Person.objects.get(pk=person.pk).name == inside.cast.pat.name
    assert events(person) == ["person.claimed"]


def test_who_loses_the_race_leaves_no_key(inside):
    person = actions.claim_person(NEW, by=VISITOR, at=AT)
    uid = person.uid
    person.key_draft = None  # the transaction went no further
    del person
    keys.forget(uid)
    with pytest.raises(NoSubjectKey):
        keys.subject_key(uid)


def test_verifying_gives_a_number_that_can_be_busy(inside):
    person = actions.verify_person(inside.cast.stranger, by=BY)
    again = actions.verify_person(person, by=BY)
    assert person.is_verified
    assert again.resource_id == person.resource_id is not None
    assert events(person).count("person.verified") == 1


def test_corrections_are_found_and_old_names_are_not(inside):
    person = actions.create_person(NEW, by=BY, at=AT)
    changes = {"last_name": "Zamora", "phone": "512 555 0172", "email": ""}
    actions.update_person(person, changes, by=BY, on=AT.date())
    kept = Person.objects.get(pk=person.pk)
    assert (kept.last_name, kept.phone, kept.email) == ("Zamora", "+15125550172", "")
    assert [one.uid for one in search.find_people("zam")] == [person.uid]
    assert search.find_people("nunez") == []
    assert search.find_people("+1 512 555 0171") == []
    assert events(person) == ["person.created", "person.updated"]


def test_a_change_that_changes_nothing_is_no_event(inside):
    person = actions.create_person(NEW, by=BY, at=AT)
    actions.update_person(person, {"first_name": "Noémi", "nonsense": 1}, by=BY, on=AT.date())
    assert events(person) == ["person.created"]


@pytest.mark.parametrize("name", ["state", "resource", "uid", "created_at", "archived_at", "last_visit_at"])
def test_only_details_are_written(inside, name):
    person = actions.create_person(NEW, by=BY, at=AT)
    before = Person.objects.values().get(pk=person.pk)
    actions.update_person(person, {name: "claimed"}, by=BY, on=AT.date())
    assert Person.objects.values().get(pk=person.pk) == before


def test_a_wrong_correction_changes_nothing(inside):
    person = actions.create_person(NEW, by=BY, at=AT)
    with pytest.raises(Invalid) as caught:
        actions.update_person(person, {"first_name": "", "phone": "1"}, by=BY, on=AT.date())
    assert {one["field"] for one in caught.value.errors} == {"first_name", "phone"}
    assert actions.details_of(Person.objects.get(pk=person.pk)) == NEW


def test_families_share_a_phone(inside):
    pat = inside.cast.pat
    child = actions.create_person(Details("Petra", "Peterson", phone=pat.phone), by=BY, at=AT)
    found = {one.uid for one in search.people_with_contact("phone", pat.phone)}
    assert {pat.uid, child.uid} <= found


def test_the_same_person_twice_is_a_hint_for_the_staff(inside):
    pat, fran = inside.cast.pat, inside.cast.desk
    same = Details("Patricia", "Other", "", "+15125550123", date(1988, 4, 23))
    assert [one.uid for one in access.possible_duplicates(fran, same)] == [pat.uid]
    other_day = Details("Pat", "Peterson", "", "+15125550123", date(1988, 4, 24))
    assert access.possible_duplicates(fran, other_day) == []


def test_who_was_here_last_comes_first(inside):
    fran = inside.cast.desk
    actions.note_visit(inside.cast.people["quinn"], at=AT)
    actions.note_visit(inside.cast.people["quinn"], at=AT.replace(hour=10))
    people, following = access.recent(fran)
    assert people[0].uid == inside.cast.people["quinn"].uid
    assert people[0].last_visit_at == AT
    assert following is None


def test_a_list_is_read_page_by_page(inside):
    from patients.cursors import read_cursor

    actions.create_people([Details("Page", f"Number {n}") for n in range(7)], by=BY, at=AT)
    actions.note_visit(inside.cast.pat, at=AT)
    seen, after = [], None
    while True:
        people, following = access.recent(inside.cast.desk, after=after, most=4)
        seen += [one.uid for one in people]
        if following is None:
            break
        after = read_cursor(following)
    assert len(seen) == len(set(seen)) == Person.objects.count()
    assert seen[0] == inside.cast.pat.uid


@pytest.mark.promise("P62")
def test_nothing_that_names_a_person_lies_open(inside):
    """Columns of a person hold tokens; what is searched are keyed hashes."""
    person = actions.create_person(NEW, by=BY, at=AT)
    row: Any = Person.objects.values().get(pk=person.pk)
    for name in ("first_name", "last_name", "date_of_birth"):
        assert bytes(row[name])[:2] == b"\x01\x01"
    point = ContactPoint.objects.get(person=person, kind="phone")
    assert len(bytes(point.index)) == 16
    assert "5550171" not in repr(point)
    assert NEW.first_name not in f"{person} {person!r}"
    assert set(NameToken.objects.filter(person=person).values_list("token", flat=True)) == blind.name_tokens(
        "Noémi", "Núñez-Ortiz"
    )


def test_a_read_is_permission_and_trail(inside):
    cast = inside.cast
    access.get_person(cast.desk, cast.pat.uid)
    last = Event.objects.filter(patient_id=cast.pat.uid).latest("at")
    assert (last.verb, last.actor_id) == ("person.viewed", str(cast.desk.pk))
    for role in ("marketer", "analyst"):
        with pytest.raises(NotFound):
            access.get_person(cast.users[role], cast.pat.uid)


def test_a_person_of_next_door_does_not_exist(inside, rival):
    with pytest.raises(NotFound):
        access.get_person(inside.cast.owner, rival.cast.pat.uid)
    assert search.find_people("Paula") == []
    assert search.find_people("paula@example.com") == []
