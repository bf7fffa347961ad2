"""Signatures by the Standard Webhooks convention: HMAC-SHA256 over id, moment and body, in a header that may hold two."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

START: Final = "whsec_"
BYTES: Final = 32


def new_secret() -> str:
    return START + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(START))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secrets_: Iterable[str], *, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """While a secret is being replaced both sign, so that the receiver may change over when it likes."""
    timestamp = int(at.timestamp())
    signatures = [signature(one, message_id=message_id, timestamp=timestamp, body=body) for one in secrets_]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
