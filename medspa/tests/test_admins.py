"""Who runs the platform is made by a command of its own."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from tenants.context import enter, enter_public

PASSWORD = "a-long-enough-passphrase"


def create(monkeypatch, password: str = PASSWORD, **options: object) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    out = io.StringIO()
    wish = {"email": "ada@example.net", "name": "Ada Admin", "password_stdin": True} | options
    call_command("create_platform_admin", stdout=out, **wish)
    return out.getvalue()


@pytest.mark.promise("P159")
def test_an_admin_of_the_platform_is_of_no_clinic(glow, monkeypatch):
    told = create(monkeypatch)
    assert "/admin/" in told
    assert "second factor" in told
    assert PASSWORD not in told
    with enter_public():
        user = User.objects.get(email="ada@example.net")
        assert user.role == Role.PLATFORM_ADMIN
        assert user.check_password(PASSWORD)
        assert Event.objects.filter(verb="user.created", actor_id="create_platform_admin").exists()
    with enter(glow.clinic):
        assert not User.objects.filter(email="ada@example.net").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"password": "short"}, "12"), ({"email": "nonsense"}, "mail"), ({"name": ""}, "name")],
)
def test_what_is_wrong_is_told_and_nothing_made(glow, monkeypatch, wrong, said):
    with pytest.raises(CommandError, match=said):
        create(monkeypatch, **wrong)
    with enter_public():
        assert not User.objects.exists()


def test_twice_is_refused(glow, monkeypatch):
    create(monkeypatch)
    with pytest.raises(CommandError, match="already"):
        create(monkeypatch)


def test_without_a_terminal_the_password_must_come_by_pipe(glow, monkeypatch):
    with pytest.raises(CommandError, match="--password-stdin"):
        create(monkeypatch, password_stdin=False)
