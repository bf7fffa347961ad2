"""A photo comes in: sealed as it arrives, stored, read back, and only then a row."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from core.ids import uuid7
from files import storage, tasks
from files.tests.pictures import GREY, WEBP, jpeg
from files.uploads import MOST_BYTES
from photos import actions
from photos.models import Image, Photo, PhotoSet
from photos.rules import MOST_THUMBNAIL
from photos.tests.pictures import add_photo, form
from providers.errors import ProviderError
from tenants.context import enter
from vault.sealing import open_file
from vault.tags import PHOTO_BODY

URL = "/api/v1/photos/"
SECRET = b"the clear bytes of a photo, long enough to be found"


def send(house, role="provider", person=None, **fields):
    client = house.api(house.cast.users[role])
    headers = fields.pop("headers", {})
    return client.post(URL, form(person or house.cast.pat, **fields), headers=headers)


def nothing_is_there(house):
    with enter(house.clinic):
        return not Photo.objects.exists() and not PhotoSet.objects.exists() and not keys_of(house)


def keys_of(house):
    return [each.key for each in storage.bucket().list(f"{house.clinic.uid}/")]


@pytest.fixture(autouse=True)
def clean_store(glow):
    for key in keys_of(glow):
        storage.bucket().delete(key)


@pytest.mark.promise("P53")
@pytest.mark.promise("P61")
def test_it_is_there_with_its_thumbnail_and_its_event(glow):
    answer = send(glow, angle="left", note="Before the peel", sitting="one")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["angle"], body["stage"], body["media_type"], body["width"]) == (
        "left",
        "before",
        "image/jpeg",
        8,
    )
    with enter(glow.clinic):
        photo = Photo.objects.get(uid=body["id"])
        assert photo.note == "Before the peel"
        assert {image.kind for image in photo.images.all()} == {"original", "thumbnail"}
        event = Event.objects.get(verb="photo.added", object_id=body["id"])
        assert event.patient_id == glow.cast.pat.uid
    assert len(keys_of(glow)) == 2
    again = send(glow, angle="right", sitting="one").json()
    assert again["set"] == body["set"]


@pytest.mark.promise("P54")
@pytest.mark.promise("P141")
def test_what_lies_in_the_store_is_sealed_and_opens_only_there(glow, rival):
    data = jpeg(scan=SECRET)
    photo = add_photo(glow, data=data)
    with enter(glow.clinic):
        images = list(photo.images.all())
        assert len({image.object_key for image in images}) == 2
        for image in images:
            sealed = bytearray(storage.fetch(image.object_key, size=image.sealed_size))
            assert sealed.startswith(b"MSPH")
            assert SECRET not in sealed
            assert "pat" not in image.object_key.lower()
            assert image.object_key.startswith(f"{glow.clinic.uid}/")
        original = next(image for image in images if image.kind == "original")
        sealed = bytearray(storage.fetch(original.object_key, size=original.sealed_size))
        assert bytes(open_file(bytearray(sealed), file=original.uid, body=PHOTO_BODY)) == data
    with enter(rival.clinic), pytest.raises(Exception, match="gone"):
        open_file(bytearray(sealed), file=original.uid, body=PHOTO_BODY)


BAD = {
    "no photo": ({"photo": None}, {("photo", "required")}),
    "no thumbnail": ({"thumbnail": None}, {("thumbnail", "required")}),
    "neither": ({"photo": None, "thumbnail": None}, {("photo", "required"), ("thumbnail", "required")}),
    "empty": ({"photo": b""}, {("photo", "empty")}),
    "polyglot": ({"photo": jpeg() + b"PK\x03\x04"}, {("photo", "trailing")}),
    "cut": ({"photo": jpeg()[:-2]}, {("photo", "cut")}),
    "exif": ({"photo": jpeg((0xE1, b"Exif\0\0"))}, {("photo", "metadata")}),
    "too large": ({"photo": jpeg(scan=bytes(MOST_BYTES))}, {("photo", "too_large")}),
    "thumbnail too large": ({"thumbnail": jpeg(scan=bytes(MOST_THUMBNAIL))}, {("thumbnail", "too_large")}),
    "both bad": ({"photo": b"x" * 9, "thumbnail": b""}, {("photo", "not_an_image"), ("thumbnail", "empty")}),
    "angle": ({"angle": "upside-down"}, {("angle", "unknown")}),
    "all at once": (
        {"angle": "", "stage": "never", "taken_at": "yesterday", "visit": "x", "service": "y", "photo": b""},
        {
            ("angle", "unknown"),
            ("stage", "unknown"),
            ("taken_at", "invalid"),
            ("visit", "invalid"),
            ("service", "unknown"),
            ("photo", "empty"),
        },
    ),
    "ahead": ({"taken_at": "2999-01-01T00:00:00+00:00"}, {("taken_at", "ahead")}),
    "a set of nobody": ({"set": str(uuid7())}, {("set", "unknown")}),
    "a long note": ({"note": "x" * 1001}, {("note", "too_long")}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_whole_and_leaves_nothing(glow, name):
    fields, expected = BAD[name]
    answer = send(glow, **fields)
    assert answer.status_code == 422, answer.content
    assert {(each["field"], each["code"]) for each in answer.json()["errors"]} == expected
    assert nothing_is_there(glow)


def test_sixty_megabytes_are_refused(glow):
    answer = send(glow, photo=jpeg(scan=bytes(60 * 1024 * 1024)))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "too_large"
    assert nothing_is_there(glow)


def test_more_than_is_read_at_all(glow):
    client = glow.api(glow.cast.users["provider"])
    answer = client.post(URL, form(glow.cast.pat), CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert answer.status_code == 413


def test_other_kinds_of_requests(glow):
    client = glow.api(glow.cast.users["provider"])
    assert client.post(URL, "{}", content_type="application/json").status_code == 415
    assert client.post(URL, b"junk", content_type="multipart/form-data; boundary=x").status_code in {400, 422}
    assert client.post(URL, b"junk", content_type="multipart/form-data").status_code == 400


def test_for_whom_is_said_first_and_somebody_may(glow, rival):
    client = glow.api(glow.cast.users["provider"])
    late = {
        "photo": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"),
        "patient": str(glow.cast.pat.uid),
        "angle": "front",
    }
    answer = client.post(URL, late)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "patient"
    for uid in (uuid7(), rival.cast.pat.uid, glow.cast.people["stranger"].uid):
        fields = form(glow.cast.pat) | {"patient": str(uid)}
        answer = client.post(URL, fields)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown")
    assert send(glow, "front_desk").status_code == 403
    assert send(glow, "marketer").status_code == 403
    assert nothing_is_there(glow)


def test_a_repeated_upload_finds_the_first(glow):
    key = {"Idempotency-Key": "a-try"}
    first, second = send(glow, headers=key), send(glow, headers=key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert len(keys_of(glow)) == 2
    other = send(glow, headers=key, photo=WEBP)
    assert other.status_code == 409
    assert other.json()["type"].endswith("idempotency-key-reused")


def test_a_browser_needs_its_token_and_the_body_is_not_read_before(glow):
    client = glow.client(glow.cast.users["provider"], enforce_csrf_checks=True)
    assert client.post(URL, form(glow.cast.pat)).status_code == 403
    page = client.get(f"/desk/patients/{glow.cast.pat.uid}/photos/take/")
    token = page.content.split(b'name="csrf-token" content="')[1].split(b'"')[0].decode()
    answer = client.post(URL, form(glow.cast.pat), headers={"X-CSRFToken": token})
    assert answer.status_code == 201, answer.content


def test_the_store_is_down(glow, monkeypatch):
    def fail(*args, **kwargs):
        raise ProviderError("s3", "no_connection", permanent=False, sent="no")

    monkeypatch.setattr(storage.bucket(), "put", fail)
    answer = send(glow)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    with enter(glow.clinic):
        assert not Photo.objects.exists()


def test_what_comes_back_other_than_it_went_is_no_photo(glow, monkeypatch):
    monkeypatch.setattr(storage.bucket(), "pieces", lambda key: iter([b"something else"]))
    assert send(glow).status_code == 503
    with enter(glow.clinic):
        assert not Photo.objects.exists()


def test_a_failed_row_takes_its_files_along(glow, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.Image.objects, "create", fail)
    with pytest.raises(RuntimeError):
        add_photo(glow)
    assert keys_of(glow) == []


def test_the_sweep_removes_what_has_no_row_after_a_day(glow, monkeypatch):
    add_photo(glow)
    with enter(glow.clinic):
        orphan = storage.keep(bytearray(b"left behind"), sha256(b"left behind").digest())
        assert tasks.sweep_objects.run() == 0
        assert orphan in keys_of(glow)
        monkeypatch.setattr(tasks, "now", lambda: datetime.now(UTC) + timedelta(hours=25))
        assert tasks.sweep_objects.run() == 1
        assert sorted(keys_of(glow)) == sorted(Image.objects.values_list("object_key", flat=True))


@pytest.mark.promise("P60")
def test_before_the_agreement_there_is_no_key_to_seal_with(glow, monkeypatch):
    """No business associate agreement, no root, no key: nothing of a photo can be stored."""
    from core.problems import BaaRequired
    from vault import keys

    def no_root(*args):
        raise BaaRequired

    monkeypatch.setattr(keys.cache, "current", lambda *args: None)
    monkeypatch.setattr(keys.store, "root_of", no_root)
    monkeypatch.setattr(keys._drafts, "by_subject", {})
    with pytest.raises(BaaRequired):
        add_photo(glow)


def test_png_and_webp_come_too(glow):
    assert send(glow, photo=GREY).json()["media_type"] == "image/png"
    assert send(glow, photo=WEBP).json()["media_type"] == "image/webp"
