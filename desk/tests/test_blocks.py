"""Time off and blocks: by form, each week, over visits, changed, ended, taken back; availability follows at once."""

from datetime import date, time, timedelta

import pytest

from audit.models import Event
from desk.tests.days import AT, TUESDAY, TWO, WEDNESDAY, book, text_of, wall
from scheduling.models import TimeOff
from scheduling.queries import desk_starts
from scheduling.tests.visits import all_days_right
from tenants.context import enter

CALENDAR = "/desk/day/2026-03-04/"
HEADERS = {
    "HX-Request": "true",
    "HX-Current-URL": f"http://glow.localhost{CALENDAR}",
    "X-Calendar": CALENDAR,
}


def given(who, day=WEDNESDAY, starts="10:00", ends="12:00", **more):
    return {
        "who": str(who.uid),
        "day": day.isoformat(),
        "starts": starts,
        "ends": ends,
        "reason": "Training",
    } | more


def post(house, path, data=None, *, user=None):
    client = house.client(user or house.cast.desk)
    return client.post(path, data or {}, headers=HEADERS)


def starts(house, provider="ines", day=WEDNESDAY, service="botox"):
    with enter(house.clinic):
        cast = house.cast
        found = desk_starts(
            service=cast.services[service],
            location=cast.location,
            day=day,
            at=AT,
            provider=cast.providers[provider] if provider else None,
        )
        all_days_right()
    return {f"{start:%H:%M}" for start, _provider in found}


def rows(house):
    with enter(house.clinic):
        return list(TimeOff.objects.whole().order_by("starts_at", "pk"))


def test_a_block_shows_takes_time_at_once_and_can_be_taken_back(glow, clock):
    assert "10:30" in starts(glow)
    response = post(glow, "/desk/blocks/new/", given(glow.cast.providers["ines"]))
    assert response.status_code == 200
    body, words = response.content.decode(), text_of(response)
    assert "Training" in words
    assert "Blocked." in words
    assert 'data-at="10:00" data-min="120"' in body
    assert "10:30" not in starts(glow)
    [row] = rows(glow)
    assert f"/desk/blocks/{row.uid}/undo/" in body
    undone = post(glow, f"/desk/blocks/{row.uid}/undo/")
    assert "Taken back." in text_of(undone)
    assert "10:30" in starts(glow)
    with enter(glow.clinic):
        assert {"time_off.taken", "time_off.undone"} <= set(Event.objects.values_list("verb", flat=True))


def test_a_room_that_is_blocked_gives_no_start(glow, clock):
    before = starts(glow, provider="ines", service="laser")
    assert "10:30" in before
    response = post(glow, "/desk/blocks/new/", given(glow.cast.devices["laser"]))
    assert response.status_code == 200
    assert "10:30" not in starts(glow, provider="ines", service="laser")
    page = glow.client(glow.cast.desk).get(f"{CALENDAR}?by=device")
    assert "Training" in text_of(page)
    assert "Training" not in text_of(glow.client(glow.cast.desk).get(CALENDAR))


def test_over_visits_it_asks_first_and_then_lets_them_stay(glow, visit):
    ines = glow.cast.providers["ines"]
    asked = given(ines, day=TUESDAY, starts="13:00", ends="15:00")
    response = post(glow, "/desk/blocks/new/", asked)
    assert response.status_code == 409
    words = text_of(response)
    assert "One visit is in this time." in words
    assert "2:00 pm" in words
    assert "Botox" in words
    assert 'value="Training"' in response.content.decode() or "Training" in words
    assert rows(glow) == []
    done = post(glow, "/desk/blocks/new/", asked | {"beside": "on"})
    assert done.status_code == 200
    assert len(rows(glow)) == 1


