"""Reading a statement, counting in months, speaking against: without a database."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charting.history import facts
from charting.history.codes import BY_KEY, CODES
from charting.history.facts import Fact
from charting.models import HistoryKind, Nature
from charting.months import months_after
from core.problems import Invalid

TODAY = date(2027, 3, 1)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2120, 12, 31))

BAD = [
    ("allergy", {}, {"text": "required"}),
    ("allergy", {"text": " \t "}, {"text": "required"}),
    ("allergy", {"text": "x" * 161}, {"text": "too_long"}),
    ("allergy", {"code": "isotretinoin"}, {"code": "invalid_choice"}),
    ("allergy", {"code": "nothing"}, {"text": "required", "code": "invalid_choice"}),
    ("allergy", {"text": "Latex", "severity": "awful", "since": "2019-13"}, {"severity": "invalid_choice", "since": "invalid"}),
    ("allergy", {"text": "Latex", "since": "2028"}, {"since": "future"}),
    ("allergy", {"text": "Latex", "since": "1066"}, {"since": "invalid"}),
    ("allergy", {"text": "La\x00tex"}, {"text": "control_character"}),
    ("medication", {"code": "warfarin", "until": "2027"}, {"until": "invalid"}),
    ("medication", {"code": "warfarin", "until": "2027-02-29"}, {"until": "invalid"}),
    ("condition", {"text": "Tan", "since": "2027-02", "until": "2026-12-31"}, {"until": "order"}),
    ("condition", {"text": "Tan", "against": "everything"}, {"against": "invalid_choice"}),
    ("skin_type", {}, {"skin_type": "required"}),
    ("skin_type", {"skin_type": "7"}, {"skin_type": "invalid_choice"}),
    ("patch_test", {}, {"against": "required", "tested_on": "required", "result": "required"}),
    ("patch_test", {"against": "laser", "tested_on": "2027-03-02", "result": "clear"}, {"tested_on": "future"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "wrong"), BAD)
def test_every_failure_is_told_at_once(kind, typed, wrong):
    with pytest.raises(Invalid) as refused:
        facts.read(kind, typed, today=TODAY)
    assert {each["field"]: each["code"] for each in refused.value.errors} == wrong


def test_a_code_brings_its_own_words():
    assert facts.read("allergy", {"code": "lidocaine"}, today=TODAY).label == "Lidocaine"


def test_what_is_no_part_of_a_kind_is_not_kept():
    assert facts.read("skin_type", {"skin_type": "3", "dose": "much"}, today=TODAY).dose == ""


CASES = [
    # isotretinoin: while it is taken, and for six months after
    (Fact(code="isotretinoin"), "laser", TODAY, True),
    (Fact(code="isotretinoin", until="2026-09-01"), "laser", date(2027, 3, 1), True),
    (Fact(code="isotretinoin", until="2026-09-01"), "laser", date(2027, 3, 2), False),
    (Fact(code="isotretinoin"), "injectable", TODAY, False),
    (Fact(code="isotretinoin"), "any", TODAY, True),  # a rule that asks about all is asked about all
    (Fact(code="pregnant"), "injectable", TODAY, True),
    (Fact(code="cold_sores"), "any", TODAY, False),
    (Fact(text="Fresh tan", against="laser", until="2027-03-01"), "laser", TODAY, True),
    (Fact(text="Fresh tan", against="laser", until="2027-02-28"), "laser", TODAY, False),
]


@pytest.mark.parametrize(("fact", "nature", "on", "stands"), CASES)
def test_what_speaks_against_a_treatment(fact, nature, on, stands):
    assert facts.contraindicates(fact, nature, on=on) is stands


@given(DAYS, st.integers(min_value=0, max_value=120))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day, months):
    after = months_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == min(day.day, monthrange(after.year, after.month)[1])


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_a_later_day_never_ends_earlier(day, months):
    assert months_after(day, months) <= months_after(day + timedelta(days=1), months)


def test_leap_days():
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_the_list_of_codes_is_of_one_piece():
    assert len(BY_KEY) == len(CODES)
    assert all(one.against in {"", *Nature.values} and one.kind in HistoryKind.values for one in CODES)
    assert all(one.code.isdigit() for one in CODES)
