"""The demo's platform admin: who looks after the clinics from the platform's own pages."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts import second_factor
from accounts.actions import create_user, end_sessions, enrol_second_factor
from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from accounts.passwords import hash_of
from accounts.roles import Role
from audit.actors import job
from medspa.demo.house import say_nothing
from tenants.context import enter_public
from tenants.directory import site_url

EMAIL: Final = "pia@platform.example"
NAME: Final = "Pia Planck"
BY: Final = job("demo")


def hire_admin(*, at: datetime) -> dict[str, Any]:
    """The admin, with a new second factor each time; as demo.json tells of her."""
    secret = second_factor.new_secret()
    with enter_public(), transaction.atomic():
        user = User.objects.by_email(EMAIL) or create_user(
            email=EMAIL, display_name=NAME, role=Role.PLATFORM_ADMIN, by=BY, at=at
        )
        user.password = hash_of(DEMO_PASSWORD)
        user.save(update_fields=["password"])
        end_sessions(user, by=BY, at=at)
        enrol_second_factor(user, secret, by=BY, at=at)
        say_nothing()
    return {
        "url": site_url(settings.PLATFORM_HOST, "/admin/"),
        "email": EMAIL,
        "password": DEMO_PASSWORD,
        "totp_secret": secret,
    }
