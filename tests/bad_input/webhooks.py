"""What pretends to come from a vendor."""

import base64
import json
from typing import Any

from django.test import Client

from core.ids import uuid7
from tests.bad_input.world import AT, Row, World


def replayed_text(world: World) -> Any:
    assert world.twilio("Hello").status_code == 200
    world.begin()
    for _ in range(4):
        assert world.twilio("Hello").status_code == 200
    return world.twilio("STOP")  # the same id with another text: still the first one


def forged_mail_news(world: World) -> Any:
    body = json.dumps({"type": "email.complained", "data": {"email_id": "x", "headers": []}})
    signature = base64.b64encode(b"not this").decode()
    headers = {
        "svix-id": "msg_1",
        "svix-timestamp": str(int(AT.timestamp())),
        "svix-signature": f"v1,{signature}",
    }
    return Client(HTTP_HOST="localhost").post(
        "/hooks/resend/", body, content_type="application/json", headers=headers
    )


ROWS = [
    Row("a text signed by nobody", lambda w: w.twilio("STOP", token="0" * 32), 403),
    Row("a text signed with another clinic's token", lambda w: w.twilio("STOP", token="rival" * 6), 403),
    Row("a replayed text", replayed_text, 200),
    Row("a hook that is JSON", lambda w: Client(HTTP_HOST="localhost").post("/hooks/twilio/sms/", "{}",
        content_type="application/json"), 403),
    Row("forged news of a text", lambda w: Client(HTTP_HOST="localhost").post(f"/hooks/twilio/status/{uuid7()}/",
        {"AccountSid": f"AC{w.glow.clinic.uid.hex}", "MessageSid": "SM1", "MessageStatus": "failed"}), 403),
    Row("forged news of a mail", forged_mail_news, 403),
    Row("a hook read by a browser", lambda w: Client(HTTP_HOST="localhost").get("/hooks/twilio/sms/"), 405),
]  # fmt: skip
