"""Quiet hours by the recipient's clock: tables by state, clock changes in six zones, and properties."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import quiet

ZONES = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu",
]  # fmt: skip


def at(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def shown(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")


# 2026-05-04 is a Monday
@pytest.mark.parametrize(
    ("region", "asked", "expected"),
    [
        ("IL", "2026-05-04 07:59", "Mon 2026-05-04 08:00"),
        ("IL", "2026-05-04 08:00", "Mon 2026-05-04 08:00"),
        ("IL", "2026-05-04 20:59", "Mon 2026-05-04 20:59"),
        ("IL", "2026-05-04 21:00", "Tue 2026-05-05 08:00"),
        ("IL", "2026-05-10 12:00", "Sun 2026-05-10 12:00"),
        *[(state, "2026-05-04 20:00", "Tue 2026-05-05 08:00") for state in ("FL", "OK", "MD", "NJ", "MS")],
        *[
            (state, "2026-05-04 19:59", "Mon 2026-05-04 19:59")
            for state in ("FL", "OK", "MD", "NJ", "MS", "CT")
        ],
        ("CT", "2026-05-04 08:30", "Mon 2026-05-04 09:00"),
        ("TX", "2026-05-04 08:30", "Mon 2026-05-04 09:00"),
        ("TX", "2026-05-10 09:30", "Sun 2026-05-10 12:00"),
        ("TX", "2026-05-09 21:00", "Sun 2026-05-10 12:00"),
        ("RI", "2026-05-04 18:00", "Tue 2026-05-05 09:00"),
        ("RI", "2026-05-09 09:30", "Sat 2026-05-09 10:00"),
        ("RI", "2026-05-09 17:00", "Sun 2026-05-10 10:00"),
        *[(state, "2026-05-10 12:00", "Mon 2026-05-11 08:00") for state in ("AL", "LA", "MS")],
        ("", "2026-05-04 09:00", "Mon 2026-05-04 10:00"),
        ("", "2026-05-09 18:00", "Mon 2026-05-11 10:00"),
        ("ZZ", "2026-05-10 12:00", "Mon 2026-05-11 10:00"),
    ],
)
def test_each_state_by_its_own_hours(region, asked, expected):
    zone = "America/Chicago"
    assert shown(quiet.allowed_at(at(asked, zone), zone=zone, region=region), zone) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", ["2026-03-07", "2026-03-08", "2026-03-09", "2026-10-31", "2026-11-01", "2026-11-02"]
)
def test_around_clock_changes_the_wall_clock_decides(zone, day):
    """Both nights of the year on which the clock changes, in six zones (two of which do not change)."""
    opens, closes = at(f"{day} 08:00", zone), at(f"{day} 21:00", zone)
    assert quiet.allowed_at(opens - timedelta(seconds=1), zone=zone, region="CA") == opens
    assert quiet.allowed_at(opens, zone=zone, region="CA") == opens
    assert quiet.allowed_at(closes - timedelta(seconds=1), zone=zone, region="CA") == closes - timedelta(
        seconds=1
    )
    next_day = (datetime.fromisoformat(day) + timedelta(days=1)).date()
    assert quiet.allowed_at(closes, zone=zone, region="CA") == at(f"{next_day} 08:00", zone)


def test_the_lost_hour_is_not_waited_for():
    zone = "America/Chicago"
    late = at("2026-03-07 21:00", zone)
    assert quiet.allowed_at(late, zone=zone, region="IL") - late == timedelta(hours=10)
    late = at("2026-10-31 21:00", zone)
    assert quiet.allowed_at(late, zone=zone, region="IL") - late == timedelta(hours=12)


def test_an_area_code_of_two_zones_is_allowed_by_both():
    zones = quiet.zones_of("+18505550142")  # Florida's panhandle
    assert zones == ["America/Chicago", "America/New_York"]
    early = at("2026-05-04 08:30", "America/New_York")
    assert quiet.allowed_at(early, zone=zones, region="FL") == at("2026-05-04 08:00", "America/Chicago")
    late = at("2026-05-04 19:30", "America/Chicago")
    assert quiet.allowed_at(late, zone=zones, region="FL") == at("2026-05-05 08:00", "America/Chicago")


def test_a_number_of_a_stricter_state_keeps_its_rule_at_a_clinic_elsewhere():
    zones, states = quiet.recipient("+19045550142", zone="America/New_York", region="GA")
    assert (zones, states) == (["America/New_York"], ["FL", "GA"])
    assert quiet.allowed_at(at("2026-05-04 20:10", zones[0]), zone=zones, region=states) == at(
        "2026-05-05 08:00", zones[0]
    )


def test_a_number_of_no_place_falls_back_to_the_clinic_s_zone():
    assert quiet.zones_of("+18005550142") == []
    zones, states = quiet.recipient("+18005550142", home_zone="America/Denver", region="CO")
    assert (zones, states) == (["America/Denver"], ["CO"])


def test_a_foreign_number_by_its_own_clock_and_the_strict_hours():
    zones, states = quiet.recipient("+442079460018", home_zone="America/Chicago")
    assert (zones, states) == (["Europe/London"], [])
    assert quiet.allowed_at(at("2026-05-04 20:00", zones[0]), zone=zones, region=states) == at(
        "2026-05-05 10:00", zones[0]
    )


def test_zones_that_share_no_hour_end_with_the_first_one():
    far = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"]
    found = quiet.allowed_at(at("2026-05-04 03:00", far[0]), zone=far, region="")
    assert found == at("2026-05-04 10:00", far[0])


FIRST, LAST = (datetime.fromisoformat(f"{year}-01-01T00:00") for year in (2024, 2028))
moments = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))
places = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)
regions = st.lists(st.sampled_from(["", "IL", "FL", "TX", "RI", "CT", "AL", "MS", "ZZ"]), max_size=2)


@given(moments, places, regions)
def test_never_earlier_always_allowed_and_stable(moment, zones, states):
    found = quiet.allowed_at(moment, zone=zones, region=states)
    assert found >= moment
    assert quiet.allowed_at(found, zone=zones, region=states) == found
    rules = [quiet.table().rule(state) for state in states if state] or [quiet.table().unknown]
    for zone in zones:
        wall = found.astimezone(ZoneInfo(zone))
        for rule in rules:
            hours = rule.hours[wall.weekday()]
            assert hours is not None
            assert hours[0] <= wall.hour < hours[1]


@given(moments, places, regions, st.integers(1, 60 * 24))
def test_nothing_allowed_is_skipped(moment, zones, states, minutes):
    found = quiet.allowed_at(moment, zone=zones, region=states)
    between = moment + timedelta(minutes=minutes)
    if between < found:
        assert quiet.allowed_at(between, zone=zones, region=states) == found


def test_every_state_has_area_codes_and_each_code_one_state():
    codes = quiet.table().state_of_area
    assert len(set(codes.values())) == 52  # fifty states, DC, Puerto Rico
    assert {"FL", "OK", "MD", "NJ", "MS", "CT", "TX", "RI", "AL", "LA"} <= set(codes.values())
    assert all(len(code) == 3 and code.isdigit() for code in codes)
