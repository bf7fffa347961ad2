"""Unsafe API requests that carry an Idempotency-Key: the same key and body get the same answer, another body a 409.

1. The first request inserts the key in a statement of its own; it is the one that works.
2. Others wait a little for its answer; one that is still being worked on is a 409 that says when to ask again.
3. Answers that a retry may change (401, 403, 429 and 5xx) are not kept.
A worker killed in between leaves an unanswered key; after a minute the next request takes it over.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import IdempotentAnswer
from audit.actors import Actor, ActorKind
from audit.trail import note_read
from core.clock import now
from core.problems import Conflict, Invalid, Problem, failure, problem_response
from vault.sealing import open_bytes, seal_bytes

TAG: Final = "accounts.idempotent_answer.body/1"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOT_KEPT: Final = frozenset({401, 403, 429})
LONGEST_KEY: Final = 200
TAKEN_OVER_AFTER: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(hours=24)
WAIT_SECONDS: Final = 8.0
STEP_SECONDS: Final = 0.05


class KeyReused(Conflict):
    type = "idempotency-key-reused"
    title = _("This Idempotency-Key was used with another request")


class StillWorking(Conflict):
    type = "idempotency-in-progress"
    title = _("The first request with this Idempotency-Key is still being worked on")


class Idempotency:
    """Innermost, so that an answer is kept as the view gave it and dressed anew each time it is given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        # A form with files is sealed as it arrives and never read twice: its view honours the key itself.
        if request.content_type == "multipart/form-data":
            return self.get_response(request)
        if not key or request.method not in UNSAFE or not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            return self._answer_once(request, key)
        except Problem as problem:
            return problem_response(problem)

    def _answer_once(self, request: HttpRequest, key: str) -> HttpResponse:
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise Invalid(errors=[failure("Idempotency-Key", "invalid", "At most 200 printable characters.")])
        mine, row = claim(request, key)
        if not mine:
            return replay(wait_for(row))
        try:
            response = self.get_response(request)
        except BaseException:
            IdempotentAnswer.objects.filter(pk=row.pk).delete()
            raise
        keep(row, response)
        return response


def claim(request: HttpRequest, key: str) -> tuple[bool, IdempotentAnswer]:
    """(True, a row of ours to work on) or (False, the row of whoever came first). Raises KeyReused."""
    at = now()
    row = IdempotentAnswer(
        key_hash=_key_hash(request, key), body_hash=hashlib.sha256(request.body).digest(), created_at=at
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = IdempotentAnswer.objects.filter(key_hash=row.key_hash).first()
    else:
        return True, row
    if first is None:  # its answer was not one to keep; ours is a new attempt
        return claim(request, key)
    if bytes(first.body_hash) != row.body_hash:
        raise KeyReused
    stale = IdempotentAnswer.objects.filter(
        pk=first.pk, status=None, created_at=first.created_at, created_at__lt=at - TAKEN_OVER_AFTER
    )
    return bool(stale.update(created_at=at)), first


def wait_for(row: IdempotentAnswer) -> IdempotentAnswer:
    """The row with its answer, if that comes soon. Raises StillWorking."""
    until = time.monotonic() + WAIT_SECONDS
    while row.status is None:
        found = IdempotentAnswer.objects.filter(pk=row.pk).first()
        if found is None or time.monotonic() > until:
            raise StillWorking(headers={"Retry-After": "2"})
        row = found
        if row.status is None:
            time.sleep(STEP_SECONDS)
    return row


def replay(row: IdempotentAnswer) -> HttpResponse:
    body = open_bytes(bytes(row.body or b""), tag=TAG, row=row.uid)
    note_read("answer.repeated", by=Actor(ActorKind.VISITOR, "api"), on=row)
    return HttpResponse(
        body, status=row.status, content_type=row.content_type, headers={"Idempotency-Replayed": "true"}
    )


def keep(row: IdempotentAnswer, response: HttpResponse) -> None:
    rows = IdempotentAnswer.objects.filter(pk=row.pk)
    if response.status_code >= 500 or response.status_code in NOT_KEPT:
        rows.delete()
        return
    try:
        sealed = seal_bytes(response.content, tag=TAG, row=row.uid, subject=None)
    except Problem:  # the vault went away: the answer stands, a retry is judged anew
        rows.delete()
        return
    rows.update(status=response.status_code, content_type=response["Content-Type"][:80], body=sealed)


def forget_old() -> None:
    IdempotentAnswer.objects.filter(created_at__lt=now() - KEPT_FOR).delete()


def _key_hash(request: HttpRequest, key: str) -> bytes:
    """Bound to the caller's credentials: nobody gets another's answer by guessing the key."""
    cookies = (settings.SESSION_COOKIE_NAME, settings.PATIENT_COOKIE_NAME)
    caller = request.headers.get("Authorization") or "\0".join(
        request.COOKIES.get(each, "") for each in cookies
    )
    parts = "\0".join((caller, request.method or "", request.path, key))
    return hmac.digest(settings.SECRET_KEY.encode(), parts.encode(), "sha256")
