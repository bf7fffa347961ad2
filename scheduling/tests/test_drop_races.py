"""Several desks drag at once, with real threads and real commits: one wins, the others stay where they were."""

from datetime import time, timedelta

import pytest

from accounts.actors import actor_for
from scheduling import actions
from scheduling.models import Appointment
from scheduling.tests.test_races import no_overlap, race
from scheduling.tests.visits import AT, all_days_right, book_for, fresh, wall
from tenants.context import enter

pytestmark = pytest.mark.own_clinic


def test_many_drop_onto_one_slot(new_clinic):
    house = new_clinic()
    with enter(house.clinic):
        by, user, cast = actor_for(house.cast.desk), house.cast.desk, house.cast
        visits = [book_for(cast, time(9 + n)).appointment for n in range(5)]
        before = {visit.pk: visit.starts_at for visit in visits}

        def drop(visit):
            actions.move(visit, start=wall(cast, time(15)), revision=visit.revision, by=by, user=user, at=AT)

        came = race(house, [lambda visit=visit: drop(visit) for visit in visits])
        assert came == {"won": 1, "taken": 4}
        stayed = [visit for visit in visits if fresh(visit).starts_at == before[visit.pk]]
        assert len(stayed) == 4
        no_overlap()
        all_days_right()


def test_one_visit_dragged_by_several_desks_at_once(new_clinic):
    """The revision that was looked at decides: one moves it, the others are told."""
    house = new_clinic()
    with enter(house.clinic):
        by, user, cast = actor_for(house.cast.desk), house.cast.desk, house.cast
        visit = book_for(cast, time(9)).appointment

        def drop(hour):
            mine = Appointment.objects.whole().get(pk=visit.pk)
            actions.move(mine, start=wall(cast, time(hour)), revision=visit.revision, by=by, user=user, at=AT)

        came = race(house, [lambda hour=hour: drop(hour) for hour in range(11, 16)])
        assert came == {"won": 1, "moved": 4}
        assert fresh(visit).revision == visit.revision + 1
        no_overlap()
        all_days_right()


def test_longer_against_a_booking_behind_it(new_clinic):
    house = new_clinic()
    with enter(house.clinic):
        by, user, cast = actor_for(house.cast.desk), house.cast.desk, house.cast
        visit = book_for(cast, time(10)).appointment

        def longer():
            actions.move(
                Appointment.objects.whole().get(pk=visit.pk),
                start=visit.starts_at,
                minutes=120,
                by=by,
                user=user,
                at=AT,
            )

        came = race(house, [longer, lambda: book_for(cast, time(11), person=cast.people["quinn"])])
        assert came == {"won": 1, "taken": 1}
        length = fresh(visit).ends_at - visit.starts_at
        assert (length == timedelta(minutes=120)) == (Appointment.objects.count() == 1)
        no_overlap()
        all_days_right()
