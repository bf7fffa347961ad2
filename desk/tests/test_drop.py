"""A visit dropped on the calendar: the move form's own address, gate and refusals, answered on the calendar."""

from datetime import date, time, timedelta

import pytest

from accounts.actors import actor_for
from audit.models import Event
from desk.tests.days import AT, TUESDAY, TWO, WEDNESDAY, book, fresh, text_of, wall
from messaging.models import Message, State
from practice.models import Room
from scheduling import actions
from scheduling.models import Status
from tenants.context import enter

CALENDAR = "/desk/day/2026-03-03/"


def drop(house, visit, at=TWO, *, provider="ines", day=TUESDAY, client=None, calendar=CALENDAR, **more):
    given = {
        "drop": "1",
        "provider": str(house.cast.providers[provider].uid),
        "day": day.isoformat(),
        "time": f"{at:%H:%M}",
        "time_was": "",
        "start": "",
        "minutes": "30",
        "revision": str(visit.revision),
        "tell_patient": "on",
    } | more
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://glow.localhost{calendar}",
        "X-Calendar": calendar,
    }
    client = client or house.client(house.cast.desk)
    return client.post(f"/desk/visits/{visit.uid}/move/", given, headers=headers)


def test_a_drop_moves_and_answers_with_the_calendar_alone(glow, visit):
    response = drop(glow, visit, time(16), provider="sven")
    body = response.content.decode()
    assert response.status_code == 200
    assert response["HX-Reswap"] == "none"
    assert "HX-Push-Url" not in response
    assert '<aside class="panel"' not in body
    assert f'hx-get="{CALENDAR}"' in body
    assert "Moved to Tue 3 Mar, 4:00 pm." in text_of(response)
    assert f"/desk/visits/{visit.uid}/undo/" in body
    moved = fresh(glow, visit)
    assert (moved.starts_at, moved.provider) == (wall(glow, time(16)), glow.cast.providers["sven"])
    with enter(glow.clinic):
        assert Event.objects.filter(verb="appointment.moved", object_id=str(visit.uid)).count() == 1


def test_undo_from_the_calendar_brings_time_length_and_provider_back(glow, visit):
    drop(glow, visit, time(16), provider="sven", minutes="60")
    client = glow.client(glow.cast.desk)
    response = client.post(
        f"/desk/visits/{visit.uid}/undo/",
        {"drop": "1"},
        headers={
            "HX-Request": "true",
            "HX-Current-URL": f"http://glow.localhost{CALENDAR}",
            "X-Calendar": CALENDAR,
        },
    )
    assert response["HX-Reswap"] == "none"
    back = fresh(glow, visit)
    assert back.starts_at == wall(glow, TWO)
    assert back.ends_at - back.starts_at == timedelta(minutes=30)
    assert back.provider == glow.cast.providers["ines"]


def test_onto_a_slot_just_taken_everything_is_told_and_nothing_is_lost(glow, visit):
    book(glow, time(16), who="quinn")
    response = drop(glow, visit, time(16))
    assert response.status_code == 409
    words, body = text_of(response), response.content.decode()
    assert "stands in the way" in words or "stand in the way" in words
    assert "4:00 pm" in words or "4 pm" in words
    assert 'name="override_reason"' in body
    assert 'value="16:00"' in body
    stays = fresh(glow, visit)
    assert (stays.starts_at, stays.revision) == (wall(glow, TWO), visit.revision)


def test_over_the_conflict_from_the_panel_with_a_reason(glow, visit):
    book(glow, time(16), who="quinn")
    done = drop(glow, visit, time(16), override="on", override_reason="Sisters")
    assert done.status_code == 200
    moved = fresh(glow, visit)
    assert moved.is_override
    assert moved.starts_at == wall(glow, time(16))


def test_a_provider_who_may_not_override_gets_no_box(glow, visit):
    book(glow, time(16), who="quinn")
    client = glow.client(glow.cast.users["provider"])
    response = drop(glow, visit, time(16), client=client)
    assert response.status_code == 409
    assert 'name="override"' not in response.content.decode()


