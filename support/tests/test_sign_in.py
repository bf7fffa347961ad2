"""Signing in on the platform's host: password, then a second factor, always."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts import second_factor
from accounts.models import User
from audit.models import Event
from core.clock import now
from tenants.context import enter_public
from tests.cast import PASSWORD
from tests.platform import HOST, browser, hire


def post(client: Client, path: str, **data: str):
    return client.post(f"/admin/{path}", data)


def signed_in(secret: str) -> Client:
    hire(email="ops@platform.example", secret=secret)
    client = browser()
    post(client, "sign-in/", email="ops@platform.example", password=PASSWORD)
    code = second_factor.code_at(secret, now())
    answer = post(client, "two-factor/", code=code)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    return client


@pytest.mark.promise("P155")
def test_password_then_code(glow):
    client = signed_in(second_factor.new_secret())
    assert client.get("/admin/").status_code == 200
    with enter_public():
        assert Event.objects.filter(verb="sign_in.succeeded").count() == 1


def test_the_password_alone_opens_nothing(glow):
    hire(email="ops@platform.example")
    client = browser()
    answer = post(client, "sign-in/", email="ops@platform.example", password=PASSWORD)
    assert answer["Location"].startswith("/admin/two-factor/")
    assert client.get("/admin/")["Location"].startswith("/admin/sign-in/")
    assert post(client, "two-factor/", code="000000").status_code == 422


def test_without_a_second_factor_one_is_set_up_first(glow):
    user = hire(email="new@platform.example")
    with enter_public():
        user.authenticator_set.all().delete()
    client = browser()
    post(client, "sign-in/", email="new@platform.example", password=PASSWORD)
    answer = client.get("/admin/tenants/clinic/")
    assert answer["Location"].startswith("/admin/two-factor/set-up/")
    page = client.get(answer["Location"])
    code = second_factor.code_at(page.context["secret"], now())
    kept = post(client, "two-factor/set-up/", code=code)
    assert kept.status_code == 200
    assert len(kept.context["codes"]) == 10
    assert client.get("/admin/tenants/clinic/").status_code == 200


def test_a_clinics_people_are_strangers_here(clinics):
    owner = clinics.glow.cast.owner
    answer = post(browser(), "sign-in/", email=owner.email, password=PASSWORD)
    assert answer.status_code == 422
    theirs = clinics.glow.client(owner)
    theirs.defaults["HTTP_HOST"] = HOST
    assert theirs.get("/admin/")["Location"].startswith("/admin/sign-in/")


def test_a_session_of_the_platform_is_nobody_at_a_clinic(glow):
    client = signed_in(second_factor.new_secret())
    answer = client.get("/desk/", HTTP_HOST=glow.host)
    assert answer["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize("path", ["/admin/sign-in/", "/admin/"])
def test_the_admin_is_not_on_a_clinics_host(glow, path):
    assert glow.client(glow.cast.owner).get(path).status_code == 404


def test_idle_for_a_quarter_of_an_hour_ends_it(glow, monkeypatch):
    client = signed_in(second_factor.new_secret())
    late = now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("accounts.middleware.now", lambda: late)
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert "ended=1" in answer["Location"]


def test_after_ten_wrong_tries_the_right_one_is_refused_too(glow):
    secret = second_factor.new_secret()
    hire(email="ops@platform.example", secret=secret)
    client = browser()
    for _ in range(10):
        assert post(client, "sign-in/", email="ops@platform.example", password="wrong").status_code == 422
    assert post(client, "sign-in/", email="ops@platform.example", password=PASSWORD).status_code == 429


def test_next_stays_below_the_admin(glow):
    hire(email="ops@platform.example", secret=(secret := second_factor.new_secret()))
    client = browser()
    post(client, "sign-in/", email="ops@platform.example", password=PASSWORD, next="/desk/")
    answer = post(client, "two-factor/", code=second_factor.code_at(secret, now()))
    assert answer["Location"] == "/admin/"


def test_who_lost_access_is_out_with_the_next_request(glow):
    client = signed_in(second_factor.new_secret())
    with enter_public():
        User.objects.update(access_ends_at=datetime(2026, 1, 1, tzinfo=now().tzinfo))
    assert client.get("/admin/")["Location"].startswith("/admin/sign-in/")
