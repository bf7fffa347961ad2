"""For API views whose form brings files."""

from typing import Any, Final

from django.http import QueryDict
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.request import Request

from core.problems import Invalid, failure

FORM: Final = "multipart/form-data"
LONGEST_KEY: Final = 200


class Unread(BaseParser):
    """Leaves the body where it is: it is read, and sealed, once it is known who sends it and for whom."""

    media_type = FORM

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> DataAndFiles:
        return DataAndFiles(QueryDict(), {})


def require_form(request: Request) -> None:
    if not (request.content_type or "").startswith(FORM):
        raise UnsupportedMediaType(request.content_type or "")


def idempotency_key(request: Request) -> str:
    """The caller's own word for this upload; nothing where there is none."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(errors=[failure("Idempotency-Key", "invalid", "At most 200 printable characters.")])
    return key
