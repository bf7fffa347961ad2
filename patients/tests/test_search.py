"""Finding people by the beginning of a name, by number, by address: fast, and only one's own."""

import time
from datetime import UTC, date, datetime

import pytest

from audit.actors import job
from audit.models import Event
from patients import access, actions, search
from patients.models import Person
from patients.rules import Details
from tenants.context import enter

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BY = job("test")

NAMES = [
    ("José", "Álvarez"),
    ("Zoë", "Müller-Lüdenscheidt"),
    ("Seán", "O'Brien"),
    ("محمد", "الفارسي"),
    ("Mary Anne", "van der Berg"),
    ("Łukasz", "Żółkiewski"),
    ("李", "小龙"),
    ("Ng", "Y"),
    ("Bjørk", "Guðmundsdóttir"),
    ("Alexandria", "Wolfeschlegelsteinhausenbergerdorff"),
]


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        actions.create_people([Details(*name, phone="+15125550180") for name in NAMES], by=BY, at=AT)
        yield glow


def names(text: str) -> list[str]:
    return [person.name for person in search.find_people(text)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jo", "José Álvarez"),
        ("JOSE", "José Álvarez"),
        ("josé álv", "José Álvarez"),
        ("alv jos", "José Álvarez"),
        ("alvarez", "José Álvarez"),
        ("zoe mul", "Zoë Müller-Lüdenscheidt"),
        ("lude", "Zoë Müller-Lüdenscheidt"),
        ("obr", "Seán O'Brien"),
        ("o'br", "Seán O'Brien"),
        ("o’brien", "Seán O'Brien"),
        ("brien sean", "Seán O'Brien"),
        ("مح", "محمد الفارسي"),
        ("berg", "Mary Anne van der Berg"),
        ("anne van", "Mary Anne van der Berg"),
        ("lukasz zolk", "Łukasz Żółkiewski"),
        ("小龙", "李 小龙"),
        ("李", "李 小龙"),
        ("ng y", "Ng Y"),
        ("bjork gud", "Bjørk Guðmundsdóttir"),
        ("wolfeschlegelstein", "Alexandria Wolfeschlegelsteinhausenbergerdorff"),
    ],
)
def test_a_name_is_found_by_its_beginnings(inside, typed, found):
    assert found in names(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        "_",
        "' OR 1=1 --",
        "\\",
        "\0",
        "\0jo\0x",
        "zz",
        "josex",
        "alvarez x",
        "(((",
        "🌸",
        "x" * 5_000,
    ],
)
def test_what_finds_nobody(inside, typed):
    assert names(typed) == []


@pytest.mark.parametrize(
    "typed", ["5125550123", "(512) 555-0123", "+1 512.555.0123", "512 555 0123", "1-512-555-0123"]
)
def test_a_number_in_any_form(inside, typed):
    assert names(typed) == ["Pat Peterson"]


@pytest.mark.parametrize("typed", ["pat@example.com", " PAT@Example.COM "])
def test_an_address_in_any_form(inside, typed):
    assert names(typed) == ["Pat Peterson"]


@pytest.mark.parametrize(
    "typed", ["5125559999", "pat@", "nobody@example.com", "+999999999999", "p.at@example.com"]
)
def test_numbers_and_addresses_of_nobody(inside, typed):
    assert names(typed) == []


def test_the_whole_name_comes_before_its_beginning(inside):
    actions.create_people([Details("Ann", "Lee"), Details("Annabel", "Leeds")], by=BY, at=AT)
    assert names("ann lee") == ["Ann Lee", "Annabel Leeds"]


def test_a_whole_name_is_found_among_the_many_that_begin_alike(inside, monkeypatch):
    monkeypatch.setattr(search, "WHOLE_SLICE", 10)
    alike = [Details("Annabel", "Leeds") for _ in range(25)]
    actions.create_people([Details("Ann", "Lee"), *alike], by=BY, at=AT)
    assert names("ann lee")[0] == "Ann Lee"
    assert len(names("ann lee")) == 20


@pytest.mark.parametrize("slices", [1, 2, 3, 60])
def test_names_are_opened_a_slice_at_a_time_until_there_are_enough(inside, monkeypatch, slices):
    """Longer names share the first four letters, so they come back from the database and are led astray."""
    actions.create_people([Details("Wolfgang", "Hein") for _ in range(3)], by=BY, at=AT)
    actions.create_people([Details("Wolfram", "Hein") for _ in range(3)], by=BY, at=AT)
    monkeypatch.setattr(search, "WHOLE_SLICE", slices)
    assert [person.name for person in search.find_people("wolfgang", most=2)] == ["Wolfgang Hein"] * 2
    assert len(search.find_people("wolfgang")) == 3
    assert len(search.find_people("wolf hein")) == 6


def test_one_event_names_all_that_were_shown(inside):
    fran = inside.cast.desk
    before = Event.objects.count()
    people = access.search(fran, "mary")
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("at")
    assert (event.verb, event.shown) == ("person.searched", [person.uid for person in people])


def test_archived_people_are_not_found(inside):
    Person.objects.filter(pk=inside.cast.pat.pk).update(archived_at=AT)
    assert names("pat peterson") == []
    assert names("+15125550123") == []


def test_never_next_door(inside, rival):
    with enter(rival.clinic):
        assert names("jose") == []
        assert names("+15125550180") == []
        assert names("pat") == []
        assert names("pau") == ["Paula Park"]


def test_two_thousand_people(inside, django_assert_max_num_queries):
    firsts = ["Maria", "James", "Linda", "Wei", "Ahmed", "Sofia", "Jonas", "Amara", "Priya", "Noah"]
    lasts = [
        "Smith",
        "Garcia",
        "Nguyen",
        "Kowalski",
        "Okafor",
        "Jansen",
        "Haddad",
        "Silva",
        "Brandt",
        "Moreau",
    ]
    crowd = [
        Details(
            firsts[n % 10],
            f"{lasts[n // 10 % 10]} {chr(97 + n // 100)}{n:04}",
            date_of_birth=date(1980, 1, 1),
        )
        for n in range(2_000)
    ]
    actions.create_people(crowd, by=BY, at=AT)
    actions.create_person(Details("Marisol", "Smithers"), by=BY, at=AT)
    began = time.perf_counter()
    with django_assert_max_num_queries(4):
        found = search.find_people("mar smi")
    took = time.perf_counter() - began
    assert {"Maria Smith", "Marisol Smithers"} <= {person.name[:15].strip() for person in found} | {
        " ".join(person.name.split()[:2]) for person in found
    }
    assert len(found) == 20
    assert took < 1.0
    with django_assert_max_num_queries(4):
        assert len(search.find_people("ja")) == 20
