"""Sums and progress of plans, without a database: nothing is lost, nothing counts twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charting.plans.content import Content, Offer, Stage, read
from charting.plans.progress import Done, next_step, steps
from core.money import Money

SINCE = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
SERVICES = [UUID(int=number) for number in range(1, 4)]
SERIES = [UUID(int=number) for number in range(10, 12)]
ZONE = ZoneInfo("America/Chicago")

stages = st.lists(
    st.builds(
        Stage,
        service=st.sampled_from(SERVICES),
        name=st.just("Treatment"),
        sessions=st.integers(1, 8),
        least_days=st.integers(0, 90),
        best_days=st.integers(90, 120),
        price_amount=st.integers(0, 2_000_000_000),
        series=st.sampled_from([None, *SERIES]),
    ),
    min_size=1,
    max_size=6,
)
visits = st.lists(
    st.builds(
        Done,
        at=st.integers(-20, 200).map(lambda days: SINCE + timedelta(days=days)),
        service=st.sampled_from(SERVICES),
        series=st.frozensets(st.sampled_from(SERIES)),
    ),
    max_size=30,
    unique_by=lambda one: one.at,
)


@given(stages)
def test_the_estimate_is_the_sum_of_its_stages_to_the_cent(given_stages):
    content = Content("t", "g", date(2026, 5, 1), "USD", tuple(given_stages))
    cents = sum(one.price_amount * one.sessions for one in given_stages)
    assert content.total == Money(cents, "USD")
    assert content.total == sum((one.total("USD") for one in given_stages), Money.zero("USD"))
    assert Content.of(content.as_json()) == content


@given(stages, visits)
def test_no_visit_counts_twice_and_no_stage_holds_more_than_it_plans(given_stages, given_visits):
    found = steps(given_stages, given_visits, since=SINCE)
    counted = [visit for step in found for visit in step.visits]
    assert len(counted) == len(set(counted))
    for step in found:
        assert 0 <= step.done <= step.stage.sessions
        assert [one.at for one in step.visits] == sorted(one.at for one in step.visits)
        for visit in step.visits:
            assert visit.at >= SINCE
            wanted = step.stage.series
            assert wanted in visit.series if wanted else visit.service == step.stage.service
    left = [one for one in given_visits if one.at >= SINCE and one not in counted]
    for step in found:
        if not step.is_complete:
            assert not any(
                step.stage.series in one.series if step.stage.series else one.service == step.stage.service
                for one in left
            ), "a visit that a stage still wanted was left over"


@given(stages, visits)
def test_before_anybody_agreed_nothing_counts(given_stages, given_visits):
    found = steps(given_stages, given_visits, since=None)
    assert sum(step.done for step in found) == 0
    assert next_step(found) is found[0]


@given(stages, visits, st.integers(0, 200))
def test_one_more_visit_never_takes_progress_away(given_stages, given_visits, day):
    more = Done(SINCE + timedelta(days=day, minutes=7), SERVICES[0])
    before = sum(one.done for one in steps(given_stages, given_visits, since=SINCE))
    after = sum(one.done for one in steps(given_stages, [*given_visits, more], since=SINCE))
    assert before <= after <= before + 1


def test_the_next_session_is_reckoned_by_the_calendar_of_the_clinic():
    stage = Stage(SERVICES[0], "Peel", 3, 28, 42, 100)
    late = datetime(2026, 3, 8, 4, 30, tzinfo=UTC)  # still the 7th in Chicago
    step = steps([stage], [Done(late, SERVICES[0])], since=SINCE)[0]
    assert step.window(ZONE) == (date(2026, 4, 4), date(2026, 4, 18))


def test_every_failure_is_told_at_once_and_where():
    offer = Offer(services={}, series=frozenset(), currency="USD", today=date(2026, 3, 2))
    rows = [
        {
            "service": "x",
            "sessions": "0",
            "price": "free",
            "least_days": "9",
            "best_days": "3",
            "series": "y",
        },
        {"service": "", "sessions": "61", "price": "", "least_days": "-1", "notes": "n" * 1001},
    ]
    content, wrong = read(
        {"title": " ", "goal": "", "valid_until": "2026-03-01", "stages": rows, "instructions": "i" * 4001},
        offer,
    )
    assert content is None
    assert {one["field"] for one in wrong} == {
        *("title", "goal", "valid_until", "instructions"),
        *("stages.0.service", "stages.0.sessions", "stages.0.price", "stages.0.best_days", "stages.0.series"),
        *("stages.1.service", "stages.1.sessions", "stages.1.price", "stages.1.least_days", "stages.1.notes"),
    }


@pytest.mark.parametrize("stages", [None, [], "none", [1], [{}] * 13])
def test_a_plan_has_stages(stages):
    offer = Offer(services={}, series=frozenset(), currency="USD", today=date(2026, 3, 2))
    _content, wrong = read({"title": "t", "goal": "g", "stages": stages}, offer)
    assert "stages" in {one["field"] for one in wrong}


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"amount": 100, "currency": "EUR"}, "currency"),
        ({"amount": -1, "currency": "USD"}, "invalid"),
        ({"amount": 1.5, "currency": "USD"}, "invalid"),
        ({"amount": True, "currency": "USD"}, "invalid"),
        ("12,3456", "invalid"),
        ("-5", "invalid"),
        (5, "invalid"),
    ],
)
def test_a_price_that_is_none_is_refused(price, code):
    offer = Offer(services={}, series=frozenset(), currency="USD", today=date(2026, 3, 2))
    _content, wrong = read({"stages": [{"service": "x", "sessions": 1, "price": price}]}, offer)
    assert [one["code"] for one in wrong if one["field"] == "stages.0.price"] == [code]
