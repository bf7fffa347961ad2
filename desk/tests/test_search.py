"""Search as you type, and the page of what it finds."""

from datetime import time

import pytest

from audit.models import Event
from desk.tests.days import WEDNESDAY, book, htmx, text_of
from tenants.context import enter

FINDS_PAT = ["pat", "PETERS", "peterson pat", "(512) 555-0123", "+15125550123", "PAT@example.com"]


@pytest.mark.parametrize("text", FINDS_PAT)
def test_options_by_name_phone_and_mail(text, glow, clock):
    response = htmx(glow.client(glow.cast.desk), "get", "/desk/search/", {"q": text})
    body = response.content.decode()
    assert response.status_code == 200
    assert 'role="option"' in body
    assert f'href="/desk/patients/{glow.cast.pat.uid}/"' in body
    assert f'data-value="{glow.cast.pat.uid}"' in body
    assert "<html" not in body


def test_accents_are_folded(glow, clock):
    assert "Quinn Quiñones" in text_of(
        htmx(glow.client(glow.cast.desk), "get", "/desk/search/", {"q": "quinon"})
    )


def test_an_option_says_when_the_patient_comes(glow, visit):
    client = glow.client(glow.cast.desk)
    assert "next Today, 2:00 pm" in text_of(htmx(client, "get", "/desk/search/", {"q": "pat"}))
    client.post(f"/desk/visits/{visit.uid}/check-in/")
    assert "here now" in text_of(htmx(client, "get", "/desk/search/", {"q": "pat"}))
    book(glow, time(10), day=WEDNESDAY, who="quinn")
    assert "Tomorrow, 10:00 am" in text_of(htmx(client, "get", "/desk/search/", {"q": "quinn"}))


@pytest.mark.parametrize("text", ["zzz", "p", "5125550", "\0\0", "%", "🙂", "x" * 5000])
def test_what_finds_nobody_says_what_to_try(text, glow, clock):
    response = htmx(glow.client(glow.cast.desk), "get", "/desk/search/", {"q": text})
    assert response.status_code == 200
    assert "Nothing found." in text_of(response)


def test_without_words_there_is_no_list(glow, clock):
    assert text_of(htmx(glow.client(glow.cast.desk), "get", "/desk/search/", {"q": " "})) == ""


def test_without_htmx_the_page_of_results_answers(glow, clock):
    client = glow.client(glow.cast.desk)
    response = client.get("/desk/search/", {"q": "pat"})
    assert response["Location"] == "/desk/patients/?q=pat"
    words = text_of(client.get(response["Location"]))
    assert "Pat Peterson" in words
    assert "Found for “pat”" in words
    assert "Nobody found" in text_of(client.get("/desk/patients/", {"q": "zzz"}))


@pytest.mark.parametrize("role", ["marketer", "analyst"])
@pytest.mark.parametrize("path", ["/desk/search/?q=pat", "/desk/patients/?q=pat", "/desk/patients/"])
def test_whoever_may_not_find_patients(path, role, glow, clock):
    response = glow.client(glow.cast.users[role]).get(path)
    assert response.status_code == 403
    assert "Peterson" not in text_of(response)


def test_the_other_clinic_finds_its_own(glow, rival, clock):
    words = text_of(htmx(rival.client(rival.cast.users["owner"]), "get", "/desk/search/", {"q": "pa"}))
    assert "Paula Park" in words
    assert "Peterson" not in words


def test_the_trail_names_all_that_were_shown(glow, clock):
    htmx(glow.client(glow.cast.desk), "get", "/desk/search/", {"q": "pat"})
    with enter(glow.clinic):
        event = Event.objects.filter(verb="person.searched").latest("id")
    assert event.shown == [glow.cast.pat.uid]
