"""Reading once a page: what several parts of a page ask is asked of the database once, and handed to all of them.

A page is composed of parts that do not know each other: the head, its alerts, the cards, the timeline. Each asks for what
it needs by the same functions. Inside `one_page()` those that are marked `once` keep their answer for the same
arguments; when the block ends it is forgotten. Never put a write inside: what it changes would not be seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept_for_this_page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Around the composing and rendering of one page. A block within a block is part of it."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(ask: Callable[P, R]) -> Callable[P, R]:
    """Asked once a page for the same arguments, which must be hashable; elsewhere every time. Do not change the answer."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        kept = _kept.get()
        if kept is None:
            return ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = ask(*args, **kwargs)
        return kept[key]  # type: ignore[no-any-return]

    return asked
