"""Passkeys: made, shown at the second step and to confirm, renamed, removed; and everything that must not get through."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData

from accounts import actions, ceremonies, passkeys, second_factor, sessions, signals
from accounts.tests.helpers import code_now, fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from core.ids import uuid7
from tenants.context import enter
from tests.authenticator import PRESENT, Device

SIGN_IN, STEP, SET_UP = "/desk/sign-in/", "/desk/two-factor/", "/desk/two-factor/set-up/"
CHALLENGE, ADD = f"{STEP}passkey/challenge/", f"{STEP}passkeys/add/"
NEW_CHALLENGE, CODES = f"{ADD}challenge/", f"{STEP}recovery-codes/"
PROFILE, CONFIRM = "/desk/profile/", "/desk/confirm/"
BY = job("tests")

pytestmark = pytest.mark.promise("P146")


def device_at(house, **how):
    return Device(f"http://{house.host}", **how)


def begin(house, role="front_desk", **data):
    """A browser that has shown the password."""
    client, user = house.client(), house.cast.users[role]
    client.post(SIGN_IN, {"email": user.email, "password": house.cast.password, **data})
    return client


def make(client, device, name="Work laptop", **lies):
    options = client.post(NEW_CHALLENGE).json()
    return client.post(ADD, {"name": name, "passkey": device.make(options, **lies)})


def enrolled(house, role="front_desk", **how):
    """A device whose passkey this person has, beside what the cast has."""
    device = device_at(house, **how)
    assert make(house.client(fresh(house, role)), device).status_code in {200, 302}
    return device


def show(client, device, to=STEP, **lies):
    options = client.post(CHALLENGE).json()
    return client.post(to, {"code": "", "passkey": device.show(options, **lies)})


def row_of(house, role="front_desk"):
    with enter(house.clinic):
        return passkeys.rows_of(fresh(house, role))[-1]


def page_of(house, role="front_desk"):
    return f"{PROFILE}passkeys/{row_of(house, role).data['uid']}/"


def stale(house, client):
    """The last confirmation was long ago."""
    with session_of(house, client) as session:
        session[sessions.CONFIRMED] = (now() - timedelta(minutes=16)).timestamp()


@pytest.fixture
def bare(rival):
    """Somebody of rival who has no second factor yet."""
    with enter(rival.clinic):
        user = fresh(rival)
        Authenticator.objects.filter(user_id=user.pk).delete()
    return user


# --- Making one


def test_the_first_passkey_sets_up_the_second_step(rival, bare, notices):
    client = begin(rival)
    first = client.get(SET_UP).content.decode()
    assert first.index("Use a passkey") < first.index("Use an authenticator app")
    device = device_at(rival)
    done = make(client, device)
    assert done.status_code == 200
    assert len(set(done.context["codes"])) == 10
    assert client.get(PROFILE).status_code == 200
    assert notices.events(bare.email) == [signals.PASSKEY_ADDED]
    assert signals.PASSKEY_ADDED not in notices.events(rival.cast.owner.email)
    assert "user.passkey_added" in verbs(rival)
    again = begin(rival)
    assert again.get(STEP).status_code == 200
    assert show(again, device).status_code == 302
    assert again.get(PROFILE).status_code == 200


def test_a_passkey_beside_the_app_keeps_the_app_and_the_codes(rival, notices):
    user = fresh(rival)
    with enter(rival.clinic):
        codes = actions.renew_recovery_codes(user, by=BY, at=now())
    client = rival.client(user)
    done = make(client, device_at(rival))
    assert done["Location"] == f"{PROFILE}?done=passkey"
    assert "Work laptop" in client.get(PROFILE).content.decode()
    assert begin(rival).post(STEP, {"code": code_now(rival.cast.totp["front_desk"])}).status_code == 302
    assert begin(rival).post(STEP, {"code": codes[0]}).status_code == 302
    assert signals.PASSKEY_ADDED in notices.events(user.email)
    assert signals.PASSKEY_ADDED in notices.events(rival.cast.owner.email)


def test_what_the_browser_is_asked_for(rival):
    enrolled(rival)
    asked = rival.client(fresh(rival)).post(NEW_CHALLENGE).json()["publicKey"]
    assert asked["rp"] == {"id": rival.host, "name": rival.clinic.name}
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert len(asked["excludeCredentials"]) == 1
    shown = begin(rival).post(CHALLENGE).json()["publicKey"]
    assert (shown["rpId"], shown["userVerification"]) == (rival.host, "required")
    assert len(shown["allowCredentials"]) == 1


def test_adding_one_asks_first_who_it_is(rival):
    client = rival.client(fresh(rival))
    stale(rival, client)
    assert client.get(ADD)["Location"].startswith(f"{CONFIRM}?next=")
    refused = client.post(NEW_CHALLENGE)
    assert (refused.status_code, refused.json()["title"]) == (403, "Confirm that it is you")
    assert client.post(ADD, {"name": "x", "passkey": "{}"})["Location"].startswith(CONFIRM)


def test_an_app_beside_a_passkey_asks_first_who_it_is(rival, bare):
    client = begin(rival)
    make(client, device_at(rival))
    assert client.get(SET_UP).status_code == 200
    stale(rival, client)
    assert client.get(SET_UP)["Location"].startswith(CONFIRM)
    assert client.post(SET_UP, {"code": "000000"})["Location"].startswith(CONFIRM)


def test_an_app_beside_a_passkey_leaves_it(rival, bare, notices):
    client, device = begin(rival), device_at(rival)
    make(client, device)
    secret = client.get(SET_UP).context["secret"]
    assert client.post(SET_UP, {"code": code_now(secret)}).status_code == 200
    assert show(begin(rival), device).status_code == 302
    assert begin(rival).post(STEP, {"code": code_now(secret, 1)}).status_code == 302
    assert signals.SECOND_FACTOR_ADDED in notices.events(rival.cast.owner.email)


def test_a_session_that_has_shown_nothing_adds_none(rival, half_signed_in):
    client = half_signed_in(rival, rival.cast.desk)
    assert client.post(NEW_CHALLENGE).status_code == 401
    assert client.get(ADD)["Location"].startswith(STEP)
    assert client.post(ADD, {"name": "x", "passkey": "{}"})["Location"].startswith(STEP)
    assert rival.client().post(NEW_CHALLENGE).status_code == 401
    assert rival.client().get(ADD)["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://sub.rival.localhost"},
        {"origin": "http://localhost"},
        {"rp": "glow.localhost"},
        {"challenge": websafe_encode(b"0" * 32)},
        {"kind": "webauthn.get"},
        {"crossed": True},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
def test_a_passkey_made_wrongly_is_not_kept(rival, lies):
    client = rival.client(fresh(rival))
    assert make(client, device_at(rival), **lies).status_code == 422
    with enter(rival.clinic):
        assert passkeys.rows_of(fresh(rival)) == []


def test_a_key_we_cannot_check_is_not_kept(rival):
    device = device_at(rival)
    odd = AttestedCredentialData.create(Aaguid(bytes(16)), device.credential_id, CoseKey({1: 2, 3: -65000}))
    assert make(rival.client(fresh(rival)), device, credential=odd).status_code == 422


@pytest.mark.parametrize(
    "text", ["", "x", "{}", "[]", "null", '{"rawId": 3}', '{"response": {}}', "[" * 9_000]
)
def test_an_answer_that_is_none(rival, text):
    client = rival.client(fresh(rival))
    client.post(NEW_CHALLENGE)
    assert client.post(ADD, {"name": "x", "passkey": text}).status_code == 422
    enrolled(rival)
    other = begin(rival)
    other.post(CHALLENGE)
    assert other.post(STEP, {"passkey": text or " "}).status_code == 422


@pytest.mark.parametrize("deep", [b"\x81" * 8_000, b"\xa1" * 8_000, b"\x5f" * 9, b"\x1b" + b"\xff" * 8])
def test_an_attestation_that_is_none(rival, deep):
    client, device = rival.client(fresh(rival)), device_at(rival)
    answer = json.loads(device.make(client.post(NEW_CHALLENGE).json()))
    answer["response"]["attestationObject"] = websafe_encode(deep)
    assert client.post(ADD, {"name": "x", "passkey": json.dumps(answer)}).status_code == 422


def test_without_a_name_it_is_not_kept(rival):
    client = rival.client(fresh(rival))
    assert make(client, device_at(rival), name=" ").status_code == 422
    assert make(client, device_at(rival), name="bad\x07").status_code == 422
    with enter(rival.clinic):
        assert passkeys.rows_of(fresh(rival)) == []


def test_one_device_is_nobody_elses(rival):
    device = enrolled(rival)
    refused = make(rival.client(fresh(rival, "owner")), device)
    assert refused.status_code == 422
    assert "in use here already" in refused.content.decode()


def test_twenty_are_enough(rival, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    enrolled(rival)
    assert make(rival.client(fresh(rival)), device_at(rival)).status_code == 422


# --- Showing one


def test_the_second_step_offers_it_first(rival):
    enrolled(rival)
    text = begin(rival).get(STEP).content.decode()
    assert text.index("Use a passkey") < text.index("Code")
    other = begin(rival, "owner").get(STEP).content.decode()
    assert "Use a passkey" not in other
    assert begin(rival, "owner").post(CHALLENGE).status_code == 409


def test_it_opens_the_desk_and_is_noted(rival):
    device = enrolled(rival)
    assert row_of(rival).last_used_at is None
    client = begin(rival, next="/desk/patients/")
    done = show(client, device, user=rival.cast.desk.pk.bytes)
    assert (done.status_code, done["Location"]) == (302, "/desk/patients/")
    assert client.get(PROFILE).status_code == 200
    row = row_of(rival)
    assert row.last_used_at is not None
    assert row.data["count"] == device.count


def test_a_session_without_the_factor_shows_it_and_goes_on(rival, half_signed_in):
    device = enrolled(rival)
    client = half_signed_in(rival, rival.cast.desk)
    assert show(client, device).status_code == 302
    assert client.get(PROFILE).status_code == 200


def test_nobody_gets_a_challenge_without_the_password(rival):
    assert rival.client().post(CHALLENGE).status_code == 401


LIES = [
    {"origin": "https://rival.localhost"},
    {"origin": "http://rival.localhost.evil.example"},
    {"origin": "http://sub.rival.localhost"},
    {"origin": "http://rival.localhost:81"},
    {"rp": "glow.localhost"},
    {"challenge": websafe_encode(b"0" * 32)},
    {"kind": "webauthn.create"},
    {"crossed": True},
    {"flags": PRESENT},
    {"flags": 0},
    {"user": b"somebody else"},
]


@pytest.mark.parametrize("lies", LIES, ids=str)
def test_one_shown_wrongly_opens_nothing(rival, lies):
    device = enrolled(rival)
    client = begin(rival)
    assert show(client, device, **lies).status_code == 422
    assert client.get(PROFILE).status_code == 302
    assert "second_factor.refused" in verbs(rival)
    assert show(client, device).status_code == 302


def test_where_links_are_https_an_http_page_is_refused(rival, settings):
    device = enrolled(rival)
    settings.SITE_SCHEME = "https"
    assert show(begin(rival), device).status_code == 422
    device.origin = f"https://{rival.host}"
    assert show(begin(rival), device).status_code == 302


def test_a_challenge_is_answered_once(rival):
    device = enrolled(rival, count=None)
    client = begin(rival)
    options = client.post(CHALLENGE).json()
    answer = device.show(options)
    assert client.post(STEP, {"passkey": answer}).status_code == 302
    other = begin(rival)
    assert other.post(STEP, {"passkey": answer}).status_code == 422


def test_a_wrong_answer_spends_the_challenge_too(rival):
    device = enrolled(rival)
    client = begin(rival)
    options = client.post(CHALLENGE).json()
    assert client.post(STEP, {"passkey": device.show(options, origin="http://x")}).status_code == 422
    assert client.post(STEP, {"passkey": device.show(options)}).status_code == 422


def test_of_two_answers_to_one_challenge_one_counts(rival, rf):
    """Two requests that read the session at the same moment both hold the challenge."""
    device = enrolled(rival, count=None)
    user = fresh(rival)
    with enter(rival.clinic):
        request = rf.post(STEP, HTTP_HOST=rival.host)
        request.session = {}
        options = ceremonies.begin_showing(request, user, at=now())
        answer, kept = device.show(options), request.session[ceremonies.PENDING]
        ceremonies.shown(request, user, answer, at=now())
        request.session[ceremonies.PENDING] = kept
        with pytest.raises(ceremonies.Refused):
            ceremonies.shown(request, user, answer, at=now())


def test_a_challenge_is_of_one_browser(rival):
    device = enrolled(rival)
    options = begin(rival).post(CHALLENGE).json()
    other = begin(rival)
    other.post(CHALLENGE)
    assert other.post(STEP, {"passkey": device.show(options)}).status_code == 422


def test_a_challenge_is_of_one_purpose(rival):
    device = enrolled(rival)
    client = rival.client(fresh(rival))
    stale(rival, client)
    shown = client.post(CHALLENGE).json()
    with session_of(rival, client) as session:
        sessions.confirm(session, now())
    made = {"publicKey": {**shown["publicKey"], "rp": {"id": rival.host}}}
    answer = device_at(rival).make(made)
    assert client.post(ADD, {"name": "x", "passkey": answer}).status_code == 422
    assert len(row_ids(rival)) == 1
    assert device.count


def row_ids(house):
    with enter(house.clinic):
        return [row.pk for row in passkeys.rows_of(fresh(house))]


def test_a_challenge_lives_five_minutes(rival):
    device = enrolled(rival)
    with time_machine.travel(now(), tick=False) as clock:
        client = begin(rival)
        options = client.post(CHALLENGE).json()
        clock.shift(timedelta(minutes=5))
        assert client.post(STEP, {"passkey": device.show(options)}).status_code == 422
        options = client.post(CHALLENGE).json()
        clock.shift(timedelta(minutes=4, seconds=59))
        assert client.post(STEP, {"passkey": device.show(options)}).status_code == 302


@pytest.mark.parametrize(("step", "status"), [(0, 422), (-1, 422), (1, 302)])
def test_the_counter_must_go_on(rival, step, status):
    device = enrolled(rival)
    assert show(begin(rival), device).status_code == 302
    device.count = device.count - 1 + step  # it counts one on by itself
    assert show(begin(rival), device).status_code == status


def test_a_device_that_never_counts_is_taken(rival):
    device = enrolled(rival, count=None)
    assert show(begin(rival), device).status_code == 302
    assert show(begin(rival), device).status_code == 302


def test_a_device_that_counted_and_counts_no_more_is_refused(rival):
    device = enrolled(rival)
    device.count = None
    assert show(begin(rival), device).status_code == 422


def test_another_persons_passkey_opens_nothing(rival):
    enrolled(rival)
    owners = enrolled(rival, "owner")
    assert show(begin(rival), owners).status_code == 422


@pytest.mark.promise("P157")
def test_another_clinics_passkey_opens_nothing(glow, rival):
    foreign = enrolled(glow)
    own = enrolled(rival)
    foreign.origin = own.origin
    assert show(begin(rival), foreign).status_code == 422
    foreign.credential_id = own.credential_id
    assert show(begin(rival), foreign).status_code == 422
    own.key = foreign.key
    assert show(begin(rival), own).status_code == 422


@pytest.mark.promise("P157")
def test_a_row_brought_from_elsewhere_opens_nothing(rival):
    """Another person's row under this one's name, and a key written past the application: the seal does not open."""
    device = enrolled(rival, "owner")
    with enter(rival.clinic):
        Authenticator.objects.filter(pk=row_of(rival, "owner").pk).update(user=rival.cast.desk.pk)
    client = begin(rival)
    assert show(client, device).status_code == 422


def test_a_passkey_of_another_address_of_the_clinic_is_not_offered(rival, bare):
    make(begin(rival), device_at(rival))
    row = row_of(rival)
    row.data["host"] = "desk.rival.example"
    with enter(rival.clinic):
        row.save()
    client = begin(rival)
    assert "another address" in client.get(STEP).content.decode()
    assert client.post(CHALLENGE).status_code == 409
    listed = rival.client(fresh(rival)).get(PROFILE).content.decode()
    assert "works at desk.rival.example" in listed


@pytest.mark.promise("P153")
def test_guessing_is_stopped_as_with_codes(rival, notices):
    device = enrolled(rival)
    client = begin(rival)
    answers = [show(client, device, origin="http://x").status_code for _ in range(5)]
    answers += [client.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 10 + [429]
    assert show(client, device).status_code == 429
    assert signals.LOCKED in notices.events()


def test_whose_access_has_ended_is_refused(rival):
    device = enrolled(rival)
    client = begin(rival)
    options = client.post(CHALLENGE).json()
    with enter(rival.clinic):
        actions.end_access(fresh(rival), by=BY, at=now())
    assert client.post(CHALLENGE).status_code == 401
    assert client.post(STEP, {"passkey": device.show(options)})["Location"] == SIGN_IN
    assert client.get(PROFILE).status_code == 302


def test_no_code_is_read_from_a_passkey(rival, bare):
    """`spend` looks at the app and the recovery codes only."""
    make(begin(rival), device_at(rival))
    assert begin(rival).post(STEP, {"code": "123456"}).status_code == 422
    with enter(rival.clinic):
        assert second_factor.spend(fresh(rival), "123456", at=now()) is None


# --- Confirming


def issue_token(client, **data):
    return client.post(f"{PROFILE}tokens/", {"name": "Site", "days": "30", "scopes": "services.view", **data})


def test_a_passkey_confirms_that_it_is_you(rival):
    device = enrolled(rival, "owner")
    client = rival.client(fresh(rival, "owner"))
    stale(rival, client)
    asked = issue_token(client)
    assert asked.status_code == 403
    assert "Use a passkey" in asked.content.decode()
    options = client.post(CHALLENGE).json()
    answer = {"step_up_secret": "", "step_up_passkey": device.show(options)}
    done = issue_token(client, **answer)
    assert done.status_code == 200
    assert done.context["shown_once"]
    assert client.get(ADD).status_code == 200


def test_a_wrong_one_confirms_nothing(rival):
    device = enrolled(rival, "owner")
    client = rival.client(fresh(rival, "owner"))
    stale(rival, client)
    options = client.post(CHALLENGE).json()
    answer = {"step_up_secret": "", "step_up_passkey": device.show(options, flags=PRESENT)}
    refused = issue_token(client, **answer)
    assert refused.status_code == 422
    assert "rawId" not in refused.content.decode()
    assert client.get(ADD)["Location"].startswith(CONFIRM)
    assert "step_up.refused" in verbs(rival)


def test_the_page_by_itself_takes_it_too(rival):
    device = enrolled(rival)
    client = rival.client(fresh(rival))
    stale(rival, client)
    options = client.post(CHALLENGE).json()
    done = client.post(CONFIRM, {"next": ADD, "step_up_passkey": device.show(options)})
    assert (done.status_code, done["Location"]) == (302, ADD)


def test_it_makes_new_recovery_codes(rival, bare):
    client, device = begin(rival), device_at(rival)
    make(client, device)
    assert client.get(CODES).status_code == 200
    assert len(show(client, device, CODES).context["codes"]) == 10


# --- Keeping them in order


def test_renamed(rival):
    enrolled(rival)
    client = rival.client(fresh(rival))
    assert client.post(page_of(rival), {"name": " "}).status_code == 422
    assert client.post(page_of(rival), {"name": "bad\x07"}).status_code == 422
    done = client.post(page_of(rival), {"name": "Blue key"})
    assert done["Location"] == f"{PROFILE}?done=passkey_renamed"
    assert "Blue key" in client.get(PROFILE).content.decode()
    assert "user.passkey_renamed" in verbs(rival)


def test_removed_it_opens_nothing_and_other_sessions_end(rival, notices):
    device = enrolled(rival)
    user = fresh(rival)
    client, other, third = rival.client(user), rival.client(user), begin(rival)
    options = third.post(CHALLENGE).json()
    done = client.post(f"{page_of(rival)}remove/")
    assert done["Location"] == f"{PROFILE}?done=passkey_removed"
    assert client.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert third.post(STEP, {"passkey": device.show(options)}).status_code == 422
    assert begin(rival).post(CHALLENGE).status_code == 409
    assert begin(rival).post(STEP, {"code": code_now(rival.cast.totp["front_desk"])}).status_code == 302
    for email in (user.email, rival.cast.owner.email):
        assert signals.PASSKEY_REMOVED in notices.events(email)
    assert "user.passkey_removed" in verbs(rival)


def test_removing_asks_first_who_it_is(rival):
    enrolled(rival)
    client = rival.client(fresh(rival))
    stale(rival, client)
    path = f"{page_of(rival)}remove/"
    assert client.post(path).status_code == 403
    assert len(row_ids(rival)) == 1
    assert client.post(path, {"step_up_secret": rival.cast.password}).status_code == 302
    assert row_ids(rival) == []


def test_the_last_one_stays_where_a_second_factor_is_demanded(rival, bare, notices):
    client = begin(rival)
    make(client, device_at(rival))
    refused = client.post(f"{page_of(rival)}remove/")
    assert refused.status_code == 409
    assert "only second step" in refused.content.decode()
    assert len(row_ids(rival)) == 1
    assert signals.PASSKEY_REMOVED not in notices.events()
    make(client, device_at(rival))
    assert client.post(f"{page_of(rival)}remove/").status_code == 302


def test_where_it_is_optional_the_last_one_goes_with_its_codes(glow):
    client = glow.client(fresh(glow))
    assert len(make(client, device_at(glow)).context["codes"]) == 10
    assert client.post(f"{page_of(glow)}remove/").status_code == 302
    with enter(glow.clinic):
        assert not Authenticator.objects.filter(user_id=glow.cast.desk.pk).exists()


def test_somebody_elses_passkey_is_not_there(rival):
    enrolled(rival, "owner")
    path = page_of(rival, "owner")
    client = rival.client(fresh(rival))
    assert client.get(path).status_code == 404
    assert client.post(path, {"name": "mine"}).status_code == 404
    assert client.post(f"{path}remove/").status_code == 404
    assert client.get(f"{PROFILE}passkeys/{uuid7()}/").status_code == 404


# --- What is kept


@pytest.mark.promise("P147")
def test_the_row_holds_no_key_in_clear_and_the_session_no_answer(rival):
    device = enrolled(rival)
    row = row_of(rival)
    numbers = device.key.public_key().public_numbers()
    with enter(rival.clinic):
        credential = bytes(passkeys.credential_of(row))
    point = numbers.x.to_bytes(32, "big")
    assert point in credential
    assert point not in passkeys.decode(row.data["key"])
    assert set(row.data) == {"uid", "name", "host", "id", "key", "count", "spent"}
