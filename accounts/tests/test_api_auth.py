"""The API's door: bearer tokens and the desk's session, 401, 403 and 404, closed by default."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts import actions
from accounts.models import ApiToken, Throttle
from accounts.tests.helpers import fresh
from audit.actors import job
from core.clock import now
from tenants.context import enter

BY = job("tests")
API = "/api/v1/"
ROLES = ["owner", "admin", "provider", "supervisor", "front_desk", "marketer", "analyst"]


@pytest.fixture(autouse=True)
def pages(settings):
    settings.ROOT_URLCONF = "accounts.tests.urls_with_pages"


def bearer(house, clear):
    return Client(HTTP_HOST=house.host, HTTP_AUTHORIZATION=f"Bearer {clear}", enforce_csrf_checks=True)


def issue(house, role="owner", scopes=("appointments.view", "tokens.manage"), **extra):
    with enter(house.clinic):
        return actions.issue_token(fresh(house, role), name="test", scopes=scopes, by=BY, at=now(), **extra)


def test_a_token_opens_what_its_scopes_name(glow):
    token, clear = issue(glow)
    client = bearer(glow, clear)
    answer = client.get(API + "visits/")
    assert answer.status_code == 200
    assert answer.json() == {"actor": f"token:{token.uid}"}
    assert client.post(API + "visits/").status_code == 403
    assert client.get(API + "me/").json()["permissions"] == ["appointments.view", "tokens.manage"]


@pytest.mark.promise("P147")
def test_a_token_is_kept_as_its_hash(glow):
    _, clear = issue(glow)
    with enter(glow.clinic):
        kept = ApiToken.objects.order_by("-pk").values()[0]
    assert clear not in str(kept)
    assert clear[12:] not in str(kept)
    assert len(bytes(kept["token_hash"])) == 32
    assert len(clear) > 43


@pytest.mark.parametrize(
    "how", ["wrong", "revoked", "expired", "ended", "empty", "two words", "other scheme", "not ascii"]
)
def test_what_is_no_live_token_is_401(glow, how):
    token, clear = issue(glow, "admin", expires_at=now() + timedelta(days=1))
    header = f"Bearer {clear}"
    with enter(glow.clinic):
        if how == "revoked":
            actions.revoke_token(token, by=BY, at=now())
        if how == "ended":
            actions.end_access(fresh(glow, "admin"), by=BY, at=now())
    header = {
        "wrong": header[:-1] + ("a" if header[-1] != "a" else "b"),
        "empty": "Bearer",
        "two words": f"Bearer {clear} {clear}",
        "other scheme": f"Token {clear}",
        "not ascii": "Bearer ünïcödé",
    }.get(how, header)
    client = Client(HTTP_HOST=glow.host, HTTP_AUTHORIZATION=header)
    with time_machine.travel(now() + timedelta(days=2) if how == "expired" else now()):
        answer = client.get(API + "visits/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.promise("P159")
def test_a_token_means_nothing_next_door(glow, rival):
    _, clear = issue(glow)
    assert bearer(rival, clear).get(API + "visits/").status_code == 401


def test_the_role_has_the_last_word(glow):
    _, clear = issue(glow, "admin")
    client = bearer(glow, clear)
    assert client.get(API + "visits/").status_code == 200
    with enter(glow.clinic):
        actions.change_role(fresh(glow, "admin"), "marketer", by=BY, at=now())
    assert client.get(API + "visits/").status_code == 403


def test_use_is_noted_once_a_minute(glow, django_assert_num_queries):
    token, clear = issue(glow)
    client = bearer(glow, clear)
    began = now()
    stamps = []
    for seconds in (0, 30, 61):
        with time_machine.travel(began + timedelta(seconds=seconds), tick=False):
            client.get(API + "visits/")
        with enter(glow.clinic):
            stamps.append(ApiToken.objects.get(pk=token.pk).last_used_at)
    assert stamps[0] == stamps[1] != stamps[2]


def test_many_wrong_tokens_are_refused_and_a_right_one_is_not(glow):
    _, clear = issue(glow)
    wrong = bearer(glow, "msp_wrong")
    answers = [wrong.get(API + "visits/").status_code for _ in range(122)]
    assert answers == [401] * 120 + [429] * 2
    assert bearer(glow, clear).get(API + "visits/").status_code == 200
    with enter(glow.clinic):
        assert Throttle.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_the_session_opens_by_role(glow, role):
    status = glow.client(glow.cast.users[role]).get(API + "visits/").status_code
    assert status == (403 if role in ("marketer", "analyst") else 200)


def test_nobody_is_401_and_a_forbidden_object_404(glow):
    assert glow.client().get(API + "visits/").status_code == 401
    assert glow.client().get(API + "visits/1/").status_code == 401
    assert glow.client(glow.cast.users["analyst"]).get(API + "visits/1/").status_code == 404


def test_what_nobody_opened_is_shut(glow):
    assert glow.client().get(API + "bare/").status_code == 401
    assert glow.client(glow.cast.owner).get(API + "bare/").status_code == 403


def test_the_public_part_needs_nobody(glow, rival, half_signed_in):
    assert glow.client().get(API + "public/").json() == {"actor": "visitor:web"}
    half = half_signed_in(rival, rival.cast.owner)
    assert half.get(API + "public/").json() == {"actor": "visitor:web"}
    assert half.get(API + "visits/").status_code == 401


def test_a_session_must_prove_that_our_page_asked(glow):
    client = glow.client(glow.cast.owner, enforce_csrf_checks=True)
    assert client.post(API + "visits/", content_type="application/json").status_code == 403
    client.get("/desk/profile/")
    token = client.cookies["csrf"].value
    assert (
        client.post(API + "visits/", content_type="application/json", HTTP_X_CSRFTOKEN=token).status_code
        == 200
    )


def test_me(glow):
    told = glow.client(glow.cast.desk).get(API + "me/").json()
    assert told["email"] == glow.cast.desk.email
    assert told["role"] == "front_desk"
    assert "patients.view" in told["permissions"]


def test_tokens_by_api(glow):
    client = glow.client(glow.cast.owner)
    wanted = {"name": "Website", "scopes": ["services.view"], "user": "x", "token_hash": "x", "role": "owner"}
    answer = client.post(API + "tokens/", wanted, content_type="application/json")
    assert answer.status_code == 201
    issued = answer.json()
    assert bearer(glow, issued["token"]).get(API + "me/").json()["permissions"] == ["services.view"]
    listed = client.get(API + "tokens/").json()
    assert issued["id"] in [each["id"] for each in listed["results"]]
    assert "token" not in listed["results"][0]
    revoked = client.post(f"{API}tokens/{issued['id']}/revoke/")
    assert revoked.json()["revoked_at"]
    assert bearer(glow, issued["token"]).get(API + "me/").status_code == 401


def test_every_fault_of_a_token_is_listed(glow):
    client = glow.client(glow.cast.owner)
    wanted = {"name": " ", "scopes": ["services.view", "world.rule"], "expires_at": "2020-01-01T00:00:00Z"}
    answer = client.post(API + "tokens/", {**wanted, "name": "x"}, content_type="application/json")
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"scopes", "expires_at"}


def test_a_token_cannot_make_a_stronger_one(glow):
    _, clear = issue(glow, scopes=["tokens.manage"])
    answer = bearer(glow, clear).post(
        API + "tokens/", {"name": "x", "scopes": ["patients.view"]}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "beyond_role"


def test_others_tokens_are_not_there(glow):
    token, _ = issue(glow, "admin")
    client = glow.client(glow.cast.owner)
    assert client.post(f"{API}tokens/{token.uid}/revoke/").status_code == 404
    assert client.post(f"{API}tokens/01890000-0000-7000-8000-000000000000/revoke/").status_code == 404
    assert glow.client(glow.cast.desk).get(API + "tokens/").status_code == 403