def test_each_week_over_the_change_of_the_clock_and_ended_from_one_on(glow, clock):
    weekly = given(glow.cast.providers["sven"], day=TUESDAY, weekly_until="2026-03-24")
    assert post(glow, "/desk/blocks/new/", weekly).status_code == 200
    made = rows(glow)
    assert [row.starts_at for row in made] == [
        wall(glow, time(10), TUESDAY + n * timedelta(days=7)) for n in range(4)
    ]
    assert len({row.series for row in made}) == 1
    ended = post(glow, f"/desk/blocks/{made[2].uid}/end/", {"following": "1"})
    assert ended.status_code == 200
    assert [row.ended_at is None for row in rows(glow)] == [True, True, False, False]
    post(glow, f"/desk/blocks/{made[2].uid}/undo/")
    assert all(row.ended_at is None for row in rows(glow))
    assert "10:30" not in starts(glow, "sven", date(2026, 3, 24))


def test_changed_and_the_change_taken_back(glow, clock):
    ines = glow.cast.providers["ines"]
    post(glow, "/desk/blocks/new/", given(ines))
    [row] = rows(glow)
    form = glow.client(glow.cast.desk).get(f"/desk/blocks/{row.uid}/", headers=HEADERS)
    assert 'value="10:00"' in form.content.decode()
    changed = post(glow, f"/desk/blocks/{row.uid}/", given(ines, starts="15:00", ends="16:00"))
    assert changed.status_code == 200
    assert "10:30" in starts(glow)
    assert "15:15" not in starts(glow)
    new = rows(glow)[-1]
    assert new.pk != row.pk
    post(glow, f"/desk/blocks/{new.uid}/undo/")
    assert "10:30" not in starts(glow)
    assert "15:15" in starts(glow)
    again = post(glow, f"/desk/blocks/{new.uid}/end/")
    assert again.status_code == 409
    assert "Somebody else has just changed or deleted it." in text_of(again)


def test_all_day_for_several_days(glow, clock):
    ines = glow.cast.providers["ines"]
    asked = given(ines, starts="", ends="", all_day="on", last_day="2026-03-05")
    assert post(glow, "/desk/blocks/new/", asked).status_code == 200
    assert starts(glow) == set()
    assert starts(glow, day=date(2026, 3, 5)) == set()
    assert starts(glow, day=date(2026, 3, 6)) != set()
    week = text_of(glow.client(glow.cast.desk).get("/desk/week/2026-03-04/"))
    assert "All day Training" in week


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": ""}, "Choose whom or what to block."),
        ({"who": "0198c0de-0000-7000-8000-000000000000"}, "Choose somebody or something of this location."),
        ({"day": "soon"}, "Write the day as year-month-day."),
        ({"starts": ""}, "Enter the time, or tick All day."),
        ({"ends": "09:00"}, "This is not after the start."),
        ({"last_day": "2026-03-01"}, "This is before the first day."),
        ({"weekly_until": "2026-03-01"}, "This is before the first day."),
        ({"weekly_until": "2029-03-01"}, "Repeat it for a year at most."),
        ({"last_day": "2026-03-14", "weekly_until": "2026-04-01"}, "cannot repeat each week"),
        ({"reason": "x" * 5000}, ""),
    ],
)
def test_nonsense_is_told_and_nothing_typed_is_lost(wrong, said, glow, clock):
    response = post(glow, "/desk/blocks/new/", given(glow.cast.providers["ines"]) | wrong)
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Training" in response.content.decode() or "reason" in wrong
    assert rows(glow) == []


def test_without_script_it_is_a_page(glow, clock):
    client = glow.client(glow.cast.desk)
    page = client.get("/desk/blocks/new/", {"start": "2026-03-04T10:00", "end": "2026-03-04T11:30"})
    body = page.content.decode()
    assert page.status_code == 200
    assert 'value="10:00"' in body
    assert 'value="11:30"' in body
    assert "Save changes" not in body
    assert "Block time" in body
    done = client.post("/desk/blocks/new/", given(glow.cast.providers["ines"]))
    assert done.status_code == 303
    assert done["Location"] == CALENDAR


def test_another_book_is_refused_over_it_with_the_reason_why(glow, clock):
    from scheduling.problems import SlotTaken

    post(
        glow,
        "/desk/blocks/new/",
        given(glow.cast.providers["ines"], day=TUESDAY, starts="13:30", ends="15:00"),
    )
    with pytest.raises(SlotTaken) as caught:
        book(glow, TWO)
    assert any(clash.code == "time_off" for clash in caught.value.clashes)
