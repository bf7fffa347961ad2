"""The permission table, cell by cell. The expectation is written out here a second time on purpose: a right that is
added or lost shows up as a difference between two files."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import may, permissions_of, require, require_object
from accounts.models import ApiToken, User
from accounts.roles import (
    CLINIC_PERMISSIONS,
    CLINIC_ROLES,
    PERMISSIONS,
    PLATFORM_PERMISSIONS,
    PLATFORM_ROLES,
    RANKS,
    ROLE_PERMISSIONS,
    Role,
    may_grant,
    permissions_of_role,
)
from audit import trail
from core.ids import uuid7
from core.problems import Forbidden, NotFound, NotSignedIn

EXPECTED = """
                        owner admin provider supervisor front_desk marketer analyst
appointments.view         x     x      x         x          x         -        -
appointments.manage       x     x      x         x          x         -        -
appointments.override     x     x      -         x          x         -        -
patients.view             x     x      x         x          x         -        -
patients.manage           x     x      x         x          x         -        -
patients.contact          x     x      x         x          x         -        -
messages.view             x     x      x         x          x         -        -
messages.send             x     x      x         x          x         -        -
services.view             x     x      x         x          x         x        x
services.manage           x     x      -         -          -         -        -
chart.view                x     -      x         x          -         -        -
chart.write               x     -      x         x          -         -        -
chart.sign                x     -      x         x          -         -        -
chart.cosign              x     -      -         x          -         -        -
chart.override            x     -      x         x          -         -        -
chart.manage              x     x      -         x          -         -        -
photos.view               x     -      x         x          -         -        -
photos.manage             x     -      x         x          -         -        -
photos.release            x     -      x         x          -         -        -
plans.view                x     x      x         x          x         -        -
plans.decide              x     x      x         x          x         -        -
documents.view            x     x      x         x          x         -        -
documents.manage          x     x      x         x          x         -        -
consents.view             x     x      x         x          x         -        -
consents.collect          x     x      x         x          x         -        -
consents.manage           x     x      -         x          -         -        -
stock.view                x     x      x         x          x         -        -
stock.manage              x     x      x         x          -         -        -
recall.run                x     x      -         x          -         -        -
patients.merge            x     x      -         -          x         -        -
care.manage               x     -      -         x          -         -        -
ai.manage                 x     x      -         -          -         -        -
audit.view                x     x      -         -          -         -        -
staff.view                x     x      -         -          -         -        -
staff.manage              x     x      -         -          -         -        -
tokens.manage             x     x      -         -          -         -        -
settings.manage           x     x      -         -          -         -        -
agreement.sign            x     -      -         -          -         -        -
"""
ON_THE_PLATFORM = """
                        support_agent support_lead platform_admin
platform.view                 x            x             x
platform.leads                -            x             x
platform.suspend              -            x             x
platform.manage               -            -             x
platform.audit                -            x             x
"""
HEAD, *ROWS = [line.split() for line in EXPECTED.strip().splitlines()]
PLATFORM_HEAD, *PLATFORM_ROWS = [line.split() for line in ON_THE_PLATFORM.strip().splitlines()]
CELLS = [
    (role, row[0], mark == "x")
    for head, rows in ((HEAD, ROWS), (PLATFORM_HEAD, PLATFORM_ROWS))
    for row in rows
    for role, mark in zip(head, row[1:], strict=True)
]


@pytest.mark.promise("P10")
@pytest.mark.promise("P159")
@pytest.mark.parametrize(("role", "permission", "held"), CELLS)
def test_every_cell(role, permission, held):
    assert may(User(role=role), permission) is held


def test_the_table_is_whole():
    assert {row[0] for row in ROWS} == set(CLINIC_PERMISSIONS)
    assert {row[0] for row in PLATFORM_ROWS} == set(PLATFORM_PERMISSIONS)
    assert set(HEAD) == set(CLINIC_ROLES)
    assert set(PLATFORM_HEAD) == set(PLATFORM_ROLES)
    assert set(ROLE_PERMISSIONS) == set(Role) == set(RANKS)
    assert all(held <= set(PERMISSIONS) for held in ROLE_PERMISSIONS.values())


@pytest.mark.parametrize("role", sorted(PLATFORM_ROLES))
def test_platform_staff_hold_no_right_over_a_clinics_work(role):
    """They stand in the public schema only; the platform's own staff is what its admins manage."""
    held = permissions_of(User(role=role)) & set(CLINIC_PERMISSIONS)
    assert held == ({"staff.view", "staff.manage"} if role == "platform_admin" else set())


@pytest.mark.parametrize("role", sorted(CLINIC_ROLES))
def test_a_clinics_staff_hold_nothing_on_the_platform(role):
    assert not permissions_of(User(role=role)) & set(PLATFORM_PERMISSIONS)


def test_an_unknown_role_holds_nothing():
    assert permissions_of_role("janitor") == frozenset()
    assert permissions_of(User(role="janitor")) == frozenset()


def test_a_misspelt_permission_is_a_fault():
    with pytest.raises(LookupError):
        may(User(role="owner"), "apointments.view")


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_is_asked_to_sign_in(nobody):
    with pytest.raises(NotSignedIn):
        require(nobody, "services.view")
    with pytest.raises(NotSignedIn):
        require_object(nobody, "services.view")


def test_a_forbidden_collection_is_403_and_a_forbidden_object_404():
    with trail.trail(uuid7(), ip=None, agent="") as opened:
        with pytest.raises(Forbidden):
            require(User(role="marketer"), "patients.view")
        with pytest.raises(NotFound):
            require_object(User(role="marketer"), "patients.view")
    assert [event.verb for event in opened.reads.values()] == ["access.refused"]


def test_a_token_never_holds_more_than_its_person():
    user = User(role="front_desk")
    user.token = ApiToken(user=user, scopes=["appointments.view", "services.manage"])
    assert permissions_of(user) == {"appointments.view"}


@pytest.mark.parametrize(
    ("own", "other", "allowed"),
    [
        ("owner", "owner", True),
        ("owner", "analyst", True),
        ("admin", "owner", False),
        ("admin", "admin", True),
        ("front_desk", "admin", False),
        ("front_desk", "marketer", True),
        ("owner", "platform_admin", False),
        ("platform_admin", "owner", False),
        ("support_lead", "support_agent", True),
        ("janitor", "analyst", False),
        ("owner", "janitor", False),
    ],
)
def test_nobody_grants_above_own_rank(own, other, allowed):
    assert may_grant(own, other) is allowed
