"""Free starts: against what an oracle finds in the tables, fair between providers, right on days the clock changes."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import VISITOR
from core.clock import local
from core.problems import Invalid, NotFound
from core.spans import Span
from practice import actions as practice
from practice.actions.hours import Week
from scheduling import actions, availability
from scheduling.availability import find_slots, first_days
from scheduling.models import Day, Occupancy
from scheduling.plans import demand_of
from scheduling.rules import spans_at
from scheduling.tests.visits import (
    AT,
    MONDAY,
    all_days_right,
    book,
    book_for,
    fresh,
    starts,
    token,
    uid_of,
    visitor,
    wall,
)
from tenants.context import enter

INES, SVEN, NORA = "Ines Ibarra, NP", "Sven Sandberg, NP", "Nora Novak, RN"


def oracle(cast, service: str, day: date, zone: str = "America/Chicago") -> set[str]:
    """Every start of the day, tried one by one: hours 9–18, all busy rows, one room and one device of the kind."""
    wanted = cast.services[service]
    demand = demand_of(wanted)
    busy = [(row.resource_id, row.span) for row in Occupancy.objects.all()]
    opens, closes = wall(cast, time(9), day), wall(cast, time(18), day)

    def free(resource, spans):
        inside = all(opens <= span.start and span.end <= closes for span in spans)
        return inside and not any(
            who == resource and taken.overlaps(span) for who, taken in busy for span in spans
        )

    rooms = [room for room in cast.rooms.values() if room.kind == wanted.room_kind]
    devices = [device for device in cast.devices.values() if device.kind == wanted.device_kind]
    found = set()
    for minute in range(0, 24 * 60, 15):
        start = wall(cast, time(minute // 60, minute % 60), day)
        whole, own = spans_at(start, demand.whole), spans_at(start, demand.provider)
        if wanted.room_kind and not any(free(room.resource_id, whole) for room in rooms):
            continue
        if wanted.device_kind and not any(free(device.resource_id, whole) for device in devices):
            continue
        if any(free(provider.resource_id, own) for provider in wanted.providers.all()):
            found.add(f"{local(start, zone):%H:%M}")
    return found


@pytest.mark.parametrize("service", ["consultation", "botox", "facial", "laser"])
def test_starts_are_those_an_oracle_finds(glow, service):
    with enter(glow.clinic):
        book(glow.cast, time(10))
        book(glow.cast, time(11), provider="sven")
        book(glow.cast, time(11), provider="ines", service="facial")
        book(glow.cast, time(14), service="laser")
        actions.take_time_off(
            fresh(glow.cast.providers["nora"]),
            span=Span(wall(glow.cast, time(12, 7)), wall(glow.cast, time(15, 3))),
            by=VISITOR,
            at=AT,
        )
        found = [at for at, _provider in starts(glow.cast, service).get(MONDAY, [])]
        assert found == sorted(oracle(glow.cast, service, MONDAY))
        assert len(found) == len(set(found))
        all_days_right()


def test_the_gap_of_a_treatment_lets_the_provider_see_somebody_else(glow):
    with enter(glow.clinic):
        book(glow.cast, time(10), service="facial")  # Ines is free from 10:30 to 10:50
        found = {
            at for at, _ in starts(glow.cast, "consultation", provider=uid_of(glow.cast, "ines"))[MONDAY]
        }
        assert "10:30" not in found  # a consultation lasts 30 minutes, the gap 20
        short = fresh(glow.cast.services["consultation"])
        short.duration_minutes = 20
        short.save()
        found = {
            at for at, _ in starts(glow.cast, "consultation", provider=uid_of(glow.cast, "ines"))[MONDAY]
        }
        assert {"10:30", "09:30", "11:30"} <= found
        assert not {"10:00", "10:15", "10:45", "11:00"} & found
        book(glow.cast, time(10, 30), service="consultation")
        all_days_right()


def test_two_services_share_one_laser(glow):
    with enter(glow.clinic):
        book(glow.cast, time(10), service="laser", provider="ines")
        sven = {at for at, _ in starts(glow.cast, "laser", provider=uid_of(glow.cast, "sven"))[MONDAY]}
        # 9:55–10:55 is taken: 45 minutes with 5 before and 10 after fit until 8:55 … or from 11:00.
        assert not {f"{at:%H:%M}" for at in quarters(time(9, 15), time(10, 45))} & sven
        assert {"11:00"} <= sven


def quarters(first: time, last: time) -> list[time]:
    minutes = range(first.hour * 60 + first.minute, last.hour * 60 + last.minute + 1, 15)
    return [time(minute // 60, minute % 60) for minute in minutes]


def test_any_provider_takes_turns_and_spares_who_has_most_visits(glow):
    with enter(glow.clinic):
        week = starts(glow.cast, "botox", last=MONDAY + timedelta(days=6))
        first_of_day = [week[day][0][1] for day in sorted(week)]
        assert set(first_of_day) == {INES, SVEN, NORA}
        whose = first_of_day[0]
        name = {INES: "ines", SVEN: "sven", NORA: "nora"}[whose]
        book(glow.cast, time(15), provider=name)
        assert starts(glow.cast, "botox")[MONDAY][0][1] != whose


def test_one_provider_shows_all_of_hers(glow):
    with enter(glow.clinic):
        found = starts(glow.cast, "consultation", provider=uid_of(glow.cast, "nora"))[MONDAY]
        assert len(found) == 35  # 9:00 … 17:30
        assert {name for _at, name in found} == {NORA}


def test_notice_and_horizon(glow):
    with enter(glow.clinic):
        now = wall(glow.cast, time(10, 3))
        found = [at for at, _ in starts(glow.cast, "consultation", now=now)[MONDAY]]
        assert found[0] == "12:15"  # two hours ahead, then the next quarter
        last = availability.last_bookable(AT, glow.cast.location.zone)
        assert starts(glow.cast, "consultation", first=last)
        with pytest.raises(Invalid) as caught:
            starts(glow.cast, "consultation", first=last, last=last + timedelta(days=1))
        assert last.isoformat() in str(caught.value.detail)
        assert caught.value.errors[0]["code"] == "beyond_horizon"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(MONDAY, MONDAY - timedelta(days=1), "order"), (MONDAY, MONDAY + timedelta(days=62), "too_long")],
)
def test_odd_ranges_are_refused(glow, first, last, code):
    with enter(glow.clinic), pytest.raises(Invalid) as caught:
        starts(glow.cast, first=first, last=last)
    assert caught.value.errors[0]["code"] == code


def test_what_is_not_offered_is_not_found(glow, rival):
    with enter(glow.clinic):
        for service, given in (
            (rival.cast.services["botox"], {}),
            (glow.cast.services["check"], {}),  # not online
            (glow.cast.services["laser"], {"provider": uid_of(glow.cast, "nora")}),
            (glow.cast.services["laser"], {"location": rival.cast.location.uid}),
        ):
            with pytest.raises(NotFound):
                find_slots(service=service.uid, first=MONDAY, last=MONDAY, at=AT, **given)


def test_two_queries_and_the_same_answer_as_for_a_page(glow):
    with enter(glow.clinic):
        service = glow.cast.services["botox"].uid
        last = MONDAY + timedelta(days=29)
        page = find_slots(service=service, first=MONDAY, last=last, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            body = availability.as_json(service=service, first=MONDAY, last=last, at=AT)
        statements = [each["sql"] for each in captured if "set_config" not in each["sql"]]
        assert len(statements) <= 3
        answer = json.loads(body)
        assert answer["timezone"] == "America/Chicago"
        listed = [
            (
                datetime.fromisoformat(slot["start"]),
                datetime.fromisoformat(slot["end"]),
                slot["provider"]["id"],
                slot["provider"]["name"],
                slot["token"],
            )
            for slot in answer["slots"]
        ]
        assert listed == [
            (slot.start, slot.end, str(slot.provider_uid), slot.provider_name, slot.token)
            for slots in page.days.values()
            for slot in slots
        ]
        assert len(listed) > 800


def test_a_token_of_the_list_books(glow):
    with enter(glow.clinic):
        slots = find_slots(service=glow.cast.services["laser"].uid, first=MONDAY, last=MONDAY, at=AT)
        offered = slots.days[MONDAY][3]
        visit = book(glow.cast, slot=offered.token).appointment
        assert (visit.starts_at, visit.ends_at) == (offered.start, offered.end)
        assert visit.provider.uid == offered.provider_uid


def test_the_first_days_that_have_something(glow):
    with enter(glow.clinic):
        practice.close_location(fresh(glow.cast.location), MONDAY, MONDAY + timedelta(days=2), by=VISITOR)
        found = first_days(service=glow.cast.services["botox"].uid, at=wall(glow.cast, time(8)), count=3)
        assert list(found.days) == [MONDAY + timedelta(days=n) for n in (3, 4, 5)]


# --- The bits follow working time ----------------------------------------------------------------------------


def test_new_hours_and_new_rooms_count_at_once(glow):
    with enter(glow.clinic):
        cast = glow.cast
        assert starts(cast, "laser")
        practice.set_working_hours(
            fresh(cast.providers["ines"]),
            fresh(cast.location),
            [Week(0, time(13), time(15))],
            by=VISITOR,
        )
        found = [at for at, _ in starts(cast, "laser", provider=uid_of(cast, "ines"))[MONDAY]]
        assert (found[0], found[-1]) == ("13:15", "14:00")
        practice.create_device(by=VISITOR, name="Second", kind="laser", location=fresh(cast.location))
        practice.create_room(by=VISITOR, name="Second", kind="laser", location=fresh(cast.location))
        book(cast, time(13, 30), service="laser", provider="ines")
        assert "13:30" in [at for at, _ in starts(cast, "laser", provider=uid_of(cast, "sven"))[MONDAY]]
        all_days_right()


def test_bits_are_reckoned_once_and_kept(glow):
    with enter(glow.clinic):
        starts(glow.cast)
        row = Day.objects.get(date=MONDAY)
        assert row.bits is not None
        starts(glow.cast)
        assert Day.objects.get(date=MONDAY).version == row.version
        book(glow.cast)
        assert Day.objects.get(date=MONDAY).version == row.version + 1
        with CaptureQueriesContext(connection) as captured:
            starts(glow.cast)
        assert not any("practice_openinghours" in each["sql"] for each in captured)


def test_reckoning_that_was_overtaken_is_not_kept(glow):
    from unittest import mock

    from scheduling import days

    with enter(glow.clinic):
        starts(glow.cast)
        Day.objects.filter(date=MONDAY).update(bits=None)
        real = days.reckon

        def overtaken(dates):
            found = real(dates)
            Day.objects.filter(date=MONDAY).update(version=99)
            return found

        with mock.patch("scheduling.days.reckon", overtaken):
            days.fill([MONDAY])
        assert Day.objects.get(date=MONDAY).bits is None


# --- DST -----------------------------------------------------------------------------------------------------

ZONES = [
    "America/Chicago",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "Europe/Berlin",
    "Australia/Lord_Howe",
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", [date(2027, 3, 14), date(2027, 11, 7), date(2027, 3, 28), date(2027, 10, 31), date(2027, 4, 4)]
)
def test_nine_to_six_by_the_wall_whatever_the_clock_does(glow, zone, day):
    with enter(glow.clinic):
        place = fresh(glow.cast.location)
        place.timezone = zone
        place.save()
        Day.objects.all().delete()
        found = find_slots(
            service=glow.cast.services["consultation"].uid,
            first=day,
            last=day,
            at=datetime.combine(day - timedelta(days=20), time(12), tzinfo=UTC),
        ).days[day]
        assert [f"{slot.start:%H:%M}" for slot in found] == [
            f"{at:%H:%M}" for at in quarters(time(9), time(17, 30))
        ]
        assert all(
            slot.end.astimezone(UTC) - slot.start.astimezone(UTC) == timedelta(minutes=30) for slot in found
        )
        assert {slot.start.utcoffset() for slot in found} == {
            datetime.combine(day, time(12), tzinfo=place.zone).utcoffset()
        }


def test_opening_through_the_change_itself(glow):
    """Open from midnight to four: three hours in spring, five in autumn."""
    with enter(glow.clinic):
        cast = glow.cast
        night = [Week(weekday, time(0), time(4)) for weekday in range(7)]
        practice.set_opening_hours(fresh(cast.location), night, by=VISITOR)
        for name in cast.providers:
            practice.set_working_hours(fresh(cast.providers[name]), fresh(cast.location), night, by=VISITOR)
        spring, autumn = date(2027, 3, 14), date(2027, 11, 7)
        found = [at for at, _ in starts(cast, "consultation", first=spring, now=AT)[spring]]
        assert found[:3] == ["00:00", "00:15", "00:30"]
        assert "02:00" not in found
        assert found[found.index("01:45") + 1] == "03:00"
        later = datetime(2027, 10, 20, tzinfo=UTC)
        found = [at for at, _ in starts(cast, "consultation", first=autumn, now=later)[autumn]]
        assert found.count("01:15") == 2
        book(cast, time(1), day=autumn, service="consultation", now=later)
        found = [
            at
            for at, _ in starts(cast, "consultation", first=autumn, now=later, provider=uid_of(cast, "ines"))[
                autumn
            ]
        ]
        assert found.count("01:15") == 1
        all_days_right()


def test_holds_and_desk_visits_are_not_offered(glow):
    with enter(glow.clinic):
        actions.place_hold(token(glow.cast, provider="ines"), visitor=visitor(), by=VISITOR, at=AT)
        book_for(glow.cast, time(12), provider="ines")
        found = {at for at, _ in starts(glow.cast, provider=uid_of(glow.cast, "ines"))[MONDAY]}
        assert not {"10:00", "10:15", "12:00"} & found


def test_a_prepared_statement_follows_the_connection_into_the_next_clinic(glow, rival):
    for _ in range(8):  # past the point at which the server keeps one plan
        with enter(glow.clinic):
            assert len(starts(glow.cast, "laser")[MONDAY]) > 10
            with pytest.raises(NotFound):
                starts(rival.cast, "laser")
        with enter(rival.clinic):
            found = find_slots(service=rival.cast.services["laser"].uid, first=MONDAY, last=MONDAY, at=AT)
            assert found.timezone == "America/Los_Angeles"
            assert {slot.provider_name for slot in found.days[MONDAY]} <= {"Rosa Reyes, NP", "Ravi Rao, NP"}
