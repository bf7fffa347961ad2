"""The two talks with a browser about passkeys: making one, and showing one. fido2 writes and checks what is said.

1. We say a challenge, kept in the session with what it is for and for whom; it lives five minutes.
2. The browser answers. The challenge is taken out of the session whatever the answer is.
3. The answer counts if it is for this challenge, this host and this very origin, if the authenticator verified its user,
   and if its counter went on. The row remembers the challenge, so that of two parallel answers only one gets through.
"""

import json
import struct
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.http.request import split_domain_port
from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts import passkeys
from accounts.models import User
from vault.errors import Damaged

PENDING: Final = "staff.passkey_challenge"
LIFE: Final = timedelta(minutes=5)
MOST_CHARACTERS: Final = 16_000
REQUIRED: Final = UserVerificationRequirement.REQUIRED
# What fido2 raises on an answer that is wrong, or that is no answer at all.
WRONG: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OverflowError,
    struct.error,
)


class Purpose(StrEnum):
    ADD = "add"
    SHOW = "show"


class Refused(Exception):
    """The browser's answer does not count."""


def host_of(request: HttpRequest) -> str:
    """What a passkey is bound to: the clinic's host, without the port."""
    return split_domain_port(request.get_host())[0]


def is_possible(request: HttpRequest, user: User) -> bool:
    """Whether this person has a passkey that can be shown here."""
    return bool(passkeys.usable_at(user, host_of(request)))


def begin_adding(request: HttpRequest, user: User, *, at: datetime) -> dict[str, Any]:
    """What the browser needs to make a passkey (PublicKeyCredentialCreationOptions as JSON)."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.display_name),
        credentials=_descriptors(user, host_of(request)),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=REQUIRED,
    )
    _keep(request, Purpose.ADD, user, state["challenge"], at)
    return dict(options)


def begin_showing(request: HttpRequest, user: User, *, at: datetime) -> dict[str, Any] | None:
    """What the browser needs to show one of this person's (…RequestOptions as JSON); None if none works here."""
    known = _descriptors(user, host_of(request))
    if not known:
        return None
    options, state = _server(request).authenticate_begin(known, user_verification=REQUIRED)
    _keep(request, Purpose.SHOW, user, state["challenge"], at)
    return dict(options)


def made(request: HttpRequest, user: User, answer: str, *, at: datetime) -> AuthenticatorData:
    """The new passkey that the browser answered with; Refused if it does not count."""
    challenge = _take(request, Purpose.ADD, user, at)
    try:
        response = RegistrationResponse.from_dict(_read(answer))
        if response.response.client_data.cross_origin:
            raise Refused
        found = _server(request).register_complete(_state(challenge), response)
        credential = found.credential_data
        if credential is None or isinstance(credential.public_key, UnsupportedKey):
            raise Refused
    except WRONG as problem:
        raise Refused from problem
    return found


@transaction.atomic
def shown(request: HttpRequest, user: User, answer: str, *, at: datetime) -> Authenticator:
    """The passkey that the browser answered with, its counter and its use noted; Refused if it does not count.

    The person's row is locked first: what was removed or answered meanwhile is seen.
    """
    challenge = _take(request, Purpose.SHOW, user, at)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        row = _row_for(user, response, host_of(request))
        _server(request).authenticate_complete(_state(challenge), [passkeys.credential_of(row)], response)
    except (*WRONG, Damaged) as problem:
        raise Refused from problem
    count = response.response.authenticator_data.counter
    if row.data[passkeys.SPENT] == challenge or not _goes_on(row.data[passkeys.COUNT], count):
        raise Refused
    row.data |= {passkeys.COUNT: count, passkeys.SPENT: challenge}
    row.last_used_at = at
    row.save(update_fields=["data", "last_used_at"])
    return row


def _row_for(user: User, response: AuthenticationResponse, host: str) -> Authenticator:
    said = response.response
    if said.client_data.cross_origin or said.user_handle not in (None, b"", user.pk.bytes):
        raise Refused
    wanted = passkeys.encode(response.raw_id)
    for row in passkeys.usable_at(user, host):
        if row.data[passkeys.ID] == wanted:
            return row
    raise Refused


def _goes_on(before: int, now: int) -> bool:
    """A counter that stands still is a copy of the authenticator; those that never count say 0 always."""
    return now > before or (now == 0 and before == 0)


def _server(request: HttpRequest) -> Fido2Server:
    """The very origin the page came from: not a host below it, and never http where links are https."""
    host, origin = host_of(request), f"{settings.SITE_SCHEME}://{request.get_host()}"
    name = str(getattr(getattr(request, "clinic", None), "name", "")) or "medspa"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=name),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda said: said == origin,
    )


def _descriptors(user: User, host: str) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY, id=passkeys.decode(row.data[passkeys.ID])
        )
        for row in passkeys.usable_at(user, host)
    ]


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_CHARACTERS:
        raise ValueError("longer than any answer is")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("not an answer")
    return found


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": REQUIRED}


def _keep(request: HttpRequest, purpose: Purpose, user: User, challenge: str, at: datetime) -> None:
    until = (at + LIFE).timestamp()
    request.session[PENDING] = [purpose.value, str(user.pk), challenge, until]


def _take(request: HttpRequest, purpose: Purpose, user: User, at: datetime) -> str:
    """The challenge this session waits for, which it does not from here on."""
    kept = request.session.pop(PENDING, None)
    if kept is None:
        raise Refused
    what, whose, challenge, until = kept
    if (what, whose) != (purpose.value, str(user.pk)) or at.timestamp() >= until:
        raise Refused
    return str(challenge)
