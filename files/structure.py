"""A walk over the structure of a file as its bytes pass: what came of it, and how it is refused."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

Text = str | Promise


class Refused(ValueError):
    """A word for programs and a sentence for people."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Facts:
    """What a whole file is; sides only of an image."""

    media_type: str
    width: int = 0
    height: int = 0


class Walk(Protocol):
    """Feed it every byte, then ask `finish` for the facts. Keeps a few bytes, never the file."""

    def feed(self, data: bytes) -> None:
        """Refused as soon as it is known."""

    def finish(self) -> Facts: ...