def test_moved_meanwhile_by_somebody_else_is_told_and_shown(glow, visit):
    seen = visit.revision
    with enter(glow.clinic):
        actions.move(
            fresh(glow, visit),
            start=wall(glow, time(10), WEDNESDAY),
            by=actor_for(glow.cast.owner),
            user=glow.cast.owner,
            at=AT,
        )
    response = drop(glow, visit, time(16), revision=str(seen))
    assert response.status_code == 409
    assert "Somebody else has just changed this visit" in text_of(response)
    assert fresh(glow, visit).starts_at == wall(glow, time(10), WEDNESDAY)


def test_longer_keeps_the_confirmation_and_tells_nobody(glow, visit):
    with enter(glow.clinic):
        actions.confirm(visit, by=actor_for(glow.cast.desk), at=AT)
        Message.objects.filter(about=visit.uid).update(state=State.DELIVERED)
        before = Message.objects.count()
    response = drop(glow, visit, TWO, minutes="60", tell_patient="")
    assert response.status_code == 200
    assert "Now takes" in text_of(response)
    longer = fresh(glow, visit)
    assert longer.ends_at - longer.starts_at == timedelta(minutes=60)
    assert longer.status == Status.CONFIRMED
    with enter(glow.clinic):
        assert Message.objects.count() == before


def test_resized_over_closing_time_is_refused_with_what_stands_in_the_way(glow, clock):
    late = book(glow, time(17))
    response = drop(glow, late, time(17), minutes="90", tell_patient="")
    assert response.status_code == 409
    words = text_of(response)
    assert "the provider does not work here" in words
    assert "no suitable room is free" in words or "way" in words
    assert fresh(glow, late).ends_at == wall(glow, time(17, 30))


@pytest.mark.parametrize("minutes", ["0", "7", "725", "-30", "many"])
def test_an_odd_length_is_told(minutes, glow, visit):
    response = drop(glow, visit, TWO, minutes=minutes)
    assert response.status_code == 422
    assert fresh(glow, visit).revision == visit.revision


def test_a_day_on_which_the_clock_changes(glow, clock):
    """8 March 2026 is a Sunday; the hours of the Monday after it are wall hours again."""
    visit = book(glow, time(10), day=date(2026, 3, 6))
    response = drop(glow, visit, time(10), day=date(2026, 3, 9))
    assert response.status_code == 200
    moved = fresh(glow, visit)
    assert f"{moved.starts_local:%H:%M %z}" == "10:00 -0500"
    assert moved.starts_at - visit.starts_at == timedelta(days=3) - timedelta(hours=1)


def test_onto_a_room(glow, visit):
    with enter(glow.clinic):
        rooms = list(Room.objects.filter(kind=visit.room.kind).exclude(pk=visit.room_id))
        odd = Room.objects.exclude(kind=visit.room.kind).first()
    if rooms:
        assert drop(glow, visit, TWO, room=str(rooms[0].uid)).status_code == 200
        assert fresh(glow, visit).room == rooms[0]
    if odd:
        response = drop(glow, fresh(glow, visit), TWO, room=str(odd.uid))
        assert response.status_code == 422
        assert "is not what this service needs" in text_of(response)


def test_the_patient_can_be_left_untold(glow, visit):
    with enter(glow.clinic):
        Message.objects.filter(about=visit.uid).update(state=State.DELIVERED)
    response = drop(glow, visit, time(16))
    assert f"/desk/visits/{visit.uid}/hush/" in response.content.decode()
    client = glow.client(glow.cast.desk)
    client.post(f"/desk/visits/{visit.uid}/hush/", {"drop": "1"})
    with enter(glow.clinic):
        states = set(
            Message.objects.filter(about=visit.uid, kind="visit_moved").values_list("state", flat=True)
        )
        assert states == {State.VOID}
        assert Event.objects.filter(verb="appointment.not_told").exists()
