"""Where sealed files lie: one bucket, a folder for each clinic, names that say nothing."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from mmap import mmap
from typing import TYPE_CHECKING

from django.conf import settings

from core.context import require_clinic
from core.problems import Unavailable
from files.memory import Sealed, pages
from providers.errors import ProviderError

if TYPE_CHECKING:
    from providers.s3 import S3Bucket, Stored


@cache
def bucket() -> "S3Bucket":
    """Made once a process, and at the first photo only: the library takes its time."""
    from providers.s3 import S3Bucket

    return S3Bucket(
        settings.PHOTOS_BUCKET,
        endpoint=settings.AWS_ENDPOINT_URL_S3,
        key_id=settings.AWS_ACCESS_KEY_ID,
        secret=settings.AWS_SECRET_ACCESS_KEY,
        region=settings.AWS_REGION,
    )


def keep(sealed: Sealed, digest: bytes) -> str:
    """Store a container under a new name and read it back; its name once it is sure to be there.

    Until a row names it, it is nobody's: tasks.sweep_objects removes it after a day.
    """
    key = f"{_folder()}{secrets.token_hex(24)}"
    try:
        bucket().put(key, sealed)
        stored = sha256()
        for piece in bucket().pieces(key):
            stored.update(piece)
    except ProviderError as error:
        raise Unavailable from error
    if stored.digest() != digest:
        raise Unavailable
    return key


def fetch(key: str, *, size: int) -> mmap | None:
    """The container in pages of its own; None when it is gone or not of the size it was stored with."""
    try:
        data = bucket().get_into(pages, key, most=size)
    except ProviderError as error:
        raise Unavailable from error
    return data if data is not None and len(data) == size else None


def drop(key: str) -> None:
    try:
        bucket().delete(key)
    except ProviderError as error:
        raise Unavailable from error


def older_than(at: datetime) -> Iterator["Stored"]:
    """The clinic's objects that were stored before `at`."""
    return (each for each in bucket().list(_folder()) if each.at < at)


def _folder() -> str:
    return f"{require_clinic().uid}/"
