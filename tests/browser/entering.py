"""Coming in without the sign-in pages, which have tests of their own: the browser takes over a session."""

from typing import Any

from django.conf import settings

from patients.models import Person
from portal.sessions import COOKIE
from tests.browser.conftest import Visitor
from tests.sign_in import patient_session


def as_staff(visitor: Visitor, house: Any, user: Any) -> None:
    name = settings.SESSION_COOKIE_NAME
    _put(visitor, name, house.client(user).cookies[name].value)


def as_patient(visitor: Visitor, house: Any, person: Person) -> None:
    _put(visitor, COOKIE, patient_session(house.clinic, person, kind="email"))


def _put(visitor: Visitor, name: str, value: str) -> None:
    visitor.context.add_cookies([{"name": name, "value": value, "url": visitor.address}])
