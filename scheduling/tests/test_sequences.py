"""Any order of booking, holding, moving, cancelling, time off: no two in one lane, and the bits say the truth."""

from datetime import time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import actor_for
from audit.actors import VISITOR
from core.problems import Problem
from core.spans import Span
from scheduling import actions
from scheduling.models import Appointment, Day, Hold, Occupancy
from scheduling.tests.test_races import no_overlap
from scheduling.tests.visits import AT, MONDAY, all_days_right, book, book_for, fresh, token, visitor, wall
from tenants.context import enter

STARTS = st.integers(0, 20).map(lambda n: time(9 + n // 4, 15 * (n % 4)))
DAYS = st.integers(0, 1).map(lambda n: MONDAY + timedelta(days=n))
WHO = st.sampled_from(["ines", "sven"])
WHAT = st.sampled_from(["consultation", "botox", "facial", "laser"])
STEPS = st.one_of(
    st.tuples(st.just("book"), WHAT, WHO, STARTS, DAYS),
    st.tuples(st.just("hold"), WHAT, WHO, STARTS, DAYS),
    st.tuples(st.just("override"), WHAT, WHO, STARTS, DAYS),
    st.tuples(st.just("move"), st.integers(0, 9), WHO, STARTS, DAYS),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("use"), st.integers(0, 9)),
    st.tuples(st.just("later"), st.integers(1, 6)),
    st.tuples(st.just("away"), WHO, STARTS, DAYS),
)


class Calendar:
    """Takes the steps; what the gate refuses is refused."""

    def __init__(self, house):
        self.cast, self.now = house.cast, AT
        self.user = house.cast.desk
        self.by = actor_for(self.user)

    def take(self, verb, *given):
        try:
            with transaction.atomic():
                getattr(self, verb)(*given)
        except Problem:
            pass

    def book(self, what, who, at, day):
        book(self.cast, at, service=what, provider=who, day=day, now=self.now)

    def hold(self, what, who, at, day):
        slot = token(self.cast, what, who, at, day, now=self.now)
        actions.place_hold(slot, visitor=visitor(f"{at}{day}"), by=VISITOR, at=self.now)

    def override(self, what, who, at, day):
        book_for(
            self.cast, at, service=what, provider=who, day=day, override_reason="squeezed in", now=self.now
        )

    def move(self, number, who, at, day):
        visit, provider = self._visit(number), fresh(self.cast.providers[who])
        start = wall(self.cast, at, day)
        actions.move(visit, start=start, provider=provider, by=self.by, user=self.user, at=self.now)

    def cancel(self, number):
        actions.cancel(self._visit(number), reason="so it goes", by=self.by, at=self.now)

    def undo(self, number):
        actions.undo_last(self._visit(number), by=self.by, user=self.user, at=self.now)

    def use(self, number):
        holds = list(Hold.objects.order_by("id"))
        if holds:
            book(self.cast, hold=holds[number % len(holds)].uid, now=self.now)

    def later(self, minutes):
        self.now += timedelta(minutes=minutes)

    def away(self, who, at, day):
        span = Span(wall(self.cast, at, day), wall(self.cast, at, day) + timedelta(minutes=50))
        actions.take_time_off(fresh(self.cast.providers[who]), span=span, by=self.by, at=self.now)

    def _visit(self, number):
        visits = list(Appointment.objects.whole().order_by("id"))
        if not visits:
            raise Problem("no visit yet")
        return visits[number % len(visits)]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_no_sequence_breaks_the_calendar(glow, steps):
    with enter(glow.clinic), transaction.atomic():
        calendar = Calendar(glow)
        for step in steps:
            calendar.take(*step)
        no_overlap()
        all_days_right()
        standing = set(Appointment.objects.standing().values_list("pk", flat=True))
        assert (
            set(Occupancy.objects.filter(kind="visit").values_list("appointment_id", flat=True)) == standing
        )
        transaction.set_rollback(True)


@pytest.mark.own_clinic
def test_rebuild_days_finds_and_heals_a_wrong_day(new_clinic, capsys):
    house = new_clinic()
    with enter(house.clinic):
        book(house.cast)
    call_command("rebuild_days", check=True, clinic=house.clinic.slug)
    with enter(house.clinic):
        row = Day.objects.get(date=MONDAY)
        row.bits = bytes(row.bits)[:-40] + b"\xff" * 40
        row.save()
    with pytest.raises(CommandError):
        call_command("rebuild_days", check=True, clinic=house.clinic.slug)
    assert f"{house.clinic.slug} {MONDAY} is wrong" in capsys.readouterr().out
    call_command("rebuild_days", clinic=house.clinic.slug)
    call_command("rebuild_days", check=True, clinic=house.clinic.slug)
    with enter(house.clinic):
        all_days_right()
