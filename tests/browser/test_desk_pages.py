"""The pages of the desk that no other test walks: axe finds nothing, in either scheme, and nothing runs over the edge."""

import pytest

from accounts.actors import actor_for
from core.clock import now
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes
from webhooks import actions as webhooks

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
PAGES = (
    *("week/", "calendar/filter/", "blocks/new/", "notices/", "find/?q=pa", "find/?q=zzzz", "baa/", "style/"),
    *("profile/", "profile/sessions/", "password/", "confirm/", "settings/api/", "settings/webhooks/"),
    *("settings/webhooks/new/", "settings/people/", "settings/people/invite/", "no-such-page/"),
)


@pytest.mark.promise("P78")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_other_page_of_the_desk(size, new_clinic, arrive):
    house = new_clinic("glow")
    with enter(house.clinic):
        owner = house.cast.owner
        made, _secret = webhooks.add_endpoint(
            url="http://127.0.0.1:9/hooks/",
            events=["appointment.booked"],
            by=actor_for(owner),
            user=owner,
            at=now(),
        )
    visitor = arrive(house, size=size)
    eyes = Eyes(visitor, f"pages-{size['width']}")
    as_staff(visitor, house, house.cast.users["owner"])
    people = f"settings/people/{house.cast.users['provider'].pk}/"
    for path in (*PAGES, f"settings/webhooks/{made.uid}/", people):
        eyes.at(f"/desk/{path}", path.strip("/").replace("/", "-").replace("?", "-"))
    as_staff(visitor, house, house.cast.users["marketer"])
    eyes.at("/desk/", "no-calendar")
    eyes.at("/desk/patients/", "forbidden")
    assert eyes.found == []
