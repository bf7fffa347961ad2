"""A passkey's device in software: it makes a key for a host and signs challenges, as honestly as a test asks for."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import RequestFactory
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from core.ids import uuid7
from tenants.context import enter

PRESENT, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


@dataclass
class Device:
    """One device with one key; `count` None is one that never counts."""

    origin: str
    count: int | None = 0
    credential_id: bytes = field(default_factory=lambda: uuid7().bytes)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(
        self,
        options: dict[str, Any],
        *,
        flags: int = PRESENT | VERIFIED,
        credential: AttestedCredentialData | None = None,
        **lies: Any,
    ) -> str:
        """The answer to a challenge for a new passkey, as the page's script writes it."""
        asked = options["publicKey"]
        made = credential or AttestedCredentialData.create(
            Aaguid(bytes(16)), self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(lies.get("rp", asked["rp"]["id"]), flags | AuthenticatorData.FLAG.AT, made)
        said = {"attestationObject": websafe_encode(AttestationObject.create("none", data, {}))}
        return self._answer(said, self._client("webauthn.create", asked, lies))

    def show(
        self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, user: bytes = b"", **lies: Any
    ) -> str:
        """The answer to a challenge for one that was made before. `lies`: rp, origin, challenge, kind, crossed."""
        asked = options["publicKey"]
        data = self._data(lies.get("rp", asked["rpId"]), flags)
        client = self._client("webauthn.get", asked, lies)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        said = {"authenticatorData": websafe_encode(data), "signature": websafe_encode(signature)}
        if user:
            said["userHandle"] = websafe_encode(user)
        return self._answer(said, client)

    def _data(self, rp: str, flags: int, made: AttestedCredentialData | None = None) -> AuthenticatorData:
        if self.count is not None:
            self.count += 1
        return AuthenticatorData.create(sha256(rp.encode()).digest(), flags, self.count or 0, made or b"")

    def _client(self, kind: str, asked: dict[str, Any], lies: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(
            lies.get("kind", kind),
            websafe_decode(lies.get("challenge", asked["challenge"])),
            lies.get("origin", self.origin),
            lies.get("crossed", False),
        )

    def _answer(self, said: dict[str, str], client: CollectedClientData) -> str:
        own = websafe_encode(self.credential_id)
        said = {**said, "clientDataJSON": websafe_encode(client)}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": said})


def enrol(house: Any, user: Any) -> tuple[Device, Authenticator]:
    """A device of this person's, and its row, without a page and without a mail."""
    from accounts import ceremonies, passkeys
    from core.clock import now

    device, request = Device(f"http://{house.host}"), RequestFactory().post("/", HTTP_HOST=house.host)
    request.session = {}  # type: ignore[assignment]
    with enter(house.clinic):
        options = ceremonies.begin_adding(request, user, at=now())
        made = ceremonies.made(request, user, device.make(options), at=now())
        row = passkeys.new_row(user, made, name="Spare", host=house.host, at=now())
        row.save()
    return device, row
