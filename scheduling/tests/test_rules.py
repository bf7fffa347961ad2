"""Bit arithmetic against an oracle that counts minutes, and the clock's changes in six zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import day_span, local
from core.spans import Span
from scheduling import rules
from scheduling.daybits import DayBits, Key, join, split
from scheduling.rules import Demand, Frame

FREE = st.lists(st.booleans(), min_size=1, max_size=120)


def number(free):
    return sum(1 << place for place, is_free in enumerate(free) if is_free)


@given(FREE, st.integers(1, 40))
def test_runs_finds_every_start_of_a_free_run_and_no_other(free, length):
    expected = {at for at in range(len(free)) if at + length <= len(free) and all(free[at : at + length])}
    assert set(rules.each_bit(rules.runs(number(free), length))) == expected


DEMANDS = st.builds(
    lambda duration, before, after, gap, gap_at: Demand(
        duration=duration,
        before=before,
        after=after,
        gap_start=min(gap_at, duration),
        gap_minutes=min(gap, duration - min(gap_at, duration)),
    ),
    st.integers(1, 130),
    st.integers(0, 25),
    st.integers(0, 25),
    st.integers(0, 40),
    st.integers(0, 60),
)


@settings(max_examples=300)
@given(FREE, DEMANDS)
def test_starts_leaves_the_gap_free_and_rounds_outward(free, demand):
    def fits(at, stretches):
        for first, stop in stretches:
            # Every minute of the stretch lies in a free step of the frame.
            for minute in range(at * 5 + first, at * 5 + stop):
                step = minute // 5
                if not (0 <= step < len(free) and free[step]):
                    return False
        return True

    for stretches in (demand.provider, demand.whole):
        expected = {at for at in range(len(free)) if fits(at, stretches)}
        found = rules.starts(number(free), stretches)
        assert {at for at in rules.each_bit(found) if at < len(free)} == expected


def test_a_demand_refuses_nonsense():
    for wrong in (
        {"duration": 0},
        {"duration": 30, "before": -5},
        {"duration": 30, "gap_start": 20, "gap_minutes": 15},
    ):
        with pytest.raises(ValueError):
            Demand(**wrong)


def test_a_gap_at_the_very_start_leaves_no_empty_stretch():
    assert Demand(duration=30, gap_start=0, gap_minutes=10).provider == ((10, 30),)


@given(st.lists(st.integers(0, (1 << 60) - 1), min_size=1, max_size=6), st.data())
def test_shared_out_gives_each_start_once_to_the_first_who_can(can, data):
    order = data.draw(st.permutations(range(len(can))))
    given_out = rules.shared_out(can, list(order))
    assert rules.any_of(given_out) == rules.any_of(can)
    for step in rules.each_bit(rules.any_of(can)):
        who = [at for at, bits in enumerate(given_out) if bits >> step & 1]
        assert who == [next(at for at in order if can[at] >> step & 1)]


def test_ranking_prefers_fewest_visits_then_takes_turns():
    assert rules.ranking([2, 0, 1], turn=0) == [1, 2, 0]
    assert rules.ranking([1, 1, 1], turn=0) == [0, 1, 2]
    assert rules.ranking([1, 1, 1], turn=1) == [1, 2, 0]
    assert rules.ranking([1, 1, 0], turn=1) == [2, 1, 0]


def test_busy_rounds_out_and_open_rounds_in():
    frame = Frame(date(2026, 3, 2), 1)
    start = datetime(2026, 3, 2, 10, 2, tzinfo=UTC)
    span = Span(start, start + timedelta(minutes=6))  # 10:02–10:08
    assert list(rules.each_bit(frame.busy(span))) == [120, 121]
    assert frame.open(span) == 0
    assert list(rules.each_bit(frame.open(span.padded(timedelta(minutes=2), timedelta(minutes=2))))) == [
        120,
        121,
    ]
    assert frame.busy(span.shift(timedelta(days=2))) == 0


# --- Clock changes -------------------------------------------------------------------------------------------

# zone, day, hours the day has, steps on a 15-minute grid
CHANGES = [
    ("America/Chicago", date(2026, 3, 8), 23, 92),
    ("America/Chicago", date(2026, 11, 1), 25, 100),
    ("America/Los_Angeles", date(2026, 3, 8), 23, 92),
    ("America/New_York", date(2026, 11, 1), 25, 100),
    ("America/Phoenix", date(2026, 3, 8), 24, 96),  # has no changes
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, 98),  # by half an hour
    ("Europe/Berlin", date(2026, 3, 29), 23, 92),
    ("Europe/Berlin", date(2026, 10, 25), 25, 100),
]


@pytest.mark.parametrize(("zone", "day", "hours", "count"), CHANGES)
def test_a_day_has_the_starts_its_clock_has(zone, day, hours, count):
    span = day_span(day, zone)
    assert span.duration == timedelta(hours=hours)
    frame = Frame.over(span)
    on_grid = rules.grid(frame, rules.local_days(frame, day, day, zone), 15)
    assert on_grid.bit_count() == count
    for step in rules.each_bit(on_grid):
        wall = local(frame.moment(step), zone)
        assert wall.date() == day
        assert wall.minute % 15 == 0


def half_hours(day):
    frame = Frame.over(day_span(day, "America/Chicago"))
    return frame, rules.grid(frame, rules.local_days(frame, day, day, "America/Chicago"), 30)


def test_a_skipped_hour_has_no_start_and_a_double_one_has_two():
    spring, on_grid = half_hours(date(2026, 3, 8))
    walls = [local(spring.moment(step), "America/Chicago") for step in rules.each_bit(on_grid)]
    assert [f"{wall:%H:%M}" for wall in walls][2:8] == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]

    autumn, on_grid = half_hours(date(2026, 11, 1))
    walls = [local(autumn.moment(step), "America/Chicago") for step in rules.each_bit(on_grid)]
    assert [wall.strftime("%H:%M%z") for wall in walls][2:6] == [
        "01:00-0500",
        "01:30-0500",
        "01:00-0600",
        "01:30-0600",
    ]


@pytest.mark.parametrize("zone", sorted({zone for zone, *_ in CHANGES}))
def test_clock_faces_show_what_the_wall_shows_on_every_day_of_a_year(zone):
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal(), 3):
        day = date.fromordinal(ordinal)
        frame = Frame(day - timedelta(days=1), 3)
        (found,) = rules.local_days(frame, day, day, zone)
        assert found.count == day_span(day, zone).duration // timedelta(minutes=5)
        for step in (0, 1, 143, found.count - 1):
            moment = frame.moment(found.place + step)
            assert found.faces[step] == local(moment, zone).isoformat()
            assert local(moment, zone).date() == day


# --- How a day is written down -------------------------------------------------------------------------------

BITS = st.integers(0, rules.DAY_MASK)
KEYS = st.builds(Key, st.integers(1, 1 << 62), st.integers(1, 50))


@given(st.dictionaries(KEYS, st.tuples(BITS, BITS, st.booleans()), max_size=8))
def test_a_day_is_read_as_it_was_written(records):
    day = DayBits(
        {key: free for key, (free, _starts, _provides) in records.items()},
        {key: starts for key, (_free, starts, provides) in records.items() if provides},
    )
    again = DayBits.unpack(day.pack())
    assert again == day
    assert again.pack() == day.pack()


@given(st.lists(st.tuples(BITS, BITS), min_size=1, max_size=5))
def test_join_puts_days_in_a_row(days):
    provider, room = Key(7, 1), Key(9, 1)
    packed = [DayBits({provider: free, room: busy}, {provider: busy}).pack() for free, busy in days]
    assert split(b"".join(packed)) == packed
    joined = join(packed, {7, 9, 8})
    whole = Frame(date(2026, 1, 1), len(days))
    assert [whole.day(joined.free[provider], n) for n in range(len(days))] == [free for free, _ in days]
    assert [whole.day(joined.starts[provider], n) for n in range(len(days))] == [busy for _, busy in days]
    assert room not in joined.starts
    assert Key(8, 1) not in joined.free


def test_who_is_not_there_on_a_day_is_not_free_on_it():
    known, new = Key(1, 1), Key(2, 1)
    packed = [DayBits({known: 1, new: 1}, {known: 1}).pack(), DayBits({known: 1}, {}).pack()]
    joined = join(packed, {1, 2})
    assert joined.free == {known: 1 | 1 << rules.STEPS_A_DAY, new: 1}
    assert joined.starts == {known: 1}
