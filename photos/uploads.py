"""Photos on their way in: each part of the request is looked at, sealed and forgotten as it arrives.

Nothing of it is ever clear but the chunk in hand: no temporary file, no buffer of the image. The fields of the form come
before its files, since they say whose key seals.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.problems import BadRequest, Failure, TooLarge, failure
from photos.models import ImageKind
from photos.rules import MOST_BYTES, MOST_THUMBNAIL
from photos.structure import Facts, NotAnImage, Walk
from vault.sealing import photo_sealer

FIELDS: Final = {"photo": ImageKind.ORIGINAL, "thumbnail": ImageKind.THUMBNAIL}
MOST: Final = {"photo": MOST_BYTES, "thumbnail": MOST_THUMBNAIL}
MOST_READ: Final = 64 * 1024 * 1024  # what is longer is not even read to its end

Subject = Callable[[QueryDict], UUID]


class Incoming:
    """One file, sealed so far."""

    def __init__(self, field: str, subject: UUID) -> None:
        self.field = field
        self.kind = FIELDS[field]
        self.uid = uuid7()
        self.size = 0
        self.sealed = bytearray()
        self.digest = b""
        self.facts: Facts | None = None
        self.failure: Failure | None = None
        self._hash = sha256()
        self._walk = Walk()
        self._sealer = photo_sealer(self.uid, subject=subject)
        self._keep(self._sealer.head)

    def take(self, data: bytes) -> None:
        """NotAnImage when it cannot become one plain image any more."""
        self.size += len(data)
        if self.size > MOST[self.field]:
            told = _("This image is larger than %(limit)s. Make it smaller, please.")
            limit = "12 MB" if self.field == "photo" else "256 KB"
            raise NotAnImage("too_large", told % {"limit": limit})
        self._walk.feed(data)
        for chunk in self._sealer.feed(data):
            self._keep(chunk)

    def finish(self) -> None:
        self.facts = self._walk.finish()
        self._keep(self._sealer.end())
        self.digest = self._hash.digest()

    def refuse(self, why: NotAnImage) -> None:
        self.failure = failure(self.field, why.code, why.message)
        self.sealed = bytearray()

    def _keep(self, sealed: bytes | memoryview) -> None:
        self._hash.update(sealed)
        self.sealed += sealed


class SealingUpload(FileUploadHandler):
    """The only handler of a request that brings photos."""

    chunk_size = 64 * 1024

    def __init__(self, request: HttpRequest, subject: Callable[[], UUID]) -> None:
        super().__init__(request)
        self.files: dict[str, Incoming] = {}
        self._ask = subject
        self._subject: UUID | None = None
        self._current: Incoming | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name not in FIELDS or field_name in self.files:
            raise SkipFile
        if self._subject is None:
            self._subject = self._ask()
        self._current = self.files[field_name] = Incoming(field_name, self._subject)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        incoming = self._current
        if incoming is None:
            return
        try:
            incoming.take(raw_data)
        except NotAnImage as why:
            incoming.refuse(why)
            self._current = None
            raise SkipFile from None

    def file_complete(self, file_size: int) -> None:
        incoming, self._current = self._current, None
        if incoming is not None:
            try:
                incoming.finish()
            except NotAnImage as why:
                incoming.refuse(why)


class _Reader(MultiPartParser):
    """Django's reader of forms, which also tells the fields that came before a file."""

    @property
    def fields(self) -> QueryDict:
        return self._post  # type: ignore[attr-defined,no-any-return]


def receive(request: HttpRequest, subject: Subject) -> tuple[QueryDict, dict[str, Incoming]]:
    """The form's fields and its sealed files. `subject` judges the fields and says under whose key files are sealed."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > MOST_READ:
        raise TooLarge(_("A photo has at most 12 MB."))
    handler = SealingUpload(request, lambda: subject(reader.fields))
    try:
        reader = _Reader(request.META, request, [handler], request.encoding or "utf-8")
        fields, _files = reader.parse()
    except (MultiPartParserError, StopUpload) as problem:
        raise BadRequest(_("This form cannot be read.")) from problem
    return fields, handler.files


def failures(files: dict[str, Incoming]) -> list[Failure]:
    """Everything that is wrong with the files."""
    missing = _("Choose or take a photo.")
    found = [failure(name, "required", missing) for name in FIELDS if name not in files]
    return found + [each.failure for each in files.values() if each.failure is not None]
