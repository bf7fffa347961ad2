"""People come, change and go: ranks, the last owner, the trail, and what may be a password."""

import pytest

from accounts import actions, passwords, signals
from accounts.actors import actor_for
from accounts.models import User
from accounts.tests.helpers import fresh, verbs
from audit.actors import VISITOR, job
from core.clock import now
from core.problems import Conflict, Forbidden, Invalid
from tenants.context import enter

BY = job("tests")
NEW = {"email": "new@glow.example", "display_name": "Nell New", "role": "provider"}


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        yield glow


def create(by=BY, **changes):
    return actions.create_user(**{**NEW, **changes}, by=by, at=now())


def failures(call):
    with pytest.raises(Invalid) as caught:
        call()
    return {(each["field"], each["code"]) for each in caught.value.errors}


def test_a_new_person(inside):
    user = create(email=" NEW@Glow.Example ", password="quiet-lamp-under-water")
    assert (user.email, user.has_usable_password()) == ("new@glow.example", True)
    assert verbs(inside)[-1] == "user.created"
    assert not create(email="second@glow.example").has_usable_password()


def test_everything_wrong_is_said_at_once(inside):
    assert failures(lambda: create(email="x", display_name="\0", role="janitor")) == {
        ("email", "invalid"),
        ("display_name", "control_character"),
        ("role", "unknown"),
    }


@pytest.mark.parametrize("email", ["olive@glow.example", "Olive@GLOW.example"])
def test_an_address_is_one_persons(inside, email):
    assert failures(lambda: create(email=email)) == {("email", "taken")}


def test_the_platforms_roles_are_not_given_in_a_clinic(inside):
    assert failures(lambda: create(role="platform_admin")) == {("role", "unknown")}


@pytest.mark.parametrize(
    ("role", "given", "allowed"),
    [
        ("owner", "owner", True),
        ("admin", "provider", True),
        ("admin", "owner", False),
        ("front_desk", "analyst", False),
    ],
)
def test_nobody_gives_more_than_he_has(inside, role, given, allowed):
    by = actor_for(fresh(inside, role))
    if allowed:
        assert create(by, role=given).role == given
    else:
        with pytest.raises(Forbidden):
            create(by, role=given)
        assert not User.objects.filter(email=NEW["email"]).exists()


def test_visitors_create_nobody(inside):
    with pytest.raises(Forbidden):
        create(VISITOR)


def test_a_role_changes_and_both_sides_hear_of_it(inside, notices):
    user = fresh(inside)
    actions.change_role(user, "provider", by=actor_for(fresh(inside, "owner")), at=now())
    assert fresh(inside).role == "provider"
    assert notices.events(user.email) == [signals.ROLE_CHANGED]
    assert notices.events(inside.cast.owner.email) == [signals.ROLE_CHANGED]


def test_nobody_changes_somebody_above(inside):
    admin, owner = fresh(inside, "admin"), fresh(inside, "owner")
    for call in (
        lambda: actions.change_role(owner, "analyst", by=actor_for(admin), at=now()),
        lambda: actions.change_role(admin, "owner", by=actor_for(admin), at=now()),
        lambda: actions.end_access(owner, by=actor_for(admin), at=now()),
    ):
        with pytest.raises(Forbidden):
            call()


def test_there_is_always_an_owner(inside):
    owner = fresh(inside, "owner")
    with pytest.raises(Conflict):
        actions.change_role(owner, "admin", by=BY, at=now())
    with pytest.raises(Conflict):
        actions.end_access(owner, by=BY, at=now())
    actions.change_role(fresh(inside, "admin"), "owner", by=BY, at=now())
    actions.end_access(owner, by=BY, at=now())
    assert not fresh(inside, "owner").has_access(now())


def test_ending_access_revokes_tokens(inside):
    admin = fresh(inside, "admin")
    actions.end_access(admin, by=BY, at=now())
    assert not admin.tokens.filter(revoked_at=None).exists()


def test_tokens_are_limited_in_number(inside):
    owner = fresh(inside, "owner")
    left = actions.MOST_TOKENS - owner.tokens.filter(revoked_at=None).count()
    for _ in range(left):
        actions.issue_token(owner, name="x", scopes=["services.view"], by=BY, at=now())
    with pytest.raises(Conflict):
        actions.issue_token(owner, name="x", scopes=["services.view"], by=BY, at=now())


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("passwordpassword", None),
        ("qwertyuiop", "password_too_common"),
        ("new@glow.example", "password_too_similar"),
        ("Glow-1234567890", "clinic_name"),
        ("x" * 257, "too_long"),
        ("zebra wagon lamp cloud", None),
        ("ñandú ñandú ñandú", None),
        ("x" * 256, None),
    ],
)
def test_what_may_be_a_password(inside, password, code):
    user = User(email=NEW["email"], display_name="Nell New", role="provider")
    if code is None:
        passwords.check(password, user)
    else:
        assert ("password", code) in failures(lambda: passwords.check(password, user))


def test_the_same_letters_are_the_same_password(inside):
    user = create(password="Cafe\u0301 con leche y pan")
    assert passwords.verify(user, "Caf\u00e9 con leche y pan", at=now())
    assert not passwords.verify(user, "cafe con leche y pan", at=now())


def test_nothing_of_a_long_password_is_cut_off(inside):
    user = create(password="ab" * 128)
    assert passwords.verify(user, "ab" * 128, at=now())
    assert not passwords.verify(user, "ab" * 127, at=now())
    assert not passwords.verify(user, "ab" * 128 + "x", at=now())
