"""Many at once, with real threads and real commits, on a clinic of its own: one winner, no deadlock, right bits."""

import threading
import time as clock
from collections import Counter
from datetime import time, timedelta

import pytest
from django.db import connection, connections
from django.test import override_settings

from accounts.actors import actor_for
from audit.actors import VISITOR
from core.spans import Span
from patients.models import Person
from scheduling import actions, days
from scheduling.models import Appointment, Occupancy
from scheduling.problems import NotInThatState, SlotTaken
from scheduling.tests.visits import AT, MONDAY, all_days_right, book, book_for, fresh, token, visitor, wall
from tenants.context import enter
from vault.models import SubjectKey

pytestmark = pytest.mark.own_clinic


def race(house, jobs):
    """Run the jobs at the same moment, each in the clinic in a thread of its own; what each came to."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            with enter(house.clinic):
                barrier.wait(30)
                job()
                results[number] = "won"
        except SlotTaken:
            results[number] = "taken"
        except NotInThatState:
            results[number] = "moved"
        except Exception as error:  # the test must say what else came
            results[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(results)


def no_overlap():
    """What the constraint says, asked without it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM scheduling_occupancy a JOIN scheduling_occupancy b ON a.id < b.id"
            " AND a.resource_id = b.resource_id AND a.lane = b.lane AND a.during && b.during"
        )
        assert cursor.fetchone()[0] == 0


@pytest.fixture
def pool():
    """Enough connections for the threads; they wait for the lock, not for a connection."""
    with override_settings(PUBLIC_RATE_LIMIT=False):
        yield


@pytest.mark.promise("P40")
def test_fifty_at_once_one_wins(new_clinic, pool):
    house = new_clinic()
    with enter(house.clinic):
        keys = SubjectKey.objects.using("vault").filter(clinic=house.clinic.uid).count()
        people = Person.objects.count()
        for number in range(3):
            at = time(10 + number)
            offer = token(house.cast, at=at)
            came = race(house, [lambda offer=offer: book(house.cast, slot=offer)] * 50)
            assert came == {"won": 1, "taken": 49}
        assert Appointment.objects.count() == 3
        assert Person.objects.count() == people + 3
        assert SubjectKey.objects.using("vault").filter(clinic=house.clinic.uid).count() == keys + 3
        no_overlap()
        all_days_right()


def test_overlapping_and_unequal_starts(new_clinic, pool):
    house = new_clinic()
    with enter(house.clinic):
        offers = [
            token(house.cast, service, at=at)
            for service in ("consultation", "botox", "facial")
            for at in (time(10), time(10, 15), time(10, 30))
        ]
        came = race(house, [lambda offer=offer: book(house.cast, slot=offer) for offer in offers * 3])
        assert set(came) <= {"won", "taken"}
        assert came["won"] >= 1
        no_overlap()
        all_days_right()


def test_two_providers_one_laser(new_clinic, pool):
    house = new_clinic()
    with enter(house.clinic):
        offers = [token(house.cast, "laser", provider) for provider in ("ines", "sven")]
        came = race(house, [lambda offer=offer: book(house.cast, slot=offer) for offer in offers * 8])
        assert came == {"won": 1, "taken": 15}
        no_overlap()
        all_days_right()


def test_holds_and_bookings_race_for_one_slot(new_clinic, pool):
    house = new_clinic()
    with enter(house.clinic):
        offer = token(house.cast)

        def hold():
            actions.place_hold(offer, visitor=visitor(), by=VISITOR, at=AT)

        came = race(house, [hold, lambda: book(house.cast, slot=offer)] * 10)
        assert came == {"won": 1, "taken": 19}
        no_overlap()


def test_days_are_locked_ascending_whatever_the_order(new_clinic, pool):
    """Moves from one day to another and back, time off over both: a circle of waiting, if anybody locked otherwise."""
    house = new_clinic()
    with enter(house.clinic):
        by, user = actor_for(house.cast.desk), house.cast.desk
        visits = [
            book_for(house.cast, time(9 + n), day=MONDAY + timedelta(days=n % 2)).appointment
            for n in range(6)
        ]

        def move(visit, number):
            day = MONDAY + timedelta(days=(number + 1) % 2)
            actions.move(visit, start=wall(house.cast, time(9 + number), day), by=by, user=user, at=AT)

        def away(number):
            span = Span(wall(house.cast, time(16)), wall(house.cast, time(17), MONDAY + timedelta(days=1)))
            actions.take_time_off(fresh(house.cast.providers["nora"]), span=span, by=by, at=AT)

        jobs = [lambda v=visit, n=number: move(v, n) for number, visit in enumerate(visits)]
        came = race(house, jobs + [lambda n=n: away(n) for n in range(4)])
        assert came == {"won": 10}
        no_overlap()
        all_days_right()


def test_one_visit_moved_by_many(new_clinic, pool):
    house = new_clinic()
    with enter(house.clinic):
        booked = book(house.cast)
        offers = [token(house.cast, at=time(11 + n)) for n in range(5)]
        came = race(
            house,
            [
                lambda offer=offer: actions.move_by_link(booked.manage_token, slot=offer, at=AT)
                for offer in offers * 2
            ],
        )
        assert set(came) <= {"won", "taken", "moved"}
        assert came["won"] >= 1
        assert Occupancy.objects.filter(resource=house.cast.providers["ines"].resource_id).count() == 1
        assert Appointment.objects.get().revision == came["won"]
        all_days_right()


def test_the_belt_alone_holds(new_clinic, pool):
    """A path that forgot to look is still refused, as taken."""
    from unittest import mock

    house = new_clinic()
    with enter(house.clinic):
        book(house.cast)
        with (
            mock.patch("scheduling.quick.refuse_if_surely_taken"),
            mock.patch("scheduling.occupancy.busy_rows", return_value=[]),
            mock.patch("scheduling.days.LockedDays.not_free", return_value={}),
            pytest.raises(SlotTaken),
        ):
            book(house.cast)
        assert Appointment.objects.count() == 1
        no_overlap()


def test_a_broken_circle_is_tried_once_more_and_then_taken(new_clinic, pool):
    from django.db import OperationalError
    from psycopg.errors import DeadlockDetected

    from scheduling.occupancy import once_more

    house = new_clinic()
    calls = []

    def circle(times):
        def attempt():
            calls.append(1)
            if len(calls) <= times:
                raise OperationalError("deadlock") from DeadlockDetected()
            return "done"

        return attempt

    with enter(house.clinic):
        assert once_more(circle(1)) == "done"
        calls.clear()
        with pytest.raises(SlotTaken):
            once_more(circle(2))


def test_losers_wait_for_the_winner_and_no_longer(new_clinic, pool):
    """The lock is the day's: another day does not wait."""
    house = new_clinic()
    with enter(house.clinic):
        book(house.cast, time(16), day=MONDAY + timedelta(days=1))
        entered, leave = threading.Event(), threading.Event()

        def hold_monday():
            with enter(house.clinic):
                from django.db import transaction

                with (
                    transaction.atomic(),
                    days.days_locked(Span(wall(house.cast), wall(house.cast, time(11)))),
                ):
                    entered.set()
                    leave.wait(20)
            connections.close_all()

        thread = threading.Thread(target=hold_monday)
        thread.start()
        assert entered.wait(20)
        begin = clock.monotonic()
        book(house.cast, day=MONDAY + timedelta(days=1))
        assert clock.monotonic() - begin < 5
        leave.set()
        thread.join(20)
