"""Colleagues and invitations by the API: the same ranks, the same question, the same very next request."""

import pytest

from accounts import sessions
from accounts.models import Invitation
from accounts.tests.helpers import fresh, session_of
from tenants.context import enter

PEOPLE, INVITATIONS = "/api/v1/people/", "/api/v1/invitations/"


def post(client, path, body=None):
    return client.post(path, body or {}, content_type="application/json")


def test_the_list(glow):
    found = glow.api(glow.cast.owner).get(PEOPLE).json()["results"]
    assert len(found) == 7
    assert found[0]["display_name"] == "Olive Ortega"
    assert set(found[0]) == {"id", "email", "display_name", "role", "has_access", "created_at"}
    assert glow.api(glow.cast.desk).get(PEOPLE).status_code == 403


@pytest.mark.promise("P11")
def test_roles_within_ones_rank(glow):
    admin = glow.api(glow.cast.users["admin"])
    path = f"{PEOPLE}{glow.cast.desk.pk}/role/"
    assert post(admin, path, {"role": "provider"}).json()["role"] == "provider"
    assert post(admin, path, {"role": "owner"}).status_code == 403
    assert post(admin, path, {"role": "support_lead"}).status_code == 422
    assert post(admin, f"{PEOPLE}{glow.cast.owner.pk}/role/", {"role": "analyst"}).status_code == 403
    assert (
        post(glow.api(glow.cast.owner), f"{PEOPLE}{glow.cast.owner.pk}/role/", {"role": "admin"}).status_code
        == 409
    )


def test_access_ends_with_the_very_next_request(glow):
    program, owner = glow.api(glow.cast.desk), glow.api(glow.cast.owner)
    assert program.get("/api/v1/me/").status_code == 200
    ended = post(owner, f"{PEOPLE}{glow.cast.desk.pk}/end-access/")
    assert ended.json()["has_access"] is False
    assert program.get("/api/v1/me/").status_code == 401
    assert post(owner, f"{PEOPLE}{glow.cast.desk.pk}/reopen/").json()["has_access"] is True
    assert program.get("/api/v1/me/").status_code == 401
    assert post(owner, f"{PEOPLE}{glow.cast.owner.pk}/end-access/").status_code == 403


def test_invitations(glow):
    owner = glow.api(glow.cast.owner)
    asked = {"email": "nell@glow.example", "role": "provider", "locations": [str(glow.cast.location.uid)]}
    sent = post(owner, INVITATIONS, asked)
    assert (sent.status_code, sent.json()["state"]) == (201, "open")
    assert "token" not in sent.content.decode()
    assert [each["email"] for each in owner.get(INVITATIONS).json()["results"]] == ["nell@glow.example"]
    assert post(owner, INVITATIONS, asked).status_code == 422
    uid = sent.json()["id"]
    assert post(owner, f"{INVITATIONS}{uid}/resend/").json()["state"] == "open"
    assert post(owner, f"{INVITATIONS}{uid}/withdraw/").json()["state"] == "withdrawn"
    assert post(owner, f"{INVITATIONS}{uid}/resend/").status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"locations": []},
        {"locations": ["00000000-0000-0000-0000-000000000000"]},
        {"email": "x"},
        {"role": "x"},
    ],
)
def test_what_is_wrong_is_refused_whole(glow, changes):
    asked = {"email": "nell@glow.example", "role": "provider", "locations": [str(glow.cast.location.uid)]}
    assert post(glow.api(glow.cast.owner), INVITATIONS, asked | changes).status_code == 422
    with enter(glow.clinic):
        assert not Invitation.objects.exists()


def test_a_session_must_have_been_confirmed_lately(glow):
    client = glow.client(glow.cast.owner)
    with session_of(glow, client) as session:
        session[sessions.CONFIRMED] -= 1800
    answer = post(client, f"{PEOPLE}{glow.cast.desk.pk}/end-access/")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/confirm-its-you")
    assert fresh(glow).is_active
    client.post("/desk/confirm/", {"step_up_secret": glow.cast.password})
    assert post(client, f"{PEOPLE}{glow.cast.desk.pk}/end-access/").status_code == 200
