"""What is told by mail of an account: to its person and to every owner, in the same transaction, with nobody's health in it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts import actions, notices, second_factor, signals
from accounts.actors import actor_for
from accounts.models import User
from accounts.tests.helpers import fresh
from audit.models import Event
from core.clock import now
from messaging.models import Message
from tenants.context import enter

AT = datetime(2026, 3, 3, 17, 23, tzinfo=UTC)  # 11:23 in Austin
BETTER = "four-other-words-entirely"


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        yield glow


def password(user: User, by: User) -> None:
    actions.set_password(user, BETTER, by=actor_for(user), at=AT)


def role(user: User, by: User) -> None:
    actions.change_role(user, "provider", by=actor_for(by), at=AT)


def ended(user: User, by: User) -> None:
    actions.end_access(user, by=actor_for(by), at=AT)


def another_factor(user: User, by: User) -> None:
    second_factor.store(user, "A" * 32)
    actions.enrol_second_factor(user, "B" * 32, by=actor_for(user), at=AT)


def codes(user: User, by: User) -> None:
    second_factor.store(user, "A" * 32)
    actions.renew_recovery_codes(user, by=actor_for(user), at=AT)


def export(user: User, by: User) -> None:
    actions.note_export(user, "services", by=actor_for(user), at=AT)


def locked(user: User, by: User) -> None:
    actions.note_failed_sign_in(user, "sign_in.failed", at=AT, locked=True)


def device(user: User, by: User) -> None:
    notices.alert_if_possible(user, signals.NEW_DEVICE, at=AT)


@pytest.mark.promise("P178")
@pytest.mark.parametrize(
    ("act", "event"),
    [
        (password, signals.PASSWORD_CHANGED),
        (role, signals.ROLE_CHANGED),
        (ended, signals.ACCESS_ENDED),
        (another_factor, signals.SECOND_FACTOR_CHANGED),
        (codes, signals.RECOVERY_CODES_RENEWED),
        (export, signals.EXPORTED),
        (locked, signals.LOCKED),
        (device, signals.NEW_DEVICE),
    ],
)
def test_the_person_and_the_owners_hear_of_it(inside, notices, act: Callable[[User, User], None], event):
    user, owner = fresh(inside), fresh(inside, "owner")
    act(user, owner)
    assert notices.events(user.email) == [event]
    assert notices.events(owner.email) == [event]


def test_an_owner_hears_of_the_own_account_once(inside, notices):
    owner = fresh(inside, "owner")
    password(owner, owner)
    assert notices.events() == [signals.PASSWORD_CHANGED]


def test_the_mail_waits_in_the_transaction_and_tells_the_time_of_the_clinic(inside):
    user = fresh(inside)
    export(user, user)
    mails = list(Message.objects.filter(kind=signals.SECURITY_ALERT).order_by("pk"))
    assert len(mails) == 2
    assert all(mail.send_after == AT for mail in mails)
    assert "Tue, Mar 3, 11:23 AM CST" in mails[0].body
    assert f"About {user.display_name}: Data of the clinic was downloaded" in mails[1].body
    assert Event.objects.filter(verb="data.exported").count() == 1


def test_each_download_of_a_list_is_told(glow, notices):
    """Whatever answers with a file of rows stands here; a template has none of the clinic's."""
    owner = glow.client(glow.cast.owner)
    page = owner.get("/desk/settings/import/").content.decode()
    files = sorted(set(re.findall(r'href="(/desk/[^"]+\.csv)"', page)))
    assert [path for path in files if "template" not in path] != []
    for path in files:
        before = len(notices)
        answer = owner.get(path)
        assert answer["Content-Disposition"].startswith("attachment")
        told = notices.events()[before:]
        assert told == ([] if path.endswith("template.csv") else [signals.EXPORTED]), path
    with enter(glow.clinic):
        assert Event.objects.filter(verb="data.exported", at__lte=now()).count() == len(files) / 2
