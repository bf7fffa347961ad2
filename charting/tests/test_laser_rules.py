"""The estimate, the figures and the jumps: rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charting.lasers import kirby_desai, parameters
from charting.lasers.intervals import Interval, days_between
from charting.lasers.jumps import jumps
from charting.lasers.parameters import PICO, Parameters
from charting.tests.courses import FIGURES, TATTOO

BEFORE = Parameters(1064, 40, 250, 450, "ps", 1)


def codes(now, before=BEFORE, *, last=None, skin=3, days=56, least_days=42):
    found = jumps(now, before, last=last, skin=skin, days=days, least_days=least_days)
    return {one.code for one in found}


@pytest.mark.promise("P51")
@pytest.mark.parametrize(
    ("facts", "score"),
    [
        (TATTOO, 3 + 5 + 2 + 3 + 0 + 0),
        # The ends of the published scale: 1+1+1+1+0+0, and 6+5+4+4+5+2.
        (
            dict.fromkeys(["skin"], "1")
            | {"place": "head", "colours": "black", "ink": "amateur", "scarring": "none", "layering": "no"},
            4,
        ),
        (
            dict.fromkeys(["skin"], "6")
            | {
                "place": "lower_limb",
                "colours": "many",
                "ink": "significant",
                "scarring": "significant",
                "layering": "yes",
            },
            26,
        ),
        (TATTOO | {"scarring": "moderate", "layering": "yes"}, 13 + 3 + 2),
        (TATTOO | {"place": "upper_trunk", "ink": "minimal"}, 3 + 2 + 2 + 2),
    ],
)
def test_the_points_add_up(facts, score):
    assert kirby_desai.Facts(**facts).score == score


def test_every_combination_lies_within_the_published_ends():
    tables = [[worth for _key, _words, worth in table] for table in kirby_desai.QUESTIONS.values()]
    sums = [sum(points) for points in product(*tables)]
    assert (min(sums), max(sums)) == (4, 26)
    assert [len(table) for table in tables] == [6, 5, 4, 4, 4, 2]


def test_half_the_facts_are_no_estimate():
    assert kirby_desai.Facts.of({"skin": "3"}) is None
    with pytest.raises(ValueError, match="no answer"):
        kirby_desai.Facts(**TATTOO | {"ink": "lots"})


@pytest.mark.promise("P51")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, set()),
        ({"fluence": 312}, set()),
        ({"fluence": 313}, {"fluence"}),  # 25.2 %
        ({"fluence": 200}, set()),
        ({"spot": 39}, {"spot"}),
        ({"spot": 39, "fluence": 249}, set()),  # smaller, and weaker with it
        ({"spot": 30, "fluence": 400}, {"spot", "fluence"}),
        ({"spot": 60}, set()),
        ({"pulse": 226}, set()),
        ({"pulse": 225}, {"pulse"}),
        ({"wavelength": 532}, set()),  # skin type III
    ],
)
def test_what_is_a_jump(change, found):
    assert codes(replace(BEFORE, **change)) == found


def test_a_quarter_more_is_a_jump_to_the_hundredth():
    before = replace(BEFORE, fluence=400)
    assert codes(replace(BEFORE, fluence=500), before) == {"fluence"}
    assert codes(replace(BEFORE, fluence=499), before) == set()


@pytest.mark.parametrize(
    ("skin", "found"),
    [(1, set()), (4, set()), (5, {"wavelength"}), (6, {"wavelength"}), (None, {"wavelength"})],
)
def test_another_wavelength_on_dark_or_unknown_skin(skin, found):
    assert codes(replace(BEFORE, wavelength=532), skin=skin) == found
    # The skin remembers the last treatment, whatever device it was on.
    assert codes(BEFORE, None, last=replace(BEFORE, wavelength=532), skin=skin) == found


@pytest.mark.parametrize(
    ("days", "found"), [(None, set()), (0, {"interval"}), (41, {"interval"}), (42, set()), (43, set())]
)
def test_too_soon(days, found):
    assert codes(BEFORE, days=days) == found


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_no_silence_at_the_border_of_fluence(before, now):
    """Exactly the sessions at a quarter more or above are told, in whole numbers: nothing is lost to rounding."""
    told = "fluence" in codes(replace(BEFORE, fluence=now), replace(BEFORE, fluence=before))
    assert told == (4 * now >= 5 * before)


@given(st.integers(0, 400), st.integers(1, 400))
def test_no_silence_at_the_border_of_the_interval(days, least):
    assert ("interval" in codes(BEFORE, days=days, least_days=least)) == (days < least)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("fluence", "", "missing"),
        ("fluence", "a lot", "out_of_range"),
        ("fluence", "0", "out_of_range"),
        ("fluence", "-3", "out_of_range"),
        ("fluence", "200.01", "out_of_range"),
        ("fluence", "2.505", "too_fine"),
        ("fluence", "NaN", "out_of_range"),
        ("fluence", "Infinity", "out_of_range"),
        ("fluence", "1e999999", "out_of_range"),
        ("wavelength", "1064.5", "too_fine"),
        ("wavelength", "299", "out_of_range"),
        ("spot", "0.05", "out_of_range"),
        ("passes", "0", "out_of_range"),
        ("passes", "21", "out_of_range"),
        ("pulse", "1001", "out_of_range"),
        ("pulse_unit", "s", "unknown"),
        ("endpoint", "smoke", "unknown"),
        ("cooling", "snow", "unknown"),
        ("inks", ["plaid"], "unknown"),
        ("inks", "black", "unknown"),
    ],
)
def test_bad_figures_are_refused(name, typed, code):
    made, wrong = parameters.read(FIGURES | {name: typed})
    assert made is None
    assert (name, code) in {(one["field"], one["code"]) for one in wrong}


def test_every_failure_at_once():
    _made, wrong = parameters.read({})
    assert {one["field"] for one in wrong} == {
        "wavelength",
        "spot",
        "fluence",
        "pulse",
        "pulse_unit",
        "passes",
    }


def test_figures_are_whole_numbers_in_small_units():
    made, wrong = parameters.read(FIGURES | {"fluence": "2,5", "spot": "4.5"})
    assert wrong == []
    assert made is not None
    assert (made.fluence, made.spot, made.pulse, made.frequency) == (250, 45, 450, 50)
    assert (made.told("fluence"), made.told("pulse")) == ("2.5 J/cm²", "450 ps")
    assert Parameters.of(made.as_json()) == made
    longer, _wrong = parameters.read(FIGURES | {"pulse": "6", "pulse_unit": "ns"})
    assert longer is not None
    assert longer.pulse == 6 * PICO["ns"]


def test_a_week_with_a_change_of_the_clocks_has_seven_days():
    zone = ZoneInfo("America/Chicago")  # the clocks go forward on 8 March 2026, at night
    before = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)  # 23:30 on 1 March
    after = datetime(2026, 3, 9, 4, 30, tzinfo=UTC)  # 23:30 on 8 March, an hour less later
    assert days_between(before, after, zone) == 7


def test_the_next_day_lies_inside_the_interval_and_not_in_the_past():
    interval = Interval(42, 56, 120)
    last = date(2026, 3, 2)
    assert interval.next_day(last, today=date(2026, 3, 3)) == date(2026, 4, 13)
    assert interval.next_day(last, today=date(2026, 5, 1)) == date(2026, 5, 1)
    with pytest.raises(ValueError, match="interval"):
        Interval(56, 42, 120)
