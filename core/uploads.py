"""Files that come with a form: kept in memory, never on disk, and none larger than a page has use for."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest

MOST_BYTES = 4 * 1024 * 1024
FLAG = "dropped_uploads"


class CappedUpload(MemoryFileUploadHandler):
    """Drops a file that grows beyond the cap; the form's other fields are still read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.taken = 0  # by all files of the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.taken += len(raw_data)
        if self.taken > MOST_BYTES:
            dropped: set[str] = getattr(self.request, FLAG, set())
            setattr(self.request, FLAG, dropped | {self.field_name})
            self.file.truncate(0)
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)


def was_too_large(request: HttpRequest, name: str) -> bool:
    """Whether the file of that field was dropped for its size. Ask after request.FILES."""
    return name in getattr(request, FLAG, set())
