"""Global search: every kind of thing, and only what the role may see."""

from datetime import date

import pytest

from desk.finding import read_day
from desk.tests.days import htmx, text_of

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 3, 4)),
        ("2026-12-24", date(2026, 12, 24)),
        ("3/14", date(2026, 3, 14)),
        ("12/31", date(2025, 12, 31)),
        ("3/14/2027", date(2027, 3, 14)),
        ("14 mar", date(2026, 3, 14)),
        ("March 14", date(2026, 3, 14)),
        ("mar 14, 2027", date(2027, 3, 14)),
        ("2/29", None),
        ("2026-02-30", None),
        ("13/13", None),
        ("pat", None),
        ("99 may", None),
        ("5 foo", None),
    ],
)
def test_days_as_people_write_them(text, day):
    assert read_day(text, TODAY) == day


def test_a_patient_with_her_visits(glow, visit):
    response = htmx(glow.client(glow.cast.desk), "get", "/desk/find/", {"q": "peter"})
    body, words = response.content.decode(), text_of(response)
    assert f'href="/desk/patients/{glow.cast.pat.uid}/"' in body
    assert f'href="/desk/visits/{visit.uid}/"' in body
    assert "Tue 3 Mar, 2:00 pm · Pat Peterson" in words


@pytest.mark.parametrize(
    ("role", "text", "found", "missing"),
    [
        ("owner", "botox", "/desk/settings/services/", ""),
        ("front_desk", "botox", "/book/", "/desk/settings/services/"),
        ("owner", "hours", "/desk/settings/locations/", ""),
        ("front_desk", "hours", "", "/desk/settings/locations/"),
        ("owner", "fran", "/desk/settings/people/", ""),
        ("front_desk", "fran", "", "/desk/settings/people/"),
        ("front_desk", "2026-03-10", "/desk/day/2026-03-10/", ""),
        ("marketer", "pat", "", "Peterson"),
        ("marketer", "2026-03-10", "", "/desk/day/"),
        ("analyst", "botox", "/book/", "/desk/visits/"),
    ],
)
def test_only_what_the_role_may_see(role, text, found, missing, glow, visit):
    client = glow.client(glow.cast.users[role])
    for body in (
        htmx(client, "get", "/desk/find/", {"q": text}).content.decode(),
        client.get("/desk/find/", {"q": text}).content.decode().split("<main")[1].split("</main>")[0],
    ):
        assert found in body
        assert not missing or missing not in body


@pytest.mark.parametrize("text", ["zzz", "\0", "%", "🙂", "x" * 5000])
def test_nothing_found_says_what_to_try(text, glow, clock):
    client = glow.client(glow.cast.desk)
    assert "Nothing found" in text_of(htmx(client, "get", "/desk/find/", {"q": text}))
    assert client.get("/desk/find/", {"q": text}).status_code == 200


def test_an_empty_page_says_what_can_be_found(glow, clock):
    assert "What are you looking for?" in text_of(glow.client(glow.cast.desk).get("/desk/find/"))
    assert text_of(htmx(glow.client(glow.cast.desk), "get", "/desk/find/", {"q": " "})) == ""
