"""Coming in without the sign-in pages, which have tests of their own: the browser takes over a session."""

from typing import Any

from django.conf import settings
from django.test import Client

from patients.models import Person
from portal.sessions import COOKIE
from tests.browser.conftest import Visitor
from tests.sign_in import patient_session, sign_in


def as_staff(visitor: Visitor, house: Any, user: Any) -> None:
    name, client = settings.SESSION_COOKIE_NAME, Client()
    sign_in(client, house.clinic, user, cookie=name)
    _put(visitor, name, client.cookies[name].value)


def as_patient(visitor: Visitor, house: Any, person: Person) -> None:
    _put(visitor, COOKIE, patient_session(house.clinic, person, kind="email"))


def _put(visitor: Visitor, name: str, value: str) -> None:
    visitor.context.add_cookies([{"name": name, "value": value, "url": visitor.address}])
