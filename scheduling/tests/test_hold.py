"""Holds: how many, for how long, and what is left when they run out."""

from datetime import time, timedelta
from unittest import mock

import pytest
from django.test import override_settings

from audit.actors import VISITOR
from core.problems import TooMany
from scheduling import actions, tasks
from scheduling.models import Hold, Occupancy
from scheduling.problems import SlotTaken
from scheduling.tests.visits import AT, MINUTE, MONDAY, all_days_right, fresh, starts, token, visitor
from tenants import due
from tenants.context import enter


def place(cast, at=time(10), who="wanda", address="198.51.100.7", provider="ines", now=AT, **given):
    slot = token(cast, "consultation", provider, at, now=now)
    return actions.place_hold(slot, visitor=visitor(who, address), by=VISITOR, at=now, **given)


def test_two_holds_a_browser(glow):
    with enter(glow.clinic):
        first = place(glow.cast)
        place(glow.cast, time(11))
        with pytest.raises(TooMany):
            place(glow.cast, time(12))
        place(glow.cast, time(12), who="other")
        replaced = place(glow.cast, time(13), instead_of=first.uid)
        assert fresh(first).state == "released"
        assert replaced.seat == first.seat
        all_days_right()


def test_run_out_holds_do_not_count(glow):
    with enter(glow.clinic):
        place(glow.cast)
        place(glow.cast, time(11))
        later = AT + timedelta(minutes=6)
        assert place(glow.cast, time(12), now=later).pk
        assert place(glow.cast, time(10), now=later).pk
        all_days_right()


def test_an_address_has_its_share(glow):
    with enter(glow.clinic), mock.patch("scheduling.actions.hold.MOST_AN_ADDRESS", 3):
        for number in range(3):
            place(glow.cast, time(10 + number), who=f"browser {number}")
        with pytest.raises(TooMany):
            place(glow.cast, time(14), who="browser 4")
        place(glow.cast, time(14), who="browser 4", address="203.0.113.9")


def test_a_tenth_of_a_day_can_be_held(glow):
    with enter(glow.clinic), mock.patch("scheduling.actions.hold.ALWAYS", 1):
        held = 0
        with pytest.raises(SlotTaken) as caught:
            for number in range(40):
                hour, quarter = divmod(number, 2)
                provider = ("ines", "sven", "nora")[hour % 3]
                place(
                    glow.cast,
                    time(9 + hour // 3, 30 * quarter),
                    who=f"b{number}",
                    address=f"a{number}",
                    provider=provider,
                )
                held += 1
        assert "Many people" in str(caught.value.detail)
        assert 8 <= held <= 11  # of 3 × 36 quarters, fewer as they fill


def test_limits_can_be_lifted_for_load_tests(glow):
    with enter(glow.clinic), override_settings(PUBLIC_RATE_LIMIT=False):
        for number in range(5):
            place(glow.cast, time(10 + number))


def test_the_sweep_frees_what_ran_out(glow):
    with enter(glow.clinic):
        hold = place(glow.cast)
        assert due.waiting("hold", [hold.uid]) == {hold.uid}
        with mock.patch("scheduling.tasks.now", return_value=AT + MINUTE):
            tasks.expire_holds.run([str(hold.uid)])
        assert fresh(hold).state == "live"
        assert due.waiting("hold", [hold.uid]) == {hold.uid}
        with mock.patch("scheduling.tasks.now", return_value=AT + 5 * MINUTE):
            tasks.expire_holds.run([str(hold.uid)])
        assert fresh(hold).state == "expired"
        assert not Occupancy.objects.exists()
        assert due.waiting("hold", [hold.uid]) == set()
        all_days_right()
        assert "10:00" in [at for at, _ in starts(glow.cast, "consultation")[MONDAY]]


def test_only_the_browser_that_holds_lets_go(glow):
    with enter(glow.clinic):
        hold = place(glow.cast)
        actions.release_hold(hold.uid, visitor=visitor("somebody else"), at=AT)
        assert fresh(hold).state == "live"
        actions.release_hold(hold.uid, visitor=visitor(), at=AT)
        assert fresh(hold).state == "released"
        assert not Occupancy.objects.exists()
        actions.release_hold(hold.uid, visitor=visitor(), at=AT)
        all_days_right()


def test_a_lost_due_row_is_found_again(glow):
    with enter(glow.clinic):
        hold = place(glow.cast)
        due.cancel("hold", [hold.uid])
        with mock.patch("scheduling.tasks.now", return_value=AT + 6 * MINUTE):
            tasks.reconcile.run()
        assert Hold.objects.get(pk=hold.pk).state == "expired"
