"""Memory for one file: pages of its own, back with the system when the file is done with.

The allocator keeps what was freed for the next request, a part for each thread; a worker that saw a few large files would
stay as large as all of them together. benchmarks/uploads.py measures it.
"""

import mmap
from typing import Final

Sealed = bytes | bytearray | memoryview
_OWN: Final = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


def pages(size: int) -> mmap.mmap:
    """Room for so many bytes, all zero. It takes memory only where it was written to."""
    return mmap.mmap(-1, max(size, 1), flags=_OWN)


class Pages:
    """A file that grows to at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._room: mmap.mmap | None = pages(most)
        self._filled = 0

    def __len__(self) -> int:
        return self._filled

    def add(self, data: Sealed) -> None:
        if self._room is None:
            raise ValueError("this file was done with")
        end = self._filled + len(data)
        self._room[self._filled : end] = data
        self._filled = end

    def view(self) -> memoryview:
        return memoryview(b"" if self._room is None else self._room)[: self._filled]

    def give_back(self) -> None:
        """Whoever still looks at a view keeps its pages until then."""
        room, self._room = self._room, None
        if room is not None:
            try:
                room.close()
            except BufferError:
                return
