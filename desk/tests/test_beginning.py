"""Where everybody begins after the sign-in, and that no way the page offers is shut to whom it is offered."""

import re

import pytest

from accounts.roles import CLINIC_ROLES
from core.clock import now

SIGN_IN, DAY, OWN = "/desk/sign-in/", "/desk/", "/desk/profile/"
NO_CALENDAR = {"marketer", "analyst"}
RAIL = re.compile(r'<nav class="rail".*?</nav>', re.S)
HREF = re.compile(r'<a [^>]*href="(/[^"#]*)"')

pytestmark = pytest.mark.usefixtures("clock")


def signed_in(house, role, going):
    client, user = house.client(), house.cast.users[role]
    data = {"email": user.email, "password": house.cast.password, "next": going}
    return client, client.post(SIGN_IN, data, follow=True)


@pytest.mark.parametrize("going", ["", DAY])
@pytest.mark.parametrize("role", sorted(CLINIC_ROLES))
def test_everybody_lands_on_a_page_of_theirs(glow, role, going):
    client, page = signed_in(glow, role, going)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == (OWN if role in NO_CALENDAR else DAY)
    text = page.content.decode()
    rail = RAIL.search(text)
    assert rail is not None
    offered = set(HREF.findall(rail.group())) | set(re.findall(r'hx-get="(/[^"]*)"', rail.group()))
    offered |= {"/desk/visits/new/"} & set(HREF.findall(text))
    for path in sorted(offered):
        assert client.get(path, follow=True).status_code == 200, path


def test_what_a_role_may_not_open_says_so_and_leads_on(glow):
    client, page = signed_in(glow, "marketer", "/desk/patients/")
    assert page.status_code == 403
    assert "Your role does not include this page" in page.content.decode()
    assert 'href="/desk/"' in page.content.decode()
    assert client.get(DAY, follow=True).status_code == 200


def test_a_form_that_was_open_too_long_is_no_matter_of_the_role(glow):
    from django.test import Client

    client = Client(HTTP_HOST=glow.host, enforce_csrf_checks=True)
    page = client.post(SIGN_IN, {"email": "fran@glow.example"})
    assert page.status_code == 403
    text = page.content.decode()
    assert "Go back, reload the page and try again." in text
    assert "role" not in re.sub(r'role="[a-z]+"', "", RAIL.sub("", text)).partition("<main")[2]


def test_times_are_told_by_the_clinics_clock(glow):
    """17:23 UTC is 11:23 in Austin."""
    client = glow.client()
    desk = glow.cast.desk
    client.post(SIGN_IN, {"email": desk.email, "password": glow.cast.password})
    assert f"{now():%H:%M}" == "17:23"
    text = client.get("/desk/profile/sessions/").content.decode()
    assert "3 Mar 2026, 11:23 am" in text
    assert "Tue 3 Mar, 11:23 am" in text
    assert "America/Chicago" in text
    assert "UTC" not in text
