"""Fixtures of every test.

Fast tests: `glow` and `rival` are two rendered clinics with the cast of tests/cast.py in them, made once a process
and really committed; the test itself is one atomic block over both databases, as the application's own login, and is
rolled back. Work inside a clinic by `with enter(glow.clinic): …`, or through `glow.client()`.

Tests marked `own_clinic` (races, browsers, deferred triggers, on_commit) get clinics of their own through
`new_clinic()`: real commits, real threads, dropped afterwards.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests.databases import make_databases

CLINIC_FIXTURES = {"glow", "rival", "clinics"}
BOTH = ["default", "vault"]


@dataclass(eq=False)
class House:
    """One clinic of the cast, and how to talk to it."""

    clinic: Any
    cast: Any = None
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.clinic.slug}.localhost"

    def client(self, user: Any = None, **extra: Any) -> Client:
        """A browser at this clinic's host; signed in as `user` with a second factor if one is given."""
        from django.conf import settings

        client = Client(HTTP_HOST=self.host, **extra)
        if user is not None:
            from tests.sign_in import sign_in

            sign_in(client, self.clinic, user, cookie=settings.SESSION_COOKIE_NAME)
        return client

    def portal(self, person: Any, *, kind: str = "email") -> Client:
        """A browser in which that patient has signed in by a code that came by mail, or by text."""
        from portal.sessions import COOKIE
        from tests.sign_in import patient_session

        client = Client(HTTP_HOST=self.host)
        client.cookies[COOKIE] = patient_session(self.clinic, person, kind=kind)
        return client

    def api(self, user: Any) -> Client:
        """A program with a bearer token of that user."""
        return Client(HTTP_HOST=self.host, HTTP_AUTHORIZATION=f"Bearer {self.cast.tokens[user.role]}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("own_clinic") or item.get_closest_marker("django_db"):
            continue
        if names & CLINIC_FIXTURES:
            item.add_marker(pytest.mark.django_db(databases=BOTH))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        make_databases()
        for alias in connections:
            name = connections[alias].settings_dict["NAME"]
            assert "test_" in name, f"{alias} points at {name}, which is not a test database"
        yield
        for connection in connections.all():
            connection.close()
            if getattr(connection, "pool", None):
                connection.close_pool()  # type: ignore[attr-defined]


@dataclass
class Houses:
    glow: House
    rival: House


@pytest.fixture(scope="session")
def houses(django_db_setup: None, django_db_blocker: Any) -> Iterator[Houses]:
    """The two clinics of this process, committed."""
    with django_db_blocker.unblock():
        yield Houses(make_house("glow"), make_house("rival"))


def make_house(which: str, slug: str | None = None, *, cast: bool = True) -> House:
    from core.context import current_clinic
    from tenants import agreements, provisioning
    from tenants.context import enter

    assert current_clinic.get() is None
    clinic = provisioning.create_clinic(
        slug=slug or which, name=which.title(), is_demo=True, second_factor_optional=which == "glow"
    )
    provisioning.sign_baa(clinic, signer_name="Olive Owner", at=datetime(2026, 1, 5, 17, 0, tzinfo=UTC))
    agreements._known.add(clinic.uid)  # as in every process after its first page
    house = House(clinic)
    if cast:
        from tests.cast import build_cast

        with enter(clinic):
            house.cast = build_cast(clinic, which=which)
    return house


@pytest.fixture
def clinics(houses: Houses) -> Houses:
    """With a cast of this test's own: the rows are rolled back, and what a test wrote to its objects is gone with them."""
    return Houses(*(replace(one, cast=deepcopy(one.cast)) for one in (houses.glow, houses.rival)))


@pytest.fixture
def glow(clinics: Houses) -> House:
    return clinics.glow


@pytest.fixture
def rival(clinics: Houses) -> House:
    return clinics.rival


@pytest.fixture
def new_clinic(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., House]]:
    """Make clinics with `new_clinic("glow")`; each is real, committed, and dropped when the test ends."""
    from core.ids import uuid7
    from tenants import provisioning

    made: list[House] = []

    def make(which: str = "glow", *, cast: bool = True) -> House:
        house = make_house(which, f"{which}-{uuid7().hex[-10:]}", cast=cast)
        made.append(house)
        return house

    with django_db_blocker.unblock():
        yield make
        for house in made:
            provisioning.drop_clinic(house.clinic)


@pytest.fixture(autouse=True)
def fresh_directory() -> Iterator[None]:
    """Nothing that one test remembered of hosts or keys is believed by the next."""
    yield
    from tenants import directory

    directory.forget()
