"""Invited, joined, let in, put out: as people do it, in a browser."""

import re

import pytest

from accounts import actions, second_factor
from accounts.actors import actor_for
from accounts.models import User
from core.clock import now
from messaging.models import Message
from tenants.context import enter
from tests.browser.conftest import DESK
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
PASSWORD = "quiet lamp under water"


def last_link(house):
    """The link of the newest invitation in the outbox."""
    with enter(house.clinic):
        mail = Message.objects.filter(kind="staff_invitation").latest("id")
        found = re.search(r"https?://[^/\s]+(/desk/join/\S+)", str(mail.body))
        assert found
        return found[1]


def sign_in(visitor, house, role):
    """By password and a code of the authenticator, as everybody does."""
    visitor.go("/desk/sign-in/")
    visitor.page.fill("#id_email", house.cast.users[role].email)
    visitor.page.fill("#id_password", house.cast.password)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/desk/two-factor/**")
    visitor.page.fill("#id_code", second_factor.code_at(house.cast.totp[role], now()))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile(r"/desk/$"))


@pytest.mark.promise("P13")
@pytest.mark.promise("P12")
def test_invited_joined_and_put_out(new_clinic, arrive):
    house = new_clinic("rival")
    rex = arrive(house, size=DESK)
    sign_in(rex, house, "owner")
    rex.go("/desk/settings/people/invite/")
    rex.page.fill("#id_email", "nell@rival.example")
    rex.page.fill("#id_display_name", "Nell New")
    assert rex.findings() == []
    rex.page.get_by_role("button", name="Send the invitation").click()
    rex.page.wait_for_url(re.compile(r"/people/$"))
    assert rex.page.get_by_text("Nell New").first.is_visible()
    assert rex.findings() == []

    nell = arrive(house)
    nell.go(last_link(house))
    assert nell.findings() == []
    assert nell.overflow() <= 0
    nell.page.fill("#id_password", PASSWORD)
    nell.page.fill("#id_repeated", PASSWORD)
    nell.page.get_by_role("button", name="Join").click()
    nell.page.wait_for_url("**/desk/two-factor/set-up/**")
    secret = (nell.page.locator("code").first.text_content() or "").replace(" ", "")
    nell.page.fill("#id_code", second_factor.code_at(secret, now()))
    nell.page.get_by_role("button", name="Turn it on").click()
    nell.page.get_by_role("link", name="I have kept them").click()
    nell.page.wait_for_url(re.compile(r"/desk/$"))

    rex.go("/desk/settings/people/")
    follow(rex.page.get_by_role("link", name="Nell New"))
    assert rex.findings() == []
    rex.page.get_by_role("button", name="End access").click()
    rex.page.locator("#end").get_by_role("button", name="End access").click()
    rex.page.get_by_text("Access is ended").wait_for()
    nell.go("/desk/")
    assert "/desk/sign-in/" in nell.path
    with enter(house.clinic):
        assert not User.objects.by_email("nell@rival.example").is_active


@pytest.mark.promise("P153")
def test_tabs_leave_together_and_show_nothing(new_clinic, arrive):
    house = new_clinic("rival")
    first = arrive(house, size=DESK)
    sign_in(first, house, "front_desk")
    second = first.context.new_page()
    second.goto(f"{first.address}/desk/patients/")
    first.page.locator("summary.rail__item").click()
    first.page.get_by_role("button", name="Sign out").click()
    first.page.wait_for_url("**/desk/sign-in/**")
    second.wait_for_url("**/desk/sign-in/**")


@pytest.mark.promise("P153")
def test_a_warning_a_minute_before_and_then_the_door(new_clinic, arrive):
    house = new_clinic("rival")
    fran = arrive(house, size=DESK)
    fran.page.clock.install()
    sign_in(fran, house, "front_desk")
    fran.page.clock.fast_forward(14 * 60_000 + 5_000)
    dialog = fran.page.locator("#logoff")
    dialog.wait_for(state="visible")
    assert "0:5" in (dialog.locator("[data-logoff-clock]").text_content() or "")
    dialog.get_by_role("button", name="Stay signed in").click()
    dialog.wait_for(state="hidden")
    fran.page.clock.fast_forward(14 * 60_000 + 5_000)
    dialog.wait_for(state="visible")
    fran.page.clock.fast_forward(61_000)
    fran.page.wait_for_url("**/desk/sign-in/?ended=1**")
    fran.go("/desk/patients/")
    assert "/desk/sign-in/" in fran.path


def test_a_part_of_the_page_that_hears_of_the_end_leaves_with_the_reason(new_clinic, arrive):
    house = new_clinic("rival")
    fran = arrive(house, size=DESK)
    sign_in(fran, house, "front_desk")
    fran.go("/desk/patients/")
    fran.context.clear_cookies()  # as when the server has ended it
    fran.page.keyboard.press("/")
    fran.page.keyboard.type("pau")
    fran.page.wait_for_url("**/desk/sign-in/?ended=1**")


def test_two_owners_demote_each_other_at_once(new_clinic):
    from accounts.tests.test_races_and_outages import at_once
    from audit.actors import job
    from core.problems import Problem

    house = new_clinic("glow")

    def person(role):
        return User.objects.get(pk=house.cast.users[role].pk)

    with enter(house.clinic):
        actions.change_role(person("admin"), "owner", by=job("tests"), at=now())

    def demote(number):
        by, other = (("owner", "admin"), ("admin", "owner"))[number]
        with enter(house.clinic):
            acting, target = person(by), person(other)
            try:
                actions.change_role(target, "analyst", by=actor_for(acting), at=now())
            except Problem as problem:
                return problem.status
            return 200

    answers = sorted(at_once(2, demote))
    assert answers[0] == 200
    assert answers[1] in {403, 409}
    with enter(house.clinic):
        assert User.objects.filter(role="owner").count() == 1
