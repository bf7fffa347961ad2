"""Where one is signed in, what was tried, and leaving: one device, the others, or all of them."""

from datetime import timedelta

import pytest
import time_machine

from accounts import actions, agents, sessions
from accounts.models import SignIn
from accounts.tests.helpers import fresh, session_of
from audit.actors import job
from core.clock import now
from tenants.context import enter

DEVICES, STAY, DAY = "/desk/profile/sessions/", "/desk/stay/", "/desk/"
CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


def sign_in(house, agent=CHROME, password=None):
    client = house.client(HTTP_USER_AGENT=agent)
    client.post(
        "/desk/sign-in/", {"email": house.cast.desk.email, "password": password or house.cast.password}
    )
    return client


def living(house):
    with enter(house.clinic):
        return sessions.living_of(house.cast.desk, now())


def test_the_devices_are_listed(glow):
    mac, _phone = sign_in(glow), sign_in(glow, IPHONE)
    text = mac.get(DEVICES).content.decode()
    assert "Chrome on Mac" in text
    assert "Safari on iPhone" in text
    assert text.count("This browser") == 1
    assert "127.0.0.1" in text


def test_one_is_signed_out_from_the_other(glow):
    mac, phone = sign_in(glow), sign_in(glow, IPHONE)
    assert phone.get(DAY).status_code == 200
    target = next(each for each in living(glow) if "iPhone" in each.agent)
    assert mac.post(DEVICES, {"end": str(target.uid)})["Location"].endswith("done=one")
    assert phone.get(DAY).status_code == 302
    assert mac.get(DAY).status_code == 200


@pytest.mark.parametrize("which", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_session_ends_nothing(glow, which):
    client = sign_in(glow)
    assert client.post(DEVICES, {"end": which}).status_code == 302
    assert client.get(DAY).status_code == 200


def test_somebody_elses_session_is_not_there(glow):
    sign_in(glow)
    olive = glow.client(glow.cast.owner)
    olive.post(DEVICES, {"end": str(living(glow)[0].uid)})
    assert len(living(glow)) == 1


def test_everywhere_else(glow):
    here, there, token = sign_in(glow), sign_in(glow, IPHONE), glow.api(glow.cast.desk)
    assert here.post(DEVICES, {"end": "others"}).status_code == 302
    assert there.get(DAY).status_code == 302
    assert here.get(DAY).status_code == 200
    assert token.get("/api/v1/me/").status_code == 200
    assert len(living(glow)) == 1


def test_everywhere(glow):
    here, there = sign_in(glow), sign_in(glow, IPHONE)
    answer = here.post(DEVICES, {"end": "all"})
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/desk/sign-in/", '"cache", "storage"')
    assert [each.get(DAY).status_code for each in (here, there)] == [302, 302]
    assert living(glow) == []


def test_a_session_that_changed_its_key_is_ended_all_the_same(glow):
    mac = sign_in(glow)
    phone = sign_in(glow, IPHONE)
    with session_of(glow, phone) as session:
        session.cycle_key()
        key = session.session_key
    phone.cookies["session"] = key
    target = next(each for each in living(glow) if "iPhone" in each.agent)
    mac.post(DEVICES, {"end": str(target.uid)})
    assert phone.get(DAY).status_code == 302


def test_the_history_has_the_tries_too(glow):
    sign_in(glow, IPHONE, password="wrong")
    text = sign_in(glow).get(DEVICES).content.decode()
    assert "Wrong password or code" in text
    with enter(glow.clinic):
        assert [each.outcome for each in SignIn.objects.order_by("id")] == ["refused", "succeeded"]


def test_signing_out_and_running_out_are_told_apart(glow):
    sign_in(glow).post("/desk/sign-out/")
    idle = sign_in(glow)
    with time_machine.travel(now() + timedelta(minutes=16)):
        idle.get(DAY)
    with enter(glow.clinic):
        assert [each.end for each in SignIn.objects.order_by("id")] == ["signed_out", "idle"]


def test_the_end_of_access_closes_the_list(glow):
    sign_in(glow)
    with enter(glow.clinic):
        actions.end_access(fresh(glow), by=job("tests"), at=now())
        assert SignIn.objects.get().end == "closed"


def test_staying(glow):
    client = sign_in(glow)
    with time_machine.travel(now() + timedelta(minutes=14)):
        answer = client.post(STAY).json()
        assert answer["left"] == 900
        assert 42350 <= answer["absolute"] <= 42360
    with time_machine.travel(now() + timedelta(minutes=28)):
        assert client.get(DAY).status_code == 200


def test_nobody_stays_past_the_end(glow):
    client = sign_in(glow)
    with time_machine.travel(now() + timedelta(minutes=15)):
        answer = client.post(STAY, HTTP_HX_REQUEST="true")
        assert answer.status_code == 401


def test_the_page_knows_when_it_ends(glow):
    text = sign_in(glow).get("/desk/profile/").content.decode()
    assert 'data-left="900"' in text or 'data-left="899"' in text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Mac"),
        (IPHONE, "Safari on iPhone"),
        ("", "A browser we cannot name"),
        ("curl/8", "A browser we cannot name"),
    ],
)
def test_words_for_browsers(agent, words):
    assert agents.described(agent) == words
