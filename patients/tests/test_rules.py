"""What may be said of a person: every failure at once, with a way out in words."""

from datetime import date

import pytest

from core.problems import Invalid
from patients.rules import Details, Entry, age_on, read_changes, read_details

TODAY = date(2026, 11, 23)
GOOD = {
    "first_name": "Pat",
    "last_name": "Peterson",
    "email": "Pat@Example.com ",
    "phone": "(512) 555-0123",
    "date_of_birth": "1988-04-23",
}


def read(entry=Entry.SELF, **changes):
    return read_details({**GOOD, **changes}, on=TODAY, entry=entry)


def codes(entry=Entry.SELF, **changes) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(entry, **changes)
    return {one["field"]: one["code"] for one in caught.value.errors}


def test_details_come_out_clean():
    assert read() == Details("Pat", "Peterson", "pat@example.com", "+15125550123", date(1988, 4, 23))


@pytest.mark.parametrize(
    ("number", "e164"),
    [
        ("512-555-0123", "+15125550123"),
        ("1 512 555 0123", "+15125550123"),
        ("+1 (512) 555.0123", "+15125550123"),
        ("+44 20 7946 0018", "+442079460018"),
        ("+49 30 901820", "+4930901820"),
        ("+52 55 5533 1234", "+525555331234"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("+61 2 9374 4000", "+61293744000"),
        ("+81 3-1234-5678", "+81312345678"),
        ("+91 22 2778 2183", "+912227782183"),
        ("+55 11 2222-3333", "+551122223333"),
        ("+972 3-511-0000", "+97235110000"),
        ("+353 1 677 9000", "+35316779000"),
    ],
)
def test_phones_of_many_countries(number, e164):
    assert read(phone=number).phone == e164


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("2026-11-24", "future"),
        ("2013-11-24", "under_13"),
        ("2013-11-23", "under_18"),
        ("2008-11-24", "under_18"),
        ("1895-01-01", "too_long_ago"),
        ("23.04.1988", "invalid"),
        ("1988-02-30", "invalid"),
        ("19880423", "invalid"),
        ("", "missing"),
        (None, "missing"),
    ],
)
def test_birth_dates_that_cannot_book(born, code):
    assert codes(date_of_birth=born) == {"date_of_birth": code}


def test_who_is_eighteen_today_may_book():
    assert read(date_of_birth="2008-11-23").date_of_birth == date(2008, 11, 23)


def test_the_way_out_is_said():
    with pytest.raises(Invalid) as caught:
        read(date_of_birth="2010-01-01")
    assert "call the clinic" in caught.value.errors[0]["message"]


def test_staff_may_add_a_teenager_but_no_child():
    assert read(Entry.STAFF, date_of_birth="2010-01-01").date_of_birth == date(2010, 1, 1)
    assert codes(Entry.STAFF, date_of_birth="2016-01-01") == {"date_of_birth": "under_13"}


def test_staff_need_a_name_only():
    details = read_details({"first_name": "Pat", "last_name": "P"}, on=TODAY, entry=Entry.STAFF)
    assert details == Details("Pat", "P")


def test_all_failures_are_listed():
    with pytest.raises(Invalid) as caught:
        read_details({"email": "nonsense", "phone": "12"}, on=TODAY, entry=Entry.SELF, prefix="patient.")
    found = {one["field"]: one["code"] for one in caught.value.errors}
    assert set(found) == {
        f"patient.{name}" for name in ("first_name", "last_name", "email", "phone", "date_of_birth")
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("\u200b\u200e", "missing"),
        ("a\0b", "control_character"),
        ("a\x07b", "control_character"),
        ("x" * 101, "too_long"),
        ("x" * 10_000, "too_long"),
        (42, "not_text"),
        (["Pat"], "not_text"),
        ({"a": 1}, "not_text"),
        (True, "not_text"),
    ],
)
def test_names_that_are_none(name, code):
    assert codes(first_name=name) == {"first_name": code}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("محمد", "محمد"),
        ("‮Pat‬", "Pat"),
        ("Zoë 🌸", "Zoë 🌸"),
        ("👩‍⚕️", "👩‍⚕️"),
        ("José", "José"),
        ("Anne\u00a0 Marie", "Anne Marie"),
        ("O'Brien-<script>", "O'Brien-<script>"),
        ("x" * 100, "x" * 100),
        ("李", "李"),
    ],
)
def test_names_of_all_kinds(typed, kept):
    assert read(first_name=typed).first_name == kept


def test_changes_leave_the_rest():
    before = read()
    assert read_changes({"phone": ""}, before, on=TODAY).phone == ""
    assert read_changes({"email": "new@example.com"}, before, on=TODAY).first_name == "Pat"
    with pytest.raises(Invalid):
        read_changes({"first_name": ""}, before, on=TODAY)


def test_a_browser_that_invents_its_zone_can_still_book():
    assert read(timezone="Mars/Olympus").timezone == ""
    assert read(timezone="Europe/Berlin").timezone == "Europe/Berlin"
    assert codes(Entry.STAFF, timezone="Mars/Olympus") == {"timezone": "unknown"}


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
    ],
)
def test_ages(born, on, age):
    assert age_on(born, on) == age
