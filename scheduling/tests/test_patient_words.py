"""Dates, times, prices and dates of birth, as people write and read them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core.money import Money
from scheduling.patient_pages import offering, words
from scheduling.patient_pages.birth_date import BirthDateProblem, read_birth_date

AUSTIN = ZoneInfo("America/Chicago")
BORN = date(1988, 6, 14)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=AUSTIN)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["12:00 am", "9:05 am", "12:30 pm", "2:30 pm"]), ("es", ["0:00", "9:05", "12:30", "14:30"])],
)
def test_times_are_said_as_the_language_does(language, said):
    with translation.override(language):
        assert [plain(words.clock(time(*each))) for each in ((0, 0), (9, 5), (12, 30), (14, 30))] == said


def test_a_stretch_names_the_half_of_the_day_once_where_it_can():
    assert plain(words.from_to(at(14, 30), at(15, 15))) == "2:30 – 3:15 pm"
    assert plain(words.from_to(at(11, 30), at(12, 15))) == "11:30 am – 12:15 pm"


def test_days_are_said_as_people_do():
    assert plain(words.day_and_time(at(14, 30))) == "Tue 3 Mar, 2:30 pm"
    assert plain(words.whole_day(date(2026, 3, 3))) == "Tuesday 3 March"
    assert plain(words.months(date(2026, 3, 3), date(2026, 3, 16))) == "March 2026"
    assert plain(words.months(date(2026, 12, 30), date(2027, 1, 12))) == "December 2026 – January 2027"


def test_today_and_tomorrow_are_the_clinics():
    late = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)  # eleven in the evening of the third, in Austin
    assert plain(words.soon(at(23, 30), late)) == "Today, 11:30 pm"
    assert plain(words.soon(at(9, day=4), late)) == "Tomorrow, 9:00 am"
    assert plain(words.soon(at(9, day=5), late)) == "Thu 5 Mar, 9:00 am"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Money(0, "USD"), "Free"),
        (Money(48_000, "USD"), "$480"),
        (Money(1_950, "USD"), "$19.50"),
        (Money(120_000, "USD"), "$1,200"),
        (Money(48_000, "JPY"), "¥48,000"),
    ],
)
def test_prices_lose_their_zeros(amount, said):
    assert words.price(amount) == said


def test_long_treatments_are_told_in_hours():
    assert [words.minutes(count) for count in (15, 90, 120, 150)] == ["15 min", "90 min", "2 h", "2 h 30 min"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ines Ibarra", "II"), ("Dr. Amara Osei", "AO"), ("Maximiliana F. de la Vega", "MV"), ("Li", "L")],
)
def test_initials_leave_titles_out(name, letters):
    assert offering.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("en, es", "English, Spanish"),
        ("English, Czech", "English, Czech"),
        ("en", ""),
        ("English", ""),
        ("", ""),
    ],
)
def test_languages_are_told_where_there_is_another(text, said):
    assert offering.spoken(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "06/14/1988",
        "6-14-1988",
        "06.14.1988",
        "06 14 1988",
        "06141988",
        "14/06/1988",
        "1988-06-14",
        "1988/6/14",
        "19880614",
        "14 Jun 1988",
        "Jun 14, 1988",
        "June 14th, 1988",
        "14th of June 1988",
        "14 de junio de 1988",
        " 06 / 14 / 1988 ",
    ],
)
def test_a_birth_date_is_read_in_every_common_form(text):
    assert read_birth_date(text, region="US") == BORN


def test_the_region_decides_only_what_is_ambiguous():
    assert read_birth_date("3/4/1990", region="US") == date(1990, 3, 4)
    assert read_birth_date("3/4/1990", region="GB") == date(1990, 4, 3)
    assert read_birth_date("14/06/1988", region="US") == read_birth_date("06/14/1988", region="GB") == BORN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("06/14", "no_year"),
        ("14 June", "no_year"),
        ("6/14/88", "short_year"),
        ("02/30/1988", "no_such_date"),
        ("13/13/1988", "no_such_date"),
        ("0/0/1988", "no_such_date"),
        ("ju 3 1990", "unreadable"),
        ("yesterday", "unreadable"),
        ("1/2/3/1990", "unreadable"),
        ("", "unreadable"),
        ("9" * 400, "unreadable"),
    ],
)
def test_what_is_not_sure_is_asked(text, code):
    with pytest.raises(BirthDateProblem) as refusal:
        read_birth_date(text)
    assert refusal.value.code == code


def test_languages_are_told_in_that_of_the_page_however_the_clinic_wrote_them():
    with translation.override("es"):
        assert offering.spoken("en, cs") == offering.spoken("English, Czech") == "Inglés, Checo"
