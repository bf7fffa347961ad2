"""The clinic's stylesheet, its legal pages, and what anybody may ask its API."""

from typing import Any

import pytest
from django.test import Client

from practice import actions
from practice.profile import profile, profile_for_page
from practice.tests.test_writing import BY
from tenants.context import enter
from tests.harness import House


def visit(house: House, path: str, **headers: Any) -> Any:
    return Client(HTTP_HOST=house.host).get(path, **headers)


def test_each_clinic_has_its_colour(glow, rival):
    one, other = visit(glow, "/brand.css"), visit(rival, "/brand.css")
    assert one["Content-Type"] == "text/css; charset=utf-8"
    assert "--clinic-accent:#8d2d57" in one.content.decode()
    assert "--clinic-accent:#1fd1b2" in other.content.decode()
    assert "public" in one["Cache-Control"]
    assert "Set-Cookie" not in one
    assert "Cookie" not in one.get("Vary", "")


def test_an_unchanged_stylesheet_is_not_sent_again(glow):
    tag = visit(glow, "/brand.css")["ETag"]
    again = visit(glow, "/brand.css", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content) == (304, b"")
    with enter(glow.clinic):
        actions.update_profile(by=BY, accent="#123456")
    assert visit(glow, "/brand.css", HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.promise("P82")
@pytest.mark.promise("P83")
def test_privacy_says_what_texts_come_and_how_to_end_them(glow):
    page = visit(glow, "/privacy/").content.decode()
    for words in (
        "Glow Aesthetics",
        "Message frequency varies based on appointment schedule",
        "Message and data rates may apply",
        "Reply STOP",
        "Reply HELP",
        "(512) 555-0142",
        "not shared with anyone for marketing",
        'href="/npp/"',
    ):
        assert words in page, words


def test_the_notice_is_the_clinics_own(glow, rival):
    one, other = (visit(house, "/npp/").content.decode() for house in (glow, rival))
    assert "Notice of Privacy Practices" in one
    assert "Glow Aesthetics" in one
    assert "1412 South Congress Avenue" in one
    assert "Rival" not in one
    assert "Rival Skin" in other
    assert "Office for Civil Rights" in other


@pytest.mark.parametrize("path", ["/brand.css", "/privacy/", "/npp/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(glow, path, method):
    assert getattr(Client(HTTP_HOST=glow.host), method)(path).status_code == 405


def test_services_for_anyone(glow):
    body = visit(glow, "/api/v1/services/").json()
    by_name = {one["name"]: one for one in body["results"]}
    assert set(by_name) == {
        "Consultation",
        "Botox",
        "Peel and mask",
        "Laser hair removal",
    }  # the check is staff's
    laser = by_name["Laser hair removal"]
    assert laser["id"] == str(glow.cast.services["laser"].uid)
    assert laser["duration_minutes"] == 45
    assert laser["price"] == {"amount": 18_000, "currency": "USD"}
    assert laser["deposit"] == {"amount": 5_000, "currency": "USD"}
    assert by_name["Botox"]["deposit"] is None


def test_texts_for_anyone(glow):
    body = visit(glow, "/api/v1/booking-texts/").json()
    assert set(body) == {"service_sms", "cancellation_policy"}
    for text in body.values():
        assert set(text) == {"version", "text"}
        assert all(text.values())
    assert "STOP" in body["service_sms"]["text"]


def test_the_profile_is_asked_once(glow, django_assert_num_queries):
    with enter(glow.clinic):
        profile()  # the first statement takes schema and role
        with django_assert_num_queries(1):
            profile()
        with django_assert_num_queries(1):
            known = profile_for_page()
            assert known
            assert known.name == "Glow Aesthetics"


def test_a_clinic_without_a_profile_still_has_a_name(glow):
    from practice.models import ClinicProfile

    with enter(glow.clinic):
        ClinicProfile.objects.all().delete()
        assert profile().name == "Glow"
    assert visit(glow, "/privacy/").status_code == 200
