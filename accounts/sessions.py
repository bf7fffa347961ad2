"""How long a signed-in session lasts, and what it may be used for. Everything is kept on the server's side.

A session ends 15 minutes after the last thing its person did, and 12 hours after it began. A page that asks for news
by itself (header `X-Poll: 1`) is not a person doing something.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from accounts import second_factor
from accounts.actors import actor_for
from accounts.models import SignIn, User
from audit.trail import record
from core.clock import now

IDLE: Final = timedelta(minutes=15)
ABSOLUTE: Final = timedelta(hours=12)
STEP: Final = timedelta(minutes=1)
POLL_HEADER: Final = "X-Poll"

STARTED: Final = "staff.started_at"
SEEN: Final = "staff.seen_at"
VERIFIED: Final = "staff.second_factor_at"
CONFIRMED: Final = "staff.confirmed_at"
HANDED_OVER: Final = "staff.handed_over"  # the only path that is open while a patient holds the screen
SIGN_IN: Final = "staff.sign_in"  # [id of the sign-in, the session key it knows]
FRESH: Final = timedelta(minutes=15)


class Standing(Enum):
    """What a session is good for."""

    NOBODY = "nobody"
    NEEDS_SET_UP = "needs_set_up"  # signed in, has no second factor yet
    NEEDS_CODE = "needs_code"  # signed in, has one, has not shown it in this session
    HANDED_OVER = (
        "handed_over"  # a patient holds the screen: one path is open, and the way back asks who it is
    )
    GOOD = "good"


def begin(session: SessionBase, *, at: datetime, verified: bool) -> None:
    """Stamp a session at sign-in."""
    session[STARTED] = session[SEEN] = session[CONFIRMED] = at.timestamp()
    if verified:
        session[VERIFIED] = at.timestamp()


def mark_verified(session: SessionBase, at: datetime | None = None) -> None:
    """The second factor was shown in this session."""
    moment = at or now()
    session.setdefault(STARTED, moment.timestamp())
    session.setdefault(SEEN, moment.timestamp())
    session[VERIFIED] = session[CONFIRMED] = moment.timestamp()


def belong_to(session: SessionBase, sign_in: SignIn) -> None:
    """This session is the one of that sign-in."""
    session[SIGN_IN] = [str(sign_in.uid), session.session_key]


def sign_in_of(session: SessionBase) -> UUID | None:
    return UUID(session[SIGN_IN][0]) if SIGN_IN in session else None


def confirm(session: SessionBase, at: datetime) -> None:
    """Its person showed a moment ago that it is them."""
    session[CONFIRMED] = at.timestamp()


def is_confirmed(session: SessionBase, at: datetime) -> bool:
    """Whether that was within the last quarter of an hour: what a sensitive act asks for."""
    shown = session.get(CONFIRMED)
    return shown is not None and 0 <= at.timestamp() - float(shown) < FRESH.total_seconds()


def hand_over(session: SessionBase, path: str) -> None:
    """A patient gets the screen: from the next request on only what begins with `path` is open."""
    session[HANDED_OVER] = path
    session.pop(CONFIRMED, None)


def take_back(session: SessionBase) -> None:
    session.pop(HANDED_OVER, None)


def handed_over(session: SessionBase) -> str:
    """The path that is open to the patient who holds the screen; nothing where the staff does."""
    return str(session.get(HANDED_OVER, ""))


def seconds_left(session: SessionBase, at: datetime) -> tuple[int, int]:
    """Until the session ends if nothing is done, and until it ends in any case."""
    moment = at.timestamp()
    idle = float(session.get(SEEN, moment)) + IDLE.total_seconds() - moment
    absolute = float(session.get(STARTED, moment)) + ABSOLUTE.total_seconds() - moment
    return max(0, int(min(idle, absolute))), max(0, int(absolute))


def is_verified(session: SessionBase) -> bool:
    return VERIFIED in session


def is_over(session: SessionBase, at: datetime) -> bool:
    """Past one of the two limits; a session that carries no stamps was not begun by us and is over too."""
    started, seen = session.get(STARTED), session.get(SEEN)
    if started is None or seen is None:
        return True
    moment = at.timestamp()
    idle, age = moment - float(seen), moment - float(started)
    return idle >= IDLE.total_seconds() or age >= ABSOLUTE.total_seconds()


def touch(session: SessionBase, at: datetime, *, surely: bool = False) -> bool:
    """Somebody did something; written at most once a minute."""
    if not surely and at.timestamp() - session[SEEN] < STEP.total_seconds():
        return False
    session[SEEN] = at.timestamp()
    return True


def admit(request: HttpRequest, *, at: datetime) -> Standing:
    """Judge the request's session, once a request. An ended one is emptied, and the request is a stranger's."""
    known: Standing | None = getattr(request, "standing", None)
    if known is None:
        known = _judge(request, at)
        request.standing = known  # type: ignore[attr-defined]
    return known


def _judge(request: HttpRequest, at: datetime) -> Standing:
    if SESSION_KEY not in request.session:
        return Standing.NOBODY
    user = request.user
    if not isinstance(user, User) or not user.has_access(at):
        _drop(request)
        return Standing.NOBODY
    if is_over(request.session, at):
        with transaction.atomic():
            close(request.session, SignIn.End.IDLE, at)
            record("session.ended", by=actor_for(user), on=user)
        _drop(request)
        request.session_ended = True  # type: ignore[attr-defined]
        return Standing.NOBODY
    touched = request.headers.get(POLL_HEADER) != "1" and touch(request.session, at)
    if not _still_wanted(request.session, at, touched=touched):
        _drop(request)
        return Standing.NOBODY
    # Where it is optional, whoever has one was asked at sign-in all the same.
    if is_verified(request.session) or second_factor_is_optional(request):
        path = handed_over(request.session)
        return Standing.GOOD if not path or request.path.startswith(path) else Standing.HANDED_OVER
    return Standing.NEEDS_CODE if second_factor.is_enrolled(user) else Standing.NEEDS_SET_UP


def close(session: SessionBase, how: str, at: datetime) -> None:
    """Its sign-in is over, and why."""
    if (uid := sign_in_of(session)) is not None:
        living = SignIn.objects.filter(uid=uid, ended_at=None)
        living.update(ended_at=at, end=how, session_key="")


def living_of(user: User, at: datetime) -> list[SignIn]:
    """Where the person is signed in: neither ended nor run out, the latest first."""
    rows = SignIn.objects.filter(user=user, outcome=SignIn.Outcome.SUCCEEDED, ended_at=None)
    return list(rows.filter(seen_at__gt=at - IDLE - STEP, at__gt=at - ABSOLUTE).order_by("-seen_at"))


def stay(request: HttpRequest, user: User) -> None:
    """All sessions of the person were ended but this one: it goes on under a new key."""
    update_session_auth_hash(request, user)


def _still_wanted(session: SessionBase, at: datetime, *, touched: bool) -> bool:
    """Keep the sign-in's line up to date, once a minute and whenever the session got another key.

    A session that was ended from elsewhere under its former key is found out here.
    """
    known = session.get(SIGN_IN)
    if known is None or (not touched and known[1] == session.session_key):
        return True
    session[SIGN_IN] = [known[0], session.session_key]
    living = SignIn.objects.filter(uid=known[0], ended_at=None)
    seen = {"seen_at": at} if touched else {}
    return living.update(session_key=session.session_key or "", **seen) == 1


def forget(request: HttpRequest) -> None:
    """Whoever was signed in on this browser is not any more: another sign-in begins."""
    if SESSION_KEY in request.session:
        _drop(request)


def _drop(request: HttpRequest) -> None:
    request.session.flush()
    request.user = AnonymousUser()


def second_factor_is_optional(request: HttpRequest) -> bool:
    """Only in a demo that says so, and never in production."""
    clinic: Any = getattr(request, "clinic", None)
    return bool(
        clinic is not None and clinic.is_demo and clinic.second_factor_optional and not settings.PRODUCTION
    )
