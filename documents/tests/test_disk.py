"""While a file comes, nothing of it is ever on a disk: no file is opened for writing at all, and none is made."""

import os
import sys
import tempfile
from contextlib import contextmanager

import pytest

from documents.models import Document
from documents.tests.papers import upload
from files.tests.papers import pdf
from files.tests.pictures import jpeg
from photos.tests.pictures import form
from tenants.context import enter

SIZE = 4_000_000
MAKES = ("tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "os.link", "shutil.copyfile")


class Watch:
    """Python tells of every file before it is opened; a hook stays for good, so it can be told to rest."""

    on = False
    written: list[str]

    def __call__(self, event, told):
        if not self.on:
            return
        if event == "open" and isinstance(told[0], str | bytes | os.PathLike):
            path, mode, flags = told
            writes = any(letter in (mode or "") for letter in "wax+") or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            if writes and not os.fsdecode(path).startswith("/dev/"):
                self.written.append(os.fsdecode(path))
        elif event in MAKES:
            self.written.append(f"{event} {told[0]}")


HOOK = Watch()
sys.addaudithook(HOOK)


@contextmanager
def watching():
    HOOK.written, HOOK.on = [], True
    try:
        yield HOOK
    finally:
        HOOK.on = False


WAYS = {
    "a document at the desk": lambda house: house.client(house.cast.users["provider"]).post(
        f"/desk/patients/{house.cast.pat.uid}/documents/add/", upload(pdf(size=SIZE))
    ),
    "a document by program": lambda house: house.api(house.cast.users["provider"]).post(
        "/api/v1/documents/", {"patient": str(house.cast.pat.uid), **upload(pdf(size=SIZE))}
    ),
    "a document from the portal": lambda house: house.portal(house.cast.pat).post(
        "/portal/documents/send/", upload(pdf(size=SIZE), kind="records")
    ),
    "a document that is refused": lambda house: house.client(house.cast.users["provider"]).post(
        f"/desk/patients/{house.cast.pat.uid}/documents/add/", upload(pdf(size=SIZE) + b"more")
    ),
    "a photo": lambda house: house.client(house.cast.users["provider"]).post(
        "/api/v1/photos/", form(house.cast.pat, photo=jpeg(scan=b"\x12" * SIZE))
    ),
    "a large file on a page that reads none": lambda house: house.portal(house.cast.pat).post(
        "/portal/messages/", {"body": "Hello", **upload(pdf(size=SIZE))}
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_clear_byte_is_ever_on_a_disk(glow, way):
    WAYS[way](glow)  # what is loaded and logged the first time is not the file's
    with watching() as watch:
        answer = WAYS[way](glow)
    assert answer.status_code in {201, 303, 422}, answer.content
    assert watch.written == []


def test_the_watch_sees_what_a_handler_of_djangos_own_would_do(glow, settings):
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    with watching() as watch:
        WAYS["a large file on a page that reads none"](glow)
    assert any(tempfile.gettempdir() in each for each in watch.written)


def test_a_file_that_came_leaves_no_memory_behind(glow):
    """Its pages are back with the system when the request is over, without waiting for the collector."""
    import gc

    from files import memory

    given: list[object] = []
    kept = memory.Pages.give_back
    memory.Pages.give_back = lambda self: (given.append(self), kept(self))[1]
    gc.disable()
    try:
        WAYS["a document at the desk"](glow)
    finally:
        gc.enable()
        memory.Pages.give_back = kept
    assert given
    assert all(each._room is None for each in given)
    with enter(glow.clinic):
        assert Document.objects.get().size > SIZE
