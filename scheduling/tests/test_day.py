"""The day as the desk sees it, the visit's panel, a person's visits: right, few queries, in the trail."""

from datetime import time, timedelta
from unittest import mock

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for
from audit.models import Event
from core.problems import Forbidden, NotFound, Unavailable
from core.spans import Span
from practice import actions as practice
from scheduling import actions, queries
from scheduling.access import get_appointment
from scheduling.day import day_view, visit_detail
from scheduling.tests.visits import AT, HOUR, MINUTE, MONDAY, book, book_for, fresh, starts, wall
from tenants.context import enter


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def test_the_day_by_provider(glow):
    with enter(glow.clinic):
        cast, by = glow.cast, actor_for(glow.cast.desk)
        first = book_for(cast, time(10), service="laser").appointment
        book_for(cast, time(11), provider="sven", service="facial", person=cast.people["quinn"])
        cancelled = book_for(cast, time(14)).appointment
        actions.cancel(cancelled, reason="ill", by=by, at=AT)
        double = book_for(
            cast, time(10, 15), person=cast.people["quinn"], override_reason="sisters"
        ).appointment
        actions.take_time_off(
            fresh(cast.providers["nora"]),
            span=Span(wall(cast, time(12)), wall(cast, time(13))),
            reason="dentist",
            by=by,
            at=AT,
        )
        view = day_view(cast.desk, cast.location, MONDAY, at=first.starts_at + 20 * MINUTE)
        assert [column.provider.display_name.split()[0] for column in view.columns] == [
            "Ines",
            "Sven",
            "Nora",
        ]
        ines, sven, nora = view.columns
        assert [visit.name for visit in ines.visits] == ["Pat Peterson", "Quinn Quiñones"]
        laser = ines.visits[0]
        assert (laser.starts_minute, laser.ends_minute) == (minutes(time(10)), minutes(time(10, 45)))
        assert (laser.buffer_before, laser.buffer_after) == (5, 10)
        assert [(visit.lane, visit.lanes) for visit in ines.visits] == [(0, 2), (1, 2)]
        assert (laser.is_late, laser.is_now) == (True, True)
        assert sven.visits[0].gap == (minutes(time(11, 30)), minutes(time(11, 50)))
        assert [
            (block.kind, block.starts_minute, block.label) for block in nora.away if block.kind == "time_off"
        ] == [("time_off", minutes(time(12)), "dentist")]
        assert [(block.starts_minute, block.ends_minute) for block in ines.away] == [(0, 540), (1080, 1440)]
        assert (view.opens_minute, view.closes_minute) == (540, 1080)
        assert (view.is_today, view.now_minute) == (True, minutes(time(10, 20)))
        assert view.counts == {"booked": 3}
        assert (view.previous, view.next) == (MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
        assert double in [visit.appointment for visit in view.visits]
        event = Event.objects.get(verb="appointment.day_viewed")
        assert set(event.shown) == {cast.pat.uid, cast.people["quinn"].uid}


def test_a_closed_day_says_so(glow):
    with enter(glow.clinic):
        book_for(glow.cast)
        practice.close_location(fresh(glow.cast.location), MONDAY, MONDAY, by=actor_for(glow.cast.owner))
        view = day_view(glow.cast.desk, fresh(glow.cast.location), MONDAY, at=AT)
        assert [len(column.visits) for column in view.columns] == [1]
        assert [(block.kind, block.ends_minute) for block in view.columns[0].away] == [("closed", 1440)]
        assert view.now_minute is None


def test_five_queries_however_many_visits(glow):
    with enter(glow.clinic):
        for number in range(6):
            person = {"first_name": "Nr", "last_name": f"{number}"}
            book_for(glow.cast, time(9 + number), new_person=person)
        from vault import keys

        for each in glow.cast.people.values():
            keys.forget(each.uid)
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["vault"]) as vault,
        ):
            view = day_view(glow.cast.desk, fresh(glow.cast.location), MONDAY, at=AT)
            assert all(visit.name for visit in view.visits)
            assert all(visit.appointment.service.name for visit in view.visits)
        reads = [
            each["sql"]
            for each in main
            if each["sql"].startswith("SELECT") and "set_config" not in each["sql"]
        ]
        assert len(reads) <= 6  # the location included, the trail's own left out
        assert len(vault) <= 1


