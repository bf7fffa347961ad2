"""Moving by form: free starts, a typed time, every conflict at once, and over them with permission and a reason."""

import re
from datetime import time

from desk.tests.days import TUESDAY, TWO, WEDNESDAY, book, fresh, htmx, text_of, wall
from scheduling.models import Status


def at(visit):
    return f"/desk/visits/{visit.uid}/move/"


def form(house, provider="ines", day=TUESDAY, **more):
    uid = str(house.cast.providers[provider].uid) if provider != "any" else "any"
    return {"provider": uid, "day": day.isoformat(), "start": "", "time": "", "time_was": ""} | more


def slots(response):
    return re.findall(r'name="start" value="([^"]+)"', response.content.decode())


def test_the_form_offers_what_is_free(glow, visit):
    response = glow.client(glow.cast.desk).get(at(visit))
    words = text_of(response)
    assert "Botox, now Tue 3 Mar, 2:00 pm." in words
    assert "Morning" in words
    assert "3:15 pm" in words
    # Its own time counts as free: a visit may start a little later than it did.
    assert any("T14:00" in slot for slot in slots(response))
    assert any("T14:15" in slot for slot in slots(response))


def test_another_day_shows_its_starts_and_moves_nothing(glow, visit):
    response = htmx(
        glow.client(glow.cast.desk),
        "post",
        at(visit),
        form(glow, day=WEDNESDAY, then="times"),
        page=at(visit),
    )
    assert response.status_code == 200
    assert any(slot.startswith("2026-03-04T09:00") for slot in slots(response))
    assert fresh(glow, visit).starts_at == wall(glow, TWO)


def test_a_free_start_moves_the_visit_and_can_be_undone(glow, visit):
    client = glow.client(glow.cast.desk)
    start = next(slot for slot in slots(client.get(at(visit))) if "T16:00" in slot)
    response = htmx(client, "post", at(visit), form(glow, start=start), page=at(visit))
    assert response.status_code == 200
    assert "Moved to Tue 3 Mar, 4:00 pm." in text_of(response)
    assert fresh(glow, visit).starts_at == wall(glow, time(16))
    client.post(f"/desk/visits/{visit.uid}/undo/")
    assert fresh(glow, visit).starts_at == wall(glow, TWO)


def test_to_another_day_the_answer_brings_that_day(glow, visit):
    response = htmx(
        glow.client(glow.cast.desk),
        "post",
        at(visit),
        form(glow, day=WEDNESDAY, time="10:00"),
        page=at(visit),
    )
    body = response.content.decode()
    assert 'id="day-title" hx-swap-oob="true">Wed 4' in body
    assert 'hx-get="/desk/day/2026-03-04/"' in body


def test_a_typed_time_by_another_provider_without_script(glow, visit):
    client = glow.client(glow.cast.desk)
    response = client.post(at(visit), form(glow, provider="sven", time="15:20"))
    assert response.status_code == 303
    moved = fresh(glow, visit)
    assert moved.starts_at == wall(glow, time(15, 20))
    assert moved.provider == glow.cast.providers["sven"]


def test_all_conflicts_are_told_at_once_and_nothing_moves(glow, visit):
    other = book(glow, time(16), who="quinn")
    book(glow, time(16, 40), who="quinn", provider="ines")
    response = htmx(glow.client(glow.cast.desk), "post", at(visit), form(glow, time="16:20"), page=at(visit))
    words = text_of(response)
    assert response.status_code == 409
    assert "2 things stand in the way." in words
    assert fresh(glow, visit).starts_at == wall(glow, TWO)
    assert fresh(glow, other).starts_at == wall(glow, time(16))
    assert 'name="override"' in response.content.decode()
    assert 'value="16:20"' in response.content.decode()


def test_over_a_conflict_with_a_reason(glow, visit):
    book(glow, time(16), who="quinn")
    client = glow.client(glow.cast.desk)
    ticked = form(glow, time="16:00", override="on")
    refused = client.post(at(visit), ticked)
    assert refused.status_code == 422
    assert "Say why" in text_of(refused)
    unticked = client.post(at(visit), form(glow, time="16:00", override_reason="Sisters"))
    assert unticked.status_code == 409
    done = client.post(at(visit), ticked | {"override_reason": "Sisters, same room"})
    assert done.status_code == 303
    moved = fresh(glow, visit)
    assert moved.starts_at == wall(glow, time(16))
    assert moved.is_override
    assert "Sisters, same room" in text_of(client.get(f"/desk/visits/{visit.uid}/"))


def test_a_provider_may_not_override_even_by_a_forged_form(glow, visit):
    book(glow, time(16), who="quinn")
    client = glow.client(glow.cast.users["provider"])
    forged = form(glow, time="16:00", override="on", override_reason="Because")
    response = client.post(at(visit), forged)
    assert response.status_code == 409
    assert 'name="override"' not in response.content.decode()
    assert fresh(glow, visit).starts_at == wall(glow, TWO)


def test_nonsense_is_told_beside_its_field(glow, visit):
    client = glow.client(glow.cast.desk)
    for wrong, said in (
        ({"day": "soon"}, "Write the day as year-month-day."),
        ({"time": "half past"}, "Write the time as 14:30."),
        ({}, "Choose a free time, or type one."),
        ({"start": "2026-03-03T03:00|x"}, "This time is not free any more."),
        ({"provider": "x", "time": "15:00"}, "Choose somebody who gives this service."),
        ({"day": "2031-01-01", "time": "10:00"}, "This is more than two years ahead."),
        ({"day": "2026-03-08", "time": "02:30"}, "The clock skips this time on that day."),
    ):
        response = client.post(at(visit), form(glow) | wrong)
        assert response.status_code == 422, wrong
        assert said in text_of(response), wrong
    assert fresh(glow, visit).revision == visit.revision


def test_a_visit_under_way_is_not_moved(glow, visit):
    client = glow.client(glow.cast.desk)
    client.post(f"/desk/visits/{visit.uid}/check-in/")
    response = htmx(client, "post", at(visit), form(glow, time="16:00"), page=at(visit))
    assert response.status_code == 409
    assert "cannot be moved any more" in text_of(response)
    assert fresh(glow, visit).status == Status.ARRIVED
