"""From files that came in to rows: stored, read back, and only then written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from core.problems import Problem
from files import storage
from files.uploads import Incoming

Row = TypeVar("Row")


@dataclass(frozen=True)
class Stored:
    """A sealed file that lies in the object store already."""

    incoming: Incoming
    key: str

    def as_fields(self) -> dict[str, object]:
        """What a SealedFile holds of it."""
        facts = self.incoming.facts
        assert facts is not None
        return {
            "uid": self.incoming.uid,
            "object_key": self.key,
            "media_type": facts.media_type,
            "size": self.incoming.size,
            "sealed_size": len(self.incoming.sealed),
            "sealed_sha256": self.incoming.digest,
        }


def keep(files: Iterable[Incoming], write: Callable[[list[Stored]], Row]) -> Row:
    """What `write` makes of the stored files. Whatever fails leaves no row; what it left in the store is removed now, or
    by the sweep."""
    stored: list[Stored] = []
    try:
        for each in files:
            stored.append(Stored(each, storage.keep(each.sealed.view(), each.digest)))
            each.sealed.give_back()
        return write(stored)
    except BaseException:
        _drop(stored)
        raise


def _drop(stored: list[Stored]) -> None:
    for each in stored:
        try:
            storage.drop(each.key)
        except Problem:
            return  # the sweep will
