"""People by program: who may, what comes back, what is refused and how."""

import json

import pytest
from django.test import Client

from patients.models import Person
from tenants.context import enter

LIST = "/api/v1/patients/"
NEW = {
    "first_name": "Noémi",
    "last_name": "Núñez",
    "email": "noemi@example.com",
    "phone": "(512) 555-0171",
    "date_of_birth": "1990-01-31",
}


@pytest.fixture
def fran(glow) -> Client:
    client: Client = glow.api(glow.cast.desk)
    return client


def post(client: Client, body) -> tuple[int, dict]:
    answer = client.post(LIST, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def patch(client: Client, url: str, body) -> tuple[int, dict]:
    answer = client.patch(url, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_desk_adds_opens_and_corrects_somebody(glow, fran):
    status, made = post(fran, NEW)
    assert status == 201
    assert (made["phone"], made["state"], made["possible_duplicates"]) == ("+15125550171", "verified", [])
    url = f"{LIST}{made['id']}/"
    got = fran.get(url).json()
    assert got == {name: value for name, value in made.items() if name != "possible_duplicates"}
    assert got["created_at"].endswith(("-06:00", "-05:00"))  # Austin's own time
    status, changed = patch(fran, url, {"last_name": "Zamora"})
    assert (status, changed["last_name"], changed["first_name"]) == (200, "Zamora", "Noémi")


def test_somebody_alike_is_pointed_out(glow, fran):
    alike = {**NEW, "phone": "5125550123", "date_of_birth": "1988-04-23"}
    status, made = post(fran, alike)
    assert (status, made["possible_duplicates"]) == (201, [str(glow.cast.pat.uid)])


def test_the_list_and_the_search(glow, fran):
    everybody = fran.get(LIST).json()
    assert {str(one.uid) for one in glow.cast.people.values()} <= {one["id"] for one in everybody["results"]}
    found = fran.get(LIST, {"q": "pet"}).json()
    assert [one["first_name"] for one in found["results"]] == ["Pat"]
    assert found["next"] is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"first_name", "last_name"}),
        ({**NEW, "first_name": "x" * 10_000, "phone": "12", "email": "@"}, {"first_name", "phone", "email"}),
        ({**NEW, "first_name": "a\0b", "date_of_birth": "2020-01-01"}, {"first_name", "date_of_birth"}),
        ({**NEW, "last_name": ["x"], "email": 3}, {"last_name", "email"}),
    ],
)
def test_every_failure_is_listed_and_nobody_stored(glow, fran, body, fields):
    with enter(glow.clinic):
        before = Person.objects.count()
    status, problem = post(fran, body)
    assert (status, problem["type"]) == (422, "/problems/invalid")
    assert {one["field"] for one in problem["errors"]} == fields
    with enter(glow.clinic):
        assert Person.objects.count() == before


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_body_that_is_no_object(fran, body):
    status, problem = post(fran, body)
    assert status == 400, problem


def test_nothing_but_details_is_taken(glow, fran):
    sly = {
        "state": "claimed",
        "resource": 1,
        "uid": str(glow.cast.pat.uid),
        "id": 1,
        "archived_at": "2020-01-01",
    }
    status, made = post(fran, {**NEW, **sly})
    assert status == 201
    with enter(glow.clinic):
        person = Person.objects.get(uid=made["id"])
        assert (person.state, person.archived_at) == ("verified", None)
        assert person.resource_id not in (None, 1)
        assert person.uid != glow.cast.pat.uid


@pytest.mark.parametrize("tail", ["", "messages/", "access-log/"])
def test_forbidden_foreign_and_random_ids_look_alike(glow, rival, tail):
    owner = glow.api(glow.cast.owner)
    marketer = glow.api(glow.cast.users["marketer"])
    pat, paula = glow.cast.pat.uid, rival.cast.pat.uid
    random = "01890000-0000-7000-8000-000000000000"
    answers = [
        owner.get(f"{LIST}{paula}/{tail}"),
        owner.get(f"{LIST}{random}/{tail}"),
        marketer.get(f"{LIST}{pat}/{tail}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert owner.get(f"{LIST}{pat}/{tail}").status_code == 200


def test_no_session_a_role_that_never_may_and_a_token_of_next_door(glow, rival):
    anonymous = Client(HTTP_HOST=glow.host)
    assert anonymous.get(LIST).status_code == 401
    assert anonymous.get(f"{LIST}{glow.cast.pat.uid}/").status_code == 401
    assert glow.api(glow.cast.users["marketer"]).get(LIST).status_code == 403
    stolen = Client(HTTP_HOST=glow.host, HTTP_AUTHORIZATION=f"Bearer {rival.cast.tokens['owner']}")
    assert stolen.get(LIST).status_code == 401


def test_only_owner_and_admin_read_who_looked(glow, fran):
    fran.get(f"{LIST}{glow.cast.pat.uid}/")
    log = glow.api(glow.cast.owner).get(f"{LIST}{glow.cast.pat.uid}/access-log/").json()["results"]
    seen = [one for one in log if one["verb"] == "person.viewed"]
    assert seen[0]["actor"]["on_behalf"] == str(glow.cast.desk.pk)
    assert fran.get(f"{LIST}{glow.cast.pat.uid}/access-log/").status_code == 404


def test_a_token_without_contact_sees_no_number(glow):
    from accounts.models import ApiToken

    with enter(glow.clinic):
        token = ApiToken.objects.get(user=glow.cast.desk)
        token.scopes = ["patients.view"]
        token.save()
    got = glow.api(glow.cast.desk).get(f"{LIST}{glow.cast.pat.uid}/").json()
    assert (got["first_name"], got["phone"], got["email"]) == ("Pat", None, None)


@pytest.mark.parametrize(
    "cursor", ["x", "e30=", "WzFd", "WyJub3ciLCAxXQ==", "WzEsMl0=", "é", "W251bGwsMWU5OTld"]
)
def test_a_cursor_we_never_gave_out(fran, cursor):
    answer = fran.get(LIST, {"cursor": cursor})
    assert answer.status_code == 422, answer.json()
    assert answer.json()["errors"][0]["field"] == "cursor"
