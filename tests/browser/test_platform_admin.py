"""The platform's admin in a real browser: signed in with a second factor, a clinic suspended and opened again."""

import pytest
from django.db import connection

from accounts import second_factor
from core.clock import now
from tenants import directory
from tenants.context import enter_public
from tests.browser.conftest import PHONE
from tests.cast import PASSWORD
from tests.platform import hire

pytestmark = [pytest.mark.own_clinic, pytest.mark.browser]
EMAIL = "petra@platform.example"


@pytest.fixture
def admin(new_clinic):
    """A platform admin, really committed; and a clinic to look after."""
    house, secret = new_clinic("glow"), second_factor.new_secret()
    user = hire(email=EMAIL, secret=secret)
    yield house, secret
    with enter_public(), connection.cursor() as cursor:
        # Not by the ORM: it would look for a clinic's tables that hang on a user, and there are none here.
        for table in ("mfa_authenticator", "accounts_signin"):
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [user.pk])
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [user.pk])


def test_sign_in_suspend_and_reopen(chromium, served, admin):
    house, secret = admin
    base, clinic = f"http://localhost:{served}", f"http://{house.host}:{served}"
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    page.goto(f"{base}/admin/tenants/clinic/")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn--primary")
    page.fill("[name=code]", second_factor.code_at(secret, now()))
    page.click("main button.btn--primary")
    page.wait_for_url(f"{base}/admin/tenants/clinic/")

    page.click(f"a:has-text('{house.clinic.slug}')")
    page.click("a:has-text('Suspend')")
    page.click("main button.btn--danger")
    assert page.locator("[role=alert]").inner_text().count("Say why") == 1
    said.clear()  # a browser says of every 422 that it is one
    page.fill("[name=reason]", "Invoice unpaid")
    page.click("main button.btn--danger")
    page.wait_for_selector(".banner--success")
    assert "Invoice unpaid" in page.locator(".facts").inner_text()
    directory.forget()
    shut = context.new_page()
    assert shut.goto(f"{clinic}/book/").status == 503

    page.click("a:has-text('Reopen')")
    page.click("main button.btn--primary")
    page.wait_for_selector(".banner--success")
    directory.forget()
    assert shut.goto(f"{clinic}/book/").status == 200

    for path in (
        "",
        "accounts/user/",
        "audit/event/",
        "website/lead/",
        "plans/",
        "account/",
        "two-factor/set-up/",
    ):
        page.goto(f"{base}/admin/{path}")
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{path} scrolls sideways on a phone"
    assert said == []
    context.close()
