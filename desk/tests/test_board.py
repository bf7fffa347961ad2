"""Where the calendar puts things: pure, from a day to rows of five minutes."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from core.ids import uuid7
from desk import board
from scheduling.day import Block, Column, DayView

AUSTIN = ZoneInfo("America/Chicago")
DAY = date(2026, 3, 3)
AT = datetime(2026, 3, 3, 17, 23, tzinfo=UTC)


def view(columns, *, opens=540, closes=1080, day=DAY, now_minute=683):
    visits = [visit for column in columns for visit in column.visits]
    return DayView(
        location=SimpleNamespace(uid=uuid7()),
        day=day,
        zone=AUSTIN,
        is_today=day == DAY,
        now_minute=now_minute,
        opens_minute=opens,
        closes_minute=closes,
        columns=columns,
        visits=visits,
        counts={},
        names_hidden=False,
    )


def column(*away, name="Dr. Amara Osei"):
    provider = SimpleNamespace(name=name, display_name=name, uid=uuid7())
    return Column(provider, [], [Block(*one) for one in away])


def rows(drawn, kind):
    return [(item["at"], item["min"]) for item in drawn.lanes[0].items if item["kind"] == kind]


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        (540, 1080, (8, 18)),
        (570, 1050, (9, 18)),
        (0, 1440, (0, 24)),
        (600, 600, (7, 18)),
        (1410, 1440, (23, 24)),
    ],
)
def test_the_scale_is_whole_hours_with_a_line_above_the_first(opens, closes, hours):
    drawn = board.build(view([column()], opens=opens, closes=closes), at=AT)
    assert (drawn.first_hour, drawn.last_hour) == hours


def test_time_off_is_drawn_as_far_as_the_day_is():
    drawn = board.build(
        view([column((0, 540, "off"), (720, 765, "time_off", "Lunch"), (1080, 1440, "off"))]), at=AT
    )
    assert rows(drawn, "away") == [("08:00", 60), ("12:00", 45)]
    assert [str(item["name"]) for item in drawn.lanes[0].items] == ["", "Lunch"]


def test_free_rows_begin_now_and_keep_clear_of_what_is_busy():
    drawn = board.build(view([column((720, 765, "time_off"))], closes=840), at=AT, may_book=True)
    assert rows(drawn, "free") == [("11:30", 30), ("13:00", 30), ("13:30", 30)]


def test_of_the_free_rows_one_is_a_tab_stop():
    drawn = board.build(view([column()]), at=AT, may_book=True)
    free = [item for item in drawn.lanes[0].items if item["kind"] == "free"]
    assert [item["skip"] for item in free][:3] == [False, True, True]


@pytest.mark.parametrize("kwargs", [{"may_book": False}, {"may_book": True}])
def test_nothing_is_free_in_the_past(kwargs):
    drawn = board.build(view([column()], day=date(2026, 3, 2), now_minute=None), at=AT, **kwargs)
    assert rows(drawn, "free") == []
    assert drawn.now_at == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dr. Amara Osei", "AO"), ("Cher", "C"), ("María José del Río", "MR"), ("", ""), ("李 小龙", "李小")],
)
def test_initials(name, letters):
    assert board.initials(name) == letters


def test_the_now_line_sits_on_a_row():
    drawn = board.build(view([column()]), at=AT)
    assert (drawn.now_at, drawn.now_clock) == ("11:20", "11:23")


@pytest.mark.parametrize(("step", "free"), [(5, 30), (10, 30), (15, 30), (20, 20), (30, 30), (60, 60)])
def test_free_time_and_drags_follow_the_grid_of_the_clinic(step, free):
    drawn = board.build(
        view([column()], day=date(2026, 3, 5), now_minute=None), at=AT, may_book=True, step=step
    )
    assert drawn.step == step
    rows = [item for item in drawn.lanes[0].items if item["kind"] == "free"]
    assert {row["min"] for row in rows} == {free}
    assert all(row["minute"] % step == 0 for row in rows)
