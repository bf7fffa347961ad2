"""The bell: what patients did and what did not reach them, new until somebody says that it is read."""

from datetime import time, timedelta

import pytest
from django.db import transaction

from audit.actors import VISITOR, job
from audit.models import Event
from audit.trail import record
from core.clock import now
from desk.tests import days
from desk.tests.days import text_of
from messaging.models import Message, State
from scheduling import actions, news
from scheduling.models import Appointment, NewsSeen
from scheduling.tests import visits
from scheduling.tests.visits import token
from tenants.context import enter

pytestmark = pytest.mark.usefixtures("clock")
PAGE, COUNT, SEEN = "/desk/notices/", "/desk/notices/count/", "/desk/notices/seen/"
NEXT = days.TUESDAY + timedelta(days=14)


def books(house, at=time(10), **given) -> Appointment:
    """Wanda books by the page."""
    with enter(house.clinic):
        return visits.book(house.cast, at, now=now(), day=NEXT, **given).appointment


def text_came(house) -> None:
    with enter(house.clinic), transaction.atomic():
        record(
            "message.received", by=job("inbound"), on=("messaging.message", "1"), patient=house.cast.pat.uid
        )


def lose_messages(house, state) -> int:
    with enter(house.clinic):
        return Message.objects.outgoing().update(state=state, claimed_at=now())


def read(house, path=PAGE, who="front_desk") -> str:
    answer = house.client(house.cast.users[who]).get(path)
    assert answer.status_code == 200
    return text_of(answer)


def test_without_news_the_page_says_what_will_be_there(glow):
    assert "Nothing new from patients" in read(glow)
    assert read(glow, COUNT).strip() == ""


@pytest.mark.promise("P91")
@pytest.mark.promise("P77")
def test_what_patients_book_move_and_cancel_is_told_newest_first(glow, clock):
    visit = books(glow)
    clock.shift(60)
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(15), day=NEXT, now=now())
        visit = actions.move_own(visit, slot=slot, by=VISITOR, at=now())
    clock.shift(60)
    with enter(glow.clinic):
        actions.cancel_own(visit, by=VISITOR, at=now())
    page = read(glow)
    told = ("Wanda Webb cancelled the visit", "Wanda Webb moved the visit", "Wanda Webb booked online")
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "Botox, Tue 17 Mar, 3:00 pm" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert read(glow, COUNT).split() == ["3", "3", "new"]
    assert f"/desk/visits/{visit.uid}/" in glow.client(glow.cast.desk).get(PAGE).content.decode()


def test_what_the_desk_does_is_no_news(glow):
    days.book(glow)
    assert "Nothing new from patients" in read(glow)


def test_texts_and_messages_that_did_not_arrive_are_told(glow):
    books(glow)
    text_came(glow)
    lost = lose_messages(glow, State.FAILED)
    assert lost > 0
    page = read(glow)
    assert "Pat Peterson wrote a text" in page
    assert "Wanda Webb did not get our message" in page
    assert read(glow, COUNT).split()[0] == str(2 + lost)
    lose_messages(glow, State.UNKNOWN)
    assert "Wanda Webb perhaps did not get our message" in read(glow)


def test_read_is_read_for_the_reader_alone_and_only_what_was_shown(glow, clock):
    books(glow)
    client = glow.client(glow.cast.desk)
    shown = now().isoformat()
    assert "Mark all as read" in text_of(client.get(PAGE))
    clock.shift(60)
    books(glow, time(12))
    assert client.post(SEEN, {"until": shown}).status_code == 303
    assert read(glow, COUNT).split()[0] == "1"
    assert read(glow, COUNT, "owner").split()[0] == "2"
    clock.shift(60)
    client.post(SEEN)
    page = read(glow)
    assert "Wanda Webb booked online" in page
    assert "Mark all as read" not in page
    assert read(glow, COUNT).strip() == ""
    with enter(glow.clinic):
        assert Event.objects.filter(verb="news.seen").count() == 2


@pytest.mark.parametrize("until", ["", "soon", "2026-03-03T10:00", "2099-01-01T00:00:00+00:00"])
def test_nobody_reads_ahead_of_time(glow, clock, until):
    glow.client(glow.cast.desk).post(SEEN, {"until": until})
    with enter(glow.clinic):
        assert NewsSeen.objects.get(user=glow.cast.desk).seen_at == now()


def test_what_is_older_than_two_weeks_is_gone(glow, clock):
    books(glow)
    clock.shift(timedelta(days=14, minutes=1))
    with enter(glow.clinic):
        assert news.count_new(glow.cast.desk, at=now()) == 0
        assert news.latest(glow.cast.desk, at=now()) == []


def test_messages_are_told_only_to_who_may_read_them(glow, monkeypatch):
    books(glow)
    text_came(glow)
    lose_messages(glow, State.FAILED)
    monkeypatch.setattr(news, "may", lambda user, right: right != "messages.view")
    page = read(glow)
    assert "booked online" in page
    assert "wrote a text" not in page
    assert "did not get" not in page
    assert read(glow, COUNT).split()[0] == "1"


@pytest.mark.parametrize("path", [PAGE, COUNT])
def test_who_may_not_see_visits_sees_no_news(glow, path):
    client = glow.client(glow.cast.users["marketer"])
    assert client.get(path).status_code == 403


def test_the_names_shown_are_in_the_trail(glow):
    visit = books(glow)
    read(glow)
    with enter(glow.clinic):
        event = Event.objects.get(verb="person.listed")
        assert event.shown == [visit.person.uid]


def test_many_are_counted_as_many(glow):
    for _each in range(news.MOST + 2):
        text_came(glow)
    assert read(glow, COUNT).split()[0] == "99+"
    assert read(glow).count("wrote a text") == news.MOST


def test_the_bell_is_a_press_away_on_every_page(glow):
    body = glow.client(glow.cast.desk).get("/desk/").content.decode()
    assert 'href="/desk/notices/" data-key="g n"' in body
    assert 'hx-get="/desk/notices/count/" hx-trigger="load, every 60s"' in body
