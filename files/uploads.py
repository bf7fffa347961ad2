"""Files on their way in: each part of the request is looked at, sealed and forgotten as it arrives.

Nothing of it is ever clear but the chunk in hand: no temporary file, no buffer of the file. Whose key seals is asked when
the first file begins; where the form's fields say it, they come before its files.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.problems import BadRequest, Failure, TooLarge, failure
from files.memory import Pages
from files.structure import Facts, Refused, Walk
from vault.sealing import file_sealer

MOST_BYTES: Final = 12 * 1024 * 1024
OVERHEAD: Final = 64 * 1024  # of a container: its header, and a tag for each chunk
MOST_READ: Final = 64 * 1024 * 1024  # what is longer is not even read to its end

Text = str | Promise
# Judges the fields so far; whose key seals, and the id of the file where it is not a new one.
Named = Callable[[QueryDict, str], tuple[UUID, UUID | None]]


@dataclass(frozen=True)
class Expected:
    """A file field of a form: how much it may bring, who walks along its structure, and the tag it is sealed under."""

    walk: Callable[[], Walk]
    body: str
    too_large: Text
    missing: Text
    most: int = MOST_BYTES


Fields = Mapping[str, Expected]


class Incoming:
    """One file, sealed so far."""

    def __init__(self, field: str, expected: Expected, subject: UUID, *, uid: UUID | None = None) -> None:
        self.field = field
        self.uid = uid or uuid7()
        self.size = 0
        self.sealed = Pages(expected.most + OVERHEAD)
        self.digest = b""
        self.facts: Facts | None = None
        self.failure: Failure | None = None
        self._expected = expected
        self._hash = sha256()
        self._walk = expected.walk()
        self._sealer = file_sealer(self.uid, subject=subject, body=expected.body)
        self._keep(self._sealer.head)

    def take(self, data: bytes) -> None:
        """Refused when it cannot become one plain file any more."""
        self.size += len(data)
        if self.size > self._expected.most:
            raise Refused("too_large", self._expected.too_large)
        self._walk.feed(data)
        for chunk in self._sealer.feed(data):
            self._keep(chunk)

    def finish(self) -> None:
        self.facts = self._walk.finish()
        self._keep(self._sealer.end())
        self.digest = self._hash.digest()

    def refuse(self, why: Refused) -> None:
        self.failure = failure(self.field, why.code, why.message)
        self.sealed.give_back()

    def _keep(self, sealed: bytes | memoryview) -> None:
        self._hash.update(sealed)
        self.sealed.add(sealed)


class SealingUpload(FileUploadHandler):
    """The only handler of a request that brings files."""

    chunk_size = 64 * 1024

    def __init__(
        self, request: HttpRequest, fields: Fields, named: Callable[[str], tuple[UUID, UUID | None]]
    ) -> None:
        super().__init__(request)
        self.files: dict[str, Incoming] = {}
        self._fields = fields
        self._named: Callable[[str], tuple[UUID, UUID | None]] | None = named
        self._current: Incoming | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name not in self._fields or field_name in self.files:
            raise SkipFile
        assert self._named is not None
        subject, uid = self._named(field_name)
        made = Incoming(field_name, self._fields[field_name], subject, uid=uid)
        self._current = self.files[field_name] = made

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        incoming = self._current
        if incoming is None:
            return
        try:
            incoming.take(raw_data)
        except Refused as why:
            incoming.refuse(why)
            self._current = None
            raise SkipFile from None

    def file_complete(self, file_size: int) -> None:
        incoming, self._current = self._current, None
        if incoming is not None:
            try:
                incoming.finish()
            except Refused as why:
                incoming.refuse(why)

    def forget(self) -> None:
        """Nothing leads from here back to the request any more: its files are gone as soon as nobody wants them."""
        self._named = None


class _Reader(MultiPartParser):
    """Django's reader of forms, which also tells the fields that came before a file."""

    @property
    def fields(self) -> QueryDict:
        return self._post  # type: ignore[attr-defined,no-any-return]


def receive(request: HttpRequest, expected: Fields, named: Named) -> tuple[QueryDict, dict[str, Incoming]]:
    """The form's fields and its sealed files. `named` judges the fields, and says under whose key each is sealed."""
    refuse_more_than_is_read(request)
    handler = SealingUpload(request, expected, lambda field: named(reader.fields, field))
    try:
        reader = _Reader(request.META, request, [handler], request.encoding or "utf-8")
        fields, _files = reader.parse()
    except (MultiPartParserError, StopUpload) as problem:
        raise BadRequest(_("This form cannot be read.")) from problem
    finally:
        handler.forget()
    return fields, handler.files


def refuse_more_than_is_read(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > MOST_READ:
        raise TooLarge(_("A file has at most 12 MB."))


def failures(expected: Fields, files: Mapping[str, Incoming]) -> list[Failure]:
    """Everything that is wrong with the files."""
    found = [failure(name, "required", each.missing) for name, each in expected.items() if name not in files]
    return found + _refused(files.values())


def file_problem(expected: Fields, files: Mapping[str, Incoming]) -> str:
    """The same as sentences, for a page."""
    return " ".join(each["message"] for each in failures(expected, files))


def _refused(files: Iterable[Incoming]) -> list[Failure]:
    return [each.failure for each in files if each.failure is not None]
