"""Answers that leave at the same moment, whether an address is known or not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def even(seconds: float) -> Iterator[None]:
    """Take at least so long, so that the work done for a known address cannot be seen from outside."""
    until = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, until - time.monotonic()))
