"""Counters that stop guessing, exact under any number of parallel tries.

1. `take` counts the try in the database and commits, before the password, code or token is looked at.
2. Past the limit the answer is the same refusal, whether the secret was right or wrong; nothing is checked.
3. A right secret gives its own try back: the account starts anew, the address loses only this one.

The rows are kept per schema, so what happens at one clinic is not felt at another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from accounts.models import Throttle


@dataclass(frozen=True)
class Limit:
    """So many tries in a window; then shut for `lock`, or until the window ends."""

    most: int
    window: timedelta
    lock: timedelta | None = None


PER_ACCOUNT = Limit(10, timedelta(minutes=15), timedelta(minutes=15))
PER_ADDRESS = Limit(20, timedelta(hours=1))
CODES_SENT = Limit(5, timedelta(minutes=15), timedelta(minutes=15))
CODES_SENT_TO_ADDRESS = Limit(60, timedelta(hours=1))
WRONG_TOKENS = Limit(120, timedelta(minutes=15), timedelta(minutes=15))

PASSWORD = "password"  # noqa: S105 - the kind of a counter
CODE = "code"
CODE_SENT = "code_sent"
SECOND_FACTOR = "second_factor"
TOKEN = "token"  # noqa: S105
ADDRESS = "address"

# One statement, so that parallel tries queue at the row and each is counted.
_TAKE = """
INSERT INTO accounts_throttle AS t (key, window_started_at, count, locked_until)
VALUES (%(key)s, %(at)s, 1, NULL)
ON CONFLICT (key) DO UPDATE SET
  window_started_at = CASE WHEN {over} THEN %(at)s ELSE t.window_started_at END,
  count = CASE WHEN {over} THEN 1 ELSE t.count + 1 END,
  locked_until = CASE
    WHEN {over} THEN NULL
    WHEN t.locked_until IS NULL AND t.count + 1 >= %(most)s
      THEN COALESCE(%(at)s + %(lock)s, t.window_started_at + %(window)s)
    ELSE t.locked_until END
RETURNING count, locked_until
""".format(over="COALESCE(t.locked_until, t.window_started_at + %(window)s) <= %(at)s")


@dataclass(frozen=True)
class Attempt:
    """One try, counted. `allowed` says whether it may be looked at."""

    keys: tuple[tuple[str, Limit], ...]
    allowed: bool
    just_locked: bool  # this very try was the account's last one
    retry_after: int

    def forgive(self) -> None:
        """It was right: the account's counter goes, the address gets this one try back."""
        with transaction.atomic(durable=True):
            for name, limit in self.keys:
                if limit is PER_ADDRESS:
                    _give_back(name, limit)
                else:
                    Throttle.objects.filter(key=name).delete()


def take(kind: str, account: str, address: str, *, at: datetime) -> Attempt:
    """Count a try on `account` from `address`. Commits by itself; must not be called in a transaction."""
    return _take_all(((key_of(kind, account), PER_ACCOUNT), (key_of(ADDRESS, address), PER_ADDRESS)), at)


def take_code_mail(account: str, address: str, *, at: datetime) -> Attempt:
    """Count a code asked for by mail: no guess, but a mail that somebody may not want."""
    by_address = key_of(CODE_SENT, f"from {address}")
    return _take_all(((key_of(CODE_SENT, account), CODES_SENT), (by_address, CODES_SENT_TO_ADDRESS)), at)


def take_wrong_token(address: str, *, at: datetime) -> Attempt:
    """Count a token that opens nothing. A good one is never held up: 256 random bits cannot be guessed."""
    return _take_all(((key_of(TOKEN, address), WRONG_TOKENS),), at)


def take_public(kind: str, address: str, limit: Limit, most_in_all: Limit, *, at: datetime) -> Attempt:
    """Count something that anybody may do, by address and in all: a flood from everywhere is one too."""
    return _take_all(((key_of(kind, address), limit), (key_of(kind, "everybody"), most_in_all)), at)


def key_of(kind: str, value: str) -> str:
    """A keyed hash, other in every clinic: nobody can look an account or an address up in the table."""
    schema = getattr(connection, "schema_name", "")
    return salted_hmac("accounts.throttle", f"{schema}|{kind}|{value}", algorithm="sha256").hexdigest()


def _take_all(keys: tuple[tuple[str, Limit], ...], at: datetime) -> Attempt:
    allowed, just_locked, wait = True, False, 0
    # Always the account's row before the address's: parallel tries cannot wait for each other in a circle.
    with transaction.atomic(durable=True):
        for position, (name, limit) in enumerate(keys):
            count, locked_until = _take(name, limit, at)
            if count > limit.most:
                allowed = False
                wait = max(wait, int((locked_until - at).total_seconds()) + 1 if locked_until else 1)
            if position == 0 and count == limit.most:
                just_locked = True
    return Attempt(keys, allowed, just_locked, wait)


def _take(name: str, limit: Limit, at: datetime) -> tuple[int, datetime | None]:
    values: dict[str, Any] = {
        "key": name,
        "at": at,
        "most": limit.most,
        "window": limit.window,
        "lock": limit.lock,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        count, locked_until = cursor.fetchone()
    return count, locked_until


def _give_back(name: str, limit: Limit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_throttle SET count = GREATEST(count - 1, 0),"
            " locked_until = CASE WHEN count - 1 < %s THEN NULL ELSE locked_until END WHERE key = %s",
            [limit.most, name],
        )


def sweep(*, at: datetime) -> int:
    """Rows whose window and lock are long over."""
    return Throttle.objects.filter(window_started_at__lt=at - timedelta(days=1)).delete()[0]
