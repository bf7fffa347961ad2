"""Who can sign in to a demo clinic: shown on its sign-in page, and only there."""

from typing import Any, Final, TypedDict

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS, Role

DEMO_PASSWORD: Final = "look-around-freely"  # noqa: S105 - printed on the demo's own sign-in page


class DemoPerson(TypedDict):
    email: str
    name: str
    role: str


class DemoHelp(TypedDict):
    password: str
    people: list[DemoPerson]
    second_factor: bool


def help_for(request: HttpRequest) -> DemoHelp | None:
    """The demo's staff and their password; None for every real clinic and in production."""
    clinic: Any = getattr(request, "clinic", None)
    if clinic is None or not clinic.is_demo or settings.PRODUCTION:
        return None
    order = list(ROLE_PERMISSIONS)
    people = sorted(User.objects.filter(is_active=True)[:20], key=lambda user: order.index(Role(user.role)))
    return {
        "password": DEMO_PASSWORD,
        "people": [
            {"email": user.email, "name": user.display_name, "role": user.get_role_display()}
            for user in people
        ],
        "second_factor": not clinic.second_factor_optional,
    }
