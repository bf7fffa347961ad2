"""First-run hints: a few quiet words the first time somebody of the staff meets a page, one at a time.

Each app declares its own in its `hints.py`; `STAFF_HINTS` in the settings lists those tuples, and the order of the
list is the order in which they are shown. What was put away is kept in the row of the person, which every request
has read already: to ask for a hint costs no statement.
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.access import permissions_of
from accounts.models import User

Text = str | Promise


@dataclass(frozen=True)
class Hint:
    """`key` is what is kept of it, and never given to another; `pages` are names of URLs that show it."""

    key: str
    pages: tuple[str, ...]
    title: Text
    text: Text
    permission: str = ""


@cache
def declared() -> dict[str, Hint]:
    """Every hint by its key, in the order in which they are shown."""
    return {hint.key: hint for path in settings.STAFF_HINTS for hint in import_string(path)}


def next_for(user: User | AnonymousUser | None, page: str) -> Hint | None:
    """The hint that this page shows this person now, or none."""
    if not isinstance(user, User) or not user.hints_wanted:
        return None
    held = permissions_of(user)
    return next(
        (
            hint
            for hint in declared().values()
            if page in hint.pages
            and hint.key not in user.hints_seen
            and (not hint.permission or hint.permission in held)
        ),
        None,
    )
