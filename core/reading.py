"""Reading once a page: what several parts of a page ask is asked of the database once, and handed to all of them.

A page is composed of parts that do not know each other: the head, its alerts, the cards, the timeline. Each asks for what
it needs by the same functions. Inside `one_page()` those that are marked `once` keep their answer for the same
arguments; when the block ends it is forgotten. Never put a write inside: what it changes would not be seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from core.context import current_holder

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


class Once(Generic[P, R]):
    """A reader that is asked once a page for the same arguments, which must be hashable; elsewhere every time."""

    def __init__(self, ask: Callable[P, R]) -> None:
        self._ask = ask
        update_wrapper(self, ask)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        page = _kept.get()
        if page is None:
            return self._ask(*args, **kwargs)
        key = self._key(args, kwargs)
        if key not in page:
            page[key] = self._ask(*args, **kwargs)
        return page[key]  # type: ignore[no-any-return]

    def kept(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The answer, if this page has asked already: for who could do with less, and takes what is there."""
        return (_kept.get() or {}).get(self._key(args, kwargs))

    def _key(self, args: Any, kwargs: Any) -> Any:
        """With the clinic: rows of two clinics may have the same number, and are then equal to Django."""
        return (current_holder(), self._ask, args, tuple(sorted(kwargs.items())))


def once(ask: Callable[P, R]) -> Once[P, R]:
    """Marks a reader. Whoever gets its answer must not change it."""
    return Once(ask)
