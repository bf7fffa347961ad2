"""S3, of Amazon or of any server that speaks it: put, get, list and delete opaque bytes under keys we chose."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from mmap import mmap
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from providers.errors import ProviderError, from_status
from providers.transport import TIMEOUTS

NAME: Final = "s3"
GONE: Final = frozenset({"NoSuchKey", "404"})
NO_BUCKET: Final = "NoSuchBucket"
THERE: Final = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
PIECE: Final = 256 * 1024
PASSING: Final = frozenset({401, 403, 408, 409, 425, 429})  # credentials are mended, crowds pass
Answer = TypeVar("Answer")
Room = TypeVar("Room", bytearray, mmap)

logging.getLogger("botocore").setLevel(logging.WARNING)  # it likes to tell headers


@dataclass(frozen=True)
class Stored:
    """One object, as a listing shows it."""

    key: str
    size: int
    at: datetime


class _Reader(io.RawIOBase):
    """A file over memory that is there already."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), len(self._view) - self._at)
        buffer[:count] = self._view[self._at : self._at + count]
        self._at += count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at


class S3Bucket:
    """One bucket. The client is safe to share between threads, and slow to make: keep it."""

    def __init__(self, bucket: str, *, endpoint: str, key_id: str, secret: str, region: str) -> None:
        self.name = bucket
        # Without a key, the credentials are those that the machine itself was given.
        session = Session(
            aws_access_key_id=key_id or None, aws_secret_access_key=secret or None, region_name=region
        )
        host = urlsplit(endpoint).hostname or ""
        loopback = host in {"127.0.0.1", "::1", "localhost"}
        config = Config(
            s3={"addressing_style": "path"},
            connect_timeout=TIMEOUTS[0],
            read_timeout=TIMEOUTS[1],
            retries={"total_max_attempts": 3, "mode": "standard"},
            # What we store carries its own proof; older servers know no checksums in trailers.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            max_pool_connections=8,
            proxies={} if loopback else None,
        )
        self._client: Any = session.client("s3", endpoint_url=endpoint or None, config=config)

    def put(self, key: str, data: bytes | bytearray | memoryview) -> None:
        """Store the bytes, whole or not at all. The bucket is made when it is not there yet."""
        try:
            self._put(key, data)
        except ProviderError as error:
            if error.code != NO_BUCKET:
                raise
            self.make()
            self._put(key, data)

    def _put(self, key: str, data: bytes | bytearray | memoryview) -> None:
        body = data if isinstance(data, bytes) else _Reader(memoryview(data))  # the library would copy it
        _asked(
            lambda: self._client.put_object(
                Bucket=self.name, Key=key, Body=body, ContentType="application/octet-stream"
            )
        )

    def make(self) -> None:
        """Nothing happens when the bucket is there."""
        try:
            _asked(lambda: self._client.create_bucket(Bucket=self.name))
        except ProviderError as error:
            if error.code not in THERE:
                raise

    def get(self, key: str, *, most: int) -> bytearray | None:
        """The object in one piece of memory; None when there is none, or it is larger than anything of ours."""
        return self.get_into(bytearray, key, most=most)

    def get_into(self, room: Callable[[int], Room], key: str, *, most: int) -> Room | None:
        """The same in memory that `room` makes."""

        def fetch() -> Room | None:
            answer = self._client.get_object(Bucket=self.name, Key=key)
            size = int(answer["ContentLength"])
            with answer["Body"] as body:
                if size > most:
                    return None
                data = room(size)
                view, filled = memoryview(data), 0
                while piece := body.read(min(PIECE, size - filled)) if filled < size else b"":
                    view[filled : filled + len(piece)] = piece
                    filled += len(piece)
            return data if filled == size else None

        return _unless_gone(fetch)

    def pieces(self, key: str) -> Iterator[bytes]:
        """The object as it comes, for who needs it only once; nothing when there is none."""
        answer = _unless_gone(lambda: self._client.get_object(Bucket=self.name, Key=key))
        if answer is None:
            return
        with answer["Body"] as body:
            while piece := _asked(lambda: body.read(PIECE)):
                yield piece

    def delete(self, key: str) -> None:
        """Nothing happens when there is none."""
        _unless_gone(lambda: self._client.delete_object(Bucket=self.name, Key=key))

    def list(self, prefix: str) -> Iterator[Stored]:
        """All objects whose keys begin so, a page at a time."""
        token: dict[str, str] = {}
        while True:
            ask = partial(self._client.list_objects_v2, Bucket=self.name, Prefix=prefix, **token)
            page: dict[str, Any] | None = _unless_gone(ask)
            for each in (page or {}).get("Contents", ()):
                yield Stored(each["Key"], int(each["Size"]), each["LastModified"])
            if not page or not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}


def _unless_gone(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return _asked(ask)
    except ProviderError as error:
        if error.code in GONE or error.code == NO_BUCKET:
            return None
        raise


def _asked(ask: Callable[[], Answer]) -> Answer:
    """The answer, or our error: raised outside the handler so that no key or address hangs on its context."""
    try:
        return ask()
    except ClientError as refused:
        said = refused.response
        status = int(said.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
        problem = from_status(NAME, status, str(said.get("Error", {}).get("Code", "")), passing=PASSING)
    except EndpointConnectionError:
        problem = ProviderError(NAME, "no_connection", permanent=False, sent="no")
    except (BotoCoreError, OSError):
        problem = ProviderError(NAME, "connection_lost", permanent=False, sent="unknown")
    raise problem
