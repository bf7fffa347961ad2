"""One's own page: password, tokens for programs, and what others may not do there."""

import re

import pytest

from accounts import second_factor, signals
from accounts.models import ApiToken
from accounts.tests.helpers import fresh
from core.clock import now
from tenants.context import enter

PROFILE, PASSWORD, TOKENS = "/desk/profile/", "/desk/password/", "/desk/profile/tokens/"
BETTER = "zebra wagon lamp cloud"


def change(client, current, new=BETTER, repeated=None):
    return client.post(PASSWORD, {"current": current, "new": new, "repeated": repeated or new})


def test_a_new_password(glow, notices):
    client, other = glow.client(glow.cast.desk), glow.client(glow.cast.desk)
    answer = change(client, glow.cast.password)
    assert (answer.status_code, answer["Location"]) == (302, f"{PROFILE}?done=password")
    assert client.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert notices.events(glow.cast.desk.email) == [signals.PASSWORD_CHANGED]
    assert (
        glow.client().post("/desk/sign-in/", {"email": glow.cast.desk.email, "password": BETTER}).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("new", "repeated", "said"),
    [
        ("short", None, "too short"),
        (BETTER, "zebra wagon lamp crowd", "not the same"),
        ("", None, "Choose a new"),
    ],
)
def test_what_is_wrong_is_said(glow, new, repeated, said):
    answer = change(glow.client(glow.cast.desk), glow.cast.password, new, repeated)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_old_password_is_asked_for_and_guarded(glow):
    client = glow.client(glow.cast.desk)
    answers = [change(client, f"wrong {n}").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]
    assert change(client, glow.cast.password).status_code == 429


def test_a_person_without_a_password_gets_one(glow):
    with enter(glow.clinic):
        user = fresh(glow)
        user.set_unusable_password()
        user.save()
    client = glow.client(user)
    assert 'name="current"' not in client.get(PASSWORD).content.decode()
    assert change(client, "").status_code == 302


def test_a_token_is_shown_once(glow, notices):
    client = glow.client(glow.cast.owner)
    wanted = {"name": "Website booking", "days": 90, "scopes": ["services.view", "appointments.view"]}
    shown = client.post(TOKENS, wanted)
    clear = re.findall(r'readonly value="(msp_[\w-]{43})"', shown.content.decode())[0]
    assert glow.client(HTTP_AUTHORIZATION=f"Bearer {clear}").get("/api/v1/me/").status_code == 200
    again = client.get(PROFILE).content.decode()
    assert clear not in again
    assert clear[:10] in again
    assert signals.TOKEN_ISSUED in notices.events()
    with enter(glow.clinic):
        token = ApiToken.objects.get(name="Website booking")
    assert client.post(f"{TOKENS}{token.uid}/revoke/")["Location"] == f"{PROFILE}?done=revoked"
    assert glow.client(HTTP_AUTHORIZATION=f"Bearer {clear}").get("/api/v1/me/").status_code == 401


def test_nothing_typed_is_lost(glow):
    answer = glow.client(glow.cast.owner).post(TOKENS, {"name": "Website", "days": 30, "scopes": []})
    assert answer.status_code == 422
    assert 'value="Website"' in answer.content.decode()


def test_only_some_issue_tokens(glow):
    client = glow.client(glow.cast.desk)
    assert TOKENS not in client.get(PROFILE).content.decode()
    assert client.post(TOKENS, {"name": "x", "days": 30, "scopes": ["services.view"]}).status_code == 403


def test_others_tokens_are_not_there(glow):
    with enter(glow.clinic):
        token = ApiToken.objects.filter(user=glow.cast.users["admin"])[0]
    assert glow.client(glow.cast.owner).post(f"{TOKENS}{token.uid}/revoke/").status_code == 404


def test_names_are_shown_as_text(glow):
    client = glow.client(glow.cast.owner)
    client.post(TOKENS, {"name": "<script>alert(1)</script>", "days": 30, "scopes": ["services.view"]})
    text = client.get(PROFILE).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.promise("P31")
@pytest.mark.promise("P24")
def test_ones_own_details_are_ones_own_to_correct(glow):
    client = glow.client(glow.cast.desk)
    details = {"display_name": "Fran Fischer-Ito", "job_title": "Front desk lead", "phone": "(512) 555-0143"}
    assert client.post("/desk/profile/details/", details)["Location"] == f"{PROFILE}?done=details"
    kept = fresh(glow)
    assert (kept.display_name, kept.job_title, kept.phone) == (
        "Fran Fischer-Ito",
        "Front desk lead",
        "+15125550143",
    )
    wrong = client.post("/desk/profile/details/", details | {"phone": "12", "display_name": ""})
    assert wrong.status_code == 422
    assert "Front desk lead" in wrong.content.decode()


def test_few_recovery_codes_are_said(rival):
    desk = rival.cast.desk
    client = rival.client(desk)
    assert "recovery codes left" not in client.get(PROFILE).content.decode()
    with enter(rival.clinic):
        for code in second_factor.renew_codes(desk)[:7]:
            assert second_factor.spend(desk, code, at=now()) is not None
    assert "3 recovery codes left" in client.get(PROFILE).content.decode()