def test_without_the_vault_there_are_times_but_no_names(glow):
    with enter(glow.clinic):
        book_for(glow.cast)
        with mock.patch("scheduling.calendar.warm_rows", side_effect=Unavailable):
            view = day_view(glow.cast.desk, glow.cast.location, MONDAY, at=AT)
        assert view.names_hidden
        assert [(visit.name, visit.starts_minute) for visit in view.visits] == [("", 600)]


def test_who_may_not_see_the_calendar(glow, rival):
    with enter(glow.clinic):
        visit = book_for(glow.cast).appointment
        with pytest.raises(Forbidden):
            day_view(glow.cast.users["marketer"], glow.cast.location, MONDAY, at=AT)
        with pytest.raises(NotFound):
            visit_detail(glow.cast.users["analyst"], visit.uid, at=AT)
    with enter(rival.clinic), pytest.raises(NotFound):
        visit_detail(rival.cast.owner, visit.uid, at=AT)


def test_the_panel_says_what_may_be_done_now(glow):
    with enter(glow.clinic):
        cast, by = glow.cast, actor_for(glow.cast.desk)
        visit = book_for(cast).appointment
        detail = visit_detail(cast.desk, visit.uid, at=AT)
        assert (detail.name, detail.phone, detail.email) == (
            "Pat Peterson",
            "+15125550123",
            "pat@example.com",
        )
        assert detail.steps == ["confirm", "check_in", "move", "cancel"]
        assert [reminder.kind for reminder in detail.reminders] == ["72h", "24h"]
        late = visit.starts_at + HOUR
        assert "no_show" in visit_detail(cast.desk, visit.uid, at=late).steps
        actions.check_in(visit, by=by, at=late)
        detail = visit_detail(cast.desk, visit.uid, at=late)
        assert detail.steps == ["start", "cancel", "undo"]
        assert detail.undo_until == late + 10 * MINUTE
        assert Event.objects.filter(verb="appointment.viewed", patient_id=cast.pat.uid).exists()
        assert get_appointment(cast.desk, visit.uid, to="manage").pk == visit.pk


@pytest.mark.promise("P45")
def test_a_persons_visits_ahead_and_behind(glow):
    with enter(glow.clinic):
        cast, by = glow.cast, actor_for(glow.cast.desk)
        done = book_for(cast, time(10)).appointment
        actions.check_in(done, by=by, at=done.starts_at)
        done = actions.complete(actions.start(done, by=by, at=done.starts_at), by=by, at=done.ends_at)
        ahead = book_for(cast, time(12), day=MONDAY + timedelta(days=1)).appointment
        gone = book_for(cast, time(15), day=MONDAY + timedelta(days=1)).appointment
        actions.cancel(gone, reason="ill", by=by, at=AT)
        visits = queries.visits_of(cast.desk, cast.pat, at=done.ends_at + HOUR)
        assert visits.coming == [ahead]
        assert visits.past == [gone, done]
        assert visits.past[1].service.name == "Botox"
        assert visits.past[1].price.as_json()["amount"] == 36_000


def test_the_desk_sees_every_free_start(glow):
    with enter(glow.clinic):
        cast = glow.cast
        book(cast)
        now = wall(cast, time(9, 20))
        found = queries.desk_starts(
            service=cast.services["botox"], location=cast.location, day=MONDAY, at=now
        )
        assert found[0][0] == wall(cast, time(9, 30))  # no notice for the desk
        ines = {f"{start:%H:%M}" for start, provider in found if provider.display_name.startswith("Ines")}
        public = {at for at, _ in starts(cast, now=now, provider=cast.providers["ines"].uid)[MONDAY]}
        assert public < ines
        assert "10:00" not in ines
        one = queries.desk_starts(
            service=cast.services["check"],
            location=cast.location,
            day=MONDAY,
            at=now,
            provider=cast.providers["nora"],
        )
        assert {provider for _, provider in one} == {cast.providers["nora"]}
