"""A passkey's life in a real Chromium, with the browser's own virtual authenticator."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts import passkeys
from accounts.models import User
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic, pytest.mark.promise("P146")]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Finger:
    """The device's sensor, with a finger on it; `verifies(False)` takes it for a stranger's."""

    def __init__(self, visitor):
        self.session = visitor.context.new_cdp_session(visitor.page)
        self.session.send("WebAuthn.enable")
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.id = made["authenticatorId"]

    def verifies(self, yes):
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})

    def lose(self):
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})


def password(visitor, house, role):
    visitor.go("/desk/sign-in/")
    visitor.page.fill("#id_email", house.cast.users[role].email)
    visitor.page.fill("#id_password", house.cast.password)
    visitor.page.keyboard.press("Enter")


def bare(house, role):
    """Somebody who is new: no second factor yet."""
    with enter(house.clinic):
        Authenticator.objects.filter(user_id=house.cast.users[role].pk).delete()


def looks_right(visitor):
    assert visitor.findings() == []
    assert visitor.overflow() <= 0


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_made_used_confirmed_with_and_removed(size, new_clinic, arrive):
    house = new_clinic("rival")
    bare(house, "owner")
    rex = arrive(house, size=size)
    page, finger = rex.page, Finger(rex)

    password(rex, house, "owner")
    page.wait_for_url("**/desk/two-factor/set-up/**")
    looks_right(rex)
    page.get_by_label("Name of the passkey").fill("This laptop")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(re.compile(r"/desk/$"))

    rex.go("/desk/profile/")
    expect(page.get_by_role("region", name="Passkeys")).to_contain_text("This laptop")
    looks_right(rex)
    rex.context.clear_cookies()
    password(rex, house, "owner")
    page.wait_for_url("**/desk/two-factor/**")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_focused()
    looks_right(rex)
    finger.verifies(False)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent")
    looks_right(rex)
    finger.verifies(True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/desk/$"))

    rex.go("/desk/two-factor/passkeys/add/")
    looks_right(rex)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for your account already")

    rex.go("/desk/confirm/?next=/desk/profile/")
    looks_right(rex)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/desk/profile/$"))

    follow(page.get_by_role("link", name="Change This laptop"))
    looks_right(rex)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("only second step")
    finger.lose()
    Finger(rex)
    rex.go("/desk/two-factor/passkeys/add/")
    page.get_by_label("Name of the passkey").fill("Blue key")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey is added")).to_be_visible()
    page.get_by_role("link", name="Change This laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey is removed")).to_be_visible()
    with enter(house.clinic):
        left = passkeys.rows_of(User.objects.get(pk=house.cast.owner.pk))
    assert [row.data["name"] for row in left] == ["Blue key"]
    answers = [each for each in rex.trouble if "409" not in each]
    assert answers == []


def test_a_browser_without_passkeys_and_one_without_script(new_clinic, arrive):
    house = new_clinic("rival")
    bare(house, "front_desk")
    old = arrive(house)
    old.page.add_init_script("delete window.PublicKeyCredential")
    password(old, house, "front_desk")
    expect(old.page.get_by_role("button", name="Use a passkey")).to_be_disabled()
    expect(old.page.get_by_role("alert")).to_contain_text("knows no passkeys")
    looks_right(old)
    plain = arrive(house, script=False)
    password(plain, house, "front_desk")
    expect(plain.page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    plain.page.get_by_role("button", name="Use a passkey").click()
    expect(plain.page.get_by_text("That needs JavaScript").first).to_be_visible()
