"""The logo and the colours: a picture is taken, cleaned and served; what is none is refused and changes nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from practice.images import ImageProblem, read_picture
from practice.models import ClinicProfile, Logo
from practice.tests.pictures import chunk, jpeg, png, segment, webp
from tenants.context import enter

PAGE = "/desk/settings/branding/"
UPLOAD = "/desk/settings/branding/logo/"


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (png(), "image/png", (2, 2)),
        (jpeg(), "image/jpeg", (32, 24)),
        (webp(), "image/webp", (32, 24)),
    ],
)
def test_pictures(content, kind, size):
    picture = read_picture(content)
    assert (picture.media_type, (picture.width, picture.height)) == (kind, size)
    assert picture.content == content


@pytest.mark.parametrize(
    "content",
    [
        png(extra=chunk(b"tEXt", b"Author\0Pat Peterson") + chunk(b"eXIf", b"Pat Peterson")),
        jpeg(extra=segment(0xE1, b"Exif\0\0Pat Peterson") + segment(0xFE, b"Pat Peterson")),
        webp(extra=b"Pat Peterson", flags=0x08),
    ],
)
def test_what_tells_of_people_stays_behind(content):
    picture = read_picture(content)
    assert b"Pat Peterson" not in picture.content
    assert read_picture(picture.content).content == picture.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_an_image"),
        (b"%PDF-1.7 hello", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_an_image"),
        (b"GIF89a" + b"\0" * 30, "not_an_image"),
        (png()[:-20], "damaged"),
        (png(tail=b"PK\x03\x04 a zip behind"), "damaged"),
        (png().replace(b"IDAT", b"IDAX"), "damaged"),
        (png(5000, 2), "dimensions"),
        (png(0, 2), "dimensions"),
        (jpeg(tail=b"<?php echo 1;"), "damaged"),
        (jpeg()[:-6], "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (webp(flags=0x02), "animated"),
        (webp(tail=b"more"), "damaged"),
        (webp()[:20], "damaged"),
        (png() + b"\0" * 1_048_576, "too_large"),
    ],
)
def test_files_that_are_no_logo(content, code):
    with pytest.raises(ImageProblem) as caught:
        read_picture(content)
    assert caught.value.code == code


def test_every_cut_of_a_picture_is_refused_and_never_a_fault():
    for whole in (png(), jpeg(), webp()):
        for length in range(len(whole)):
            with pytest.raises(ImageProblem):
                read_picture(whole[:length])


def send(client, content: bytes, name: str = "logo.png"):
    return client.post(UPLOAD, {"logo": SimpleUploadedFile(name, content, "image/png")})


def test_a_logo_is_shown_served_and_removed(glow):
    client = glow.client(glow.cast.owner)
    assert send(client, png()).status_code == 303
    with enter(glow.clinic):
        logo = Logo.objects.get()
        assert Event.objects.filter(verb="clinic.logo_changed").exists()
    address = f"/logo/{logo.digest}/"
    assert address in client.get(PAGE).content.decode()
    assert address in glow.client().get("/book/").content.decode()
    served = glow.client().get(address)
    assert (served.status_code, served["Content-Type"], served.content) == (200, "image/png", png())
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert "immutable" in served["Cache-Control"]
    assert client.post("/desk/settings/branding/logo/remove/").status_code == 303
    assert glow.client().get(address).status_code == 404
    assert address not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not an image at all", "not a PNG, JPEG or WebP"),
        (b"", "not a PNG, JPEG or WebP"),
        (png() + b"\0" * 2_000_000, "at most 1 MB"),
        (png() + b"\0" * 40_000_000, "at most 1 MB"),
    ],
)
def test_a_file_that_is_no_logo_changes_nothing(glow, content, says):
    client = glow.client(glow.cast.owner)
    send(client, png())
    with enter(glow.clinic):
        before = Logo.objects.get().digest
    answer = send(client, content)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with enter(glow.clinic):
        assert Logo.objects.get().digest == before


def test_no_file_at_all(glow):
    answer = glow.client(glow.cast.owner).post(UPLOAD, {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_the_colour_is_kept_as_chosen_and_shown_as_used(glow):
    client = glow.client(glow.cast.owner)
    assert client.post(PAGE, {"accent": "#ffee00", "logo_mark": "peak"}).status_code == 303
    page = client.get(PAGE).content.decode()
    assert "#ffee00" in page
    with enter(glow.clinic):
        row = ClinicProfile.objects.get()
        assert (row.accent, row.logo_mark) == ("#ffee00", "peak")
    refused = client.post(PAGE, {"accent": "yellow", "logo_mark": "peak"})
    assert refused.status_code == 422
    assert 'value="yellow"' in refused.content.decode()


def test_the_clinics_details(glow):
    client = glow.client(glow.cast.owner)
    page = "/desk/settings/clinic/"
    given = {
        "name": "Glow & Co",
        "legal_name": "",
        "phone": "(512) 555-0142",
        "email": "Hello@Glow.example",
        "website": "glow.example",
        "locale": "es",
        "region": "US",
        "currency": "EUR",
    }
    assert client.post(page, given).status_code == 303
    with enter(glow.clinic):
        row = ClinicProfile.objects.get()
        assert (row.name, row.website, row.phone) == ("Glow & Co", "https://glow.example", "+15125550142")
        from practice.models import Service

        assert set(Service.objects.values_list("currency", flat=True)) == {"EUR"}
    wrong = {**given, "name": "", "phone": "12", "email": "nobody", "website": "javascript:alert(1)"}
    answer = client.post(page, {**wrong, "currency": "XXX"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "javascript:alert(1)" in text  # what was typed is kept
    assert (
        client.post(page, {**given, "phone": "12", "website": "ftp://x"})
        .content.decode()
        .count("field__error")
        == 2
    )
