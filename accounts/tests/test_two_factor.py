"""The second factor: demanded, enrolled, spent once; recovery codes; nobody of the staff can go without."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from accounts import actions, second_factor, signals
from accounts.tests.helpers import code_now, fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from tenants.context import enter
from vault.errors import Damaged

SIGN_IN, STEP, SET_UP = "/desk/sign-in/", "/desk/two-factor/", "/desk/two-factor/set-up/"
CODES, PROFILE = "/desk/two-factor/recovery-codes/", "/desk/profile/"
BY = job("tests")


def begin(house, role="front_desk", **data):
    client = house.client()
    user = house.cast.users[role]
    answer = client.post(SIGN_IN, {"email": user.email, "password": house.cast.password, **data})
    return client, answer


@pytest.fixture
def bare(rival):
    """Somebody of rival who has no second factor yet."""
    with enter(rival.clinic):
        user = fresh(rival)
        Authenticator.objects.filter(user_id=user.pk).delete()
    return user


@pytest.mark.promise("P146")
def test_password_and_code_open_the_desk(rival):
    client, answer = begin(rival, next="/desk/patients/")
    assert (answer.status_code, answer["Location"]) == (302, STEP)
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    done = client.post(STEP, {"code": code_now(rival.cast.totp["front_desk"])})
    assert (done.status_code, done["Location"]) == (302, "/desk/patients/")
    assert client.get(PROFILE).status_code == 200


def test_a_code_is_spent_once(rival):
    code = code_now(rival.cast.totp["front_desk"])
    first, _ = begin(rival)
    assert first.post(STEP, {"code": code}).status_code == 302
    second, _ = begin(rival)
    assert second.post(STEP, {"code": code}).status_code == 422
    assert second.get(PROFILE).status_code == 302


def test_an_older_code_is_not_taken_after_a_newer(rival):
    secret = rival.cast.totp["front_desk"]
    older, newer = code_now(secret, -1), code_now(secret)
    assert begin(rival)[0].post(STEP, {"code": newer}).status_code == 302
    assert begin(rival)[0].post(STEP, {"code": older}).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(rival, steps, status):
    with time_machine.travel(now().replace(second=15)):
        client, _ = begin(rival)
        code = code_now(rival.cast.totp["front_desk"], steps)
        assert client.post(STEP, {"code": code}).status_code == status


def test_another_persons_code_opens_nothing(rival):
    client, _ = begin(rival)
    assert client.post(STEP, {"code": code_now(rival.cast.totp["owner"])}).status_code == 422


def test_guessing_codes_is_stopped(rival, notices):
    secret = rival.cast.totp["front_desk"]
    answers = []
    for _ in range(3):
        client, _answer = begin(rival)
        answers += [client.post(STEP, {"code": "000000"}).status_code for _ in range(4)]
    assert answers == [422] * 10 + [429] * 2
    assert client.post(STEP, {"code": code_now(secret)}).status_code == 429
    assert signals.LOCKED in notices.events()
    assert verbs(rival).count("second_factor.refused") == 10


def test_nobody_reaches_the_step_without_the_password(rival):
    assert rival.client().get(STEP)["Location"] == SIGN_IN
    assert rival.client().post(STEP, {"code": "123456"})["Location"] == SIGN_IN


@pytest.mark.promise("P146")
def test_without_a_second_factor_there_is_only_the_set_up(rival, bare):
    client, answer = begin(rival)
    assert answer.status_code == 302
    for path in (PROFILE, "/desk/password/", CODES):
        assert client.get(path)["Location"].startswith(SET_UP)
    assert client.get("/api/v1/me/").status_code == 401
    part = client.get(PROFILE, HTTP_HX_REQUEST="true")
    assert (part.status_code, part["Content-Type"]) == (401, "application/problem+json")
    assert part["HX-Redirect"].startswith(SET_UP)


@pytest.mark.parametrize(
    ("demo", "optional", "production", "let_in"),
    [
        (True, True, False, True),
        (True, True, True, False),
        (True, False, False, False),
        (False, True, False, False),
    ],
)
def test_it_is_optional_only_in_a_demo_that_says_so(
    glow, half_signed_in, settings, monkeypatch, demo, optional, production, let_in
):
    client = half_signed_in(glow, glow.cast.desk)
    settings.PRODUCTION = production
    from tenants import directory

    found = directory.find_by_host(glow.host)
    monkeypatch.setattr(found, "is_demo", demo)
    monkeypatch.setattr(found, "second_factor_optional", optional)
    assert (client.get(PROFILE).status_code == 200) is let_in


def secret_on(page):
    return re.findall(r'data-copy="([A-Z2-7]{32})"', page.content.decode())[0]


def test_set_up(rival, bare, notices):
    client, _ = begin(rival)
    page = client.get(SET_UP)
    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    assert "style=" not in text
    secret = secret_on(page)
    assert secret_on(client.get(SET_UP)) == secret
    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 422
    assert secret_on(wrong) == secret
    done = client.post(SET_UP, {"code": code_now(secret)})
    codes = re.findall(r"<code>(\d{8})</code>", done.content.decode())
    assert done.status_code == 200
    assert len(set(codes)) == 10
    assert client.get(PROFILE).status_code == 200
    assert notices.events(bare.email) == [signals.SECOND_FACTOR_ADDED]
    assert "user.second_factor_enrolled" in verbs(rival)


def test_the_code_of_the_set_up_is_spent(rival, bare):
    client, _ = begin(rival)
    secret = secret_on(client.get(SET_UP))
    code = code_now(secret)
    client.post(SET_UP, {"code": code})
    assert begin(rival)[0].post(STEP, {"code": code}).status_code == 422


def test_a_session_without_the_factor_cannot_replace_it(rival, half_signed_in):
    client = half_signed_in(rival, rival.cast.desk)
    assert client.get(SET_UP)["Location"].startswith(STEP)
    assert client.post(SET_UP, {"code": "000000", "current": "1"})["Location"].startswith(STEP)


def test_a_session_without_the_factor_shows_it_and_goes_on(rival, half_signed_in):
    client = half_signed_in(rival, rival.cast.desk)
    turned = client.get(PROFILE)["Location"]
    assert turned.startswith(f"{STEP}?next=")
    before = client.cookies["session"].value
    done = client.post(STEP, {"code": code_now(rival.cast.totp["front_desk"]), "next": PROFILE})
    assert done["Location"] == PROFILE
    assert client.cookies["session"].value != before
    assert client.get(PROFILE).status_code == 200


def test_replacing_asks_for_the_old_one_and_ends_other_sessions(rival, notices):
    user, secret = fresh(rival), rival.cast.totp["front_desk"]
    client, other = rival.client(user), rival.client(user)
    new = secret_on(client.get(SET_UP))
    assert client.post(SET_UP, {"code": code_now(new)}).status_code == 422
    assert client.post(SET_UP, {"code": code_now(new), "current": "000000"}).status_code == 422
    done = client.post(SET_UP, {"code": code_now(new), "current": code_now(secret)})
    assert done.status_code == 200
    assert client.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert begin(rival)[0].post(STEP, {"code": code_now(secret, 1)}).status_code == 422
    assert begin(rival)[0].post(STEP, {"code": code_now(new, 1)}).status_code == 302
    assert signals.SECOND_FACTOR_CHANGED in notices.events(rival.cast.owner.email)


@pytest.mark.promise("P147")
def test_a_recovery_code_works_once(rival):
    with enter(rival.clinic):
        codes = actions.renew_recovery_codes(fresh(rival), by=BY, at=now())
    assert begin(rival)[0].post(STEP, {"code": codes[3]}).status_code == 302
    assert begin(rival)[0].post(STEP, {"code": codes[3]}).status_code == 422
    assert begin(rival)[0].post(STEP, {"code": f" {codes[4][:4]} {codes[4][4:]} "}).status_code == 302
    with enter(rival.clinic):
        assert second_factor.codes_left(fresh(rival)) == 8


def test_new_recovery_codes_void_the_old(rival, notices):
    user, secret = fresh(rival), rival.cast.totp["front_desk"]
    with enter(rival.clinic):
        old = actions.renew_recovery_codes(user, by=BY, at=now())
    client = rival.client(user)
    assert "10 codes left" in client.get(CODES).content.decode()
    assert client.post(CODES, {"code": "000000"}).status_code == 422
    shown = client.post(CODES, {"code": code_now(secret)})
    new = re.findall(r"<code>(\d{8})</code>", shown.content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert new[0] not in client.get(CODES).content.decode()
    assert begin(rival)[0].post(STEP, {"code": old[0]}).status_code == 422
    assert begin(rival)[0].post(STEP, {"code": new[0]}).status_code == 302
    assert notices.events(user.email).count(signals.RECOVERY_CODES_RENEWED) == 2


def test_recovery_codes_without_a_factor_lead_to_the_set_up(glow):
    assert glow.client(glow.cast.desk).get(CODES)["Location"] == SET_UP


@pytest.mark.promise("P147")
def test_secrets_are_sealed_and_bound_to_their_person(rival):
    desk, owner = fresh(rival), fresh(rival, "owner")
    with enter(rival.clinic):
        rows = {row.user_id: row for row in Authenticator.objects.filter(type="totp")}
        sealed = rows[desk.pk].data["secret"]
        assert rival.cast.totp["front_desk"] not in str(rows[desk.pk].data)
        with second_factor.secret_of(desk, "totp"):
            assert second_factor.open_text(sealed) == rival.cast.totp["front_desk"]
        with pytest.raises(Damaged), second_factor.secret_of(owner, "totp"):
            second_factor.open_text(sealed)
        seeds = Authenticator.objects.filter(type="recovery_codes").values_list("data", flat=True)
        assert all(len(data["seed"]) > 150 for data in seeds)


def test_the_session_holds_no_new_secret_in_clear(rival, bare):
    client, _ = begin(rival)
    secret = secret_on(client.get(SET_UP))
    with session_of(rival, client) as session:
        assert secret not in str(dict(session.items()))


def test_sealing_without_a_person_is_a_fault(rival):
    with enter(rival.clinic), pytest.raises(RuntimeError):
        second_factor.seal_text("JBSWY3DPEHPK3PXP")


def test_the_step_of_a_sign_in_ends_after_a_while(rival):
    client, _ = begin(rival)
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert client.get(STEP)["Location"] == SIGN_IN
