"""The page of the settings that issues and revokes tokens."""

import re
from datetime import UTC, datetime, timedelta

from accounts.models import ApiToken
from tenants.context import enter

PAGE, ISSUE = "/desk/settings/api/", "/desk/settings/api/tokens/"


def test_issue_use_and_revoke(glow):
    client = glow.client(glow.cast.owner)
    shown = client.post(ISSUE, {"name": "Kiosk 7", "days": 30, "scopes": ["appointments.view"]})
    clear = re.findall(r'readonly value="(msp_[\w-]{43})"', shown.content.decode())[0]
    program = glow.client(HTTP_AUTHORIZATION=f"Bearer {clear}")
    assert program.get("/api/v1/me/").json()["permissions"] == ["appointments.view"]
    assert program.get("/api/v1/patients/").status_code == 403
    text = client.get(PAGE).content.decode()
    assert "Kiosk 7" in text
    assert clear not in text
    with enter(glow.clinic):
        token = ApiToken.objects.get(name="Kiosk 7")
        assert token.last_used_at is not None
    assert client.post(f"{ISSUE}{token.uid}/revoke/").status_code == 303
    assert program.get("/api/v1/me/").status_code == 401


def test_an_end_is_an_end(glow):
    client = glow.client(glow.cast.owner)
    shown = client.post(ISSUE, {"name": "Kiosk 7", "days": 30, "scopes": ["appointments.view"]})
    clear = re.findall(r'readonly value="(msp_[\w-]{43})"', shown.content.decode())[0]
    with enter(glow.clinic):
        ApiToken.objects.filter(name="Kiosk 7").update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert glow.client(HTTP_AUTHORIZATION=f"Bearer {clear}").get("/api/v1/me/").status_code == 401
    assert "Kiosk 7" not in client.get(PAGE).content.decode()


def test_nobody_revokes_above_the_own_rank(glow):
    with enter(glow.clinic):
        owners = ApiToken.objects.get(user=glow.cast.owner)
        admins = ApiToken.objects.get(user=glow.cast.users["admin"])
    admin, owner = glow.client(glow.cast.users["admin"]), glow.client(glow.cast.owner)
    assert admin.post(f"{ISSUE}{owners.uid}/revoke/").status_code == 404
    assert owner.post(f"{ISSUE}{admins.uid}/revoke/").status_code == 303
    with enter(glow.clinic):
        assert ApiToken.objects.get(pk=admins.pk).revoked_at is not None
        assert ApiToken.objects.get(pk=owners.pk).revoked_at is None


def test_wrong_and_kept(glow):
    answer = glow.client(glow.cast.owner).post(ISSUE, {"name": "Kiosk 7", "days": 30, "scopes": []})
    assert answer.status_code == 422
    assert 'value="Kiosk 7"' in answer.content.decode()
    assert glow.client(glow.cast.desk).get(PAGE).status_code == 403
