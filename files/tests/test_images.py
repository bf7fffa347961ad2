"""What is one plain image, and everything that must be refused."""

import contextlib
import random
import struct

import pytest

from files.drawing import START, png
from files.images import ImageWalk, NotAnImage
from files.tests.pictures import GREY, LOSSY, WEBP, jpeg, part, webp

HEAD = GREY[:33]
REST = GREY[33:]
EXIF = b"Exif\0\0II*\0\x08\0\0\0\0\0"
ZIP = b"PK\x03\x04" + bytes(30)
EXTENDED = bytes([0x10, 0, 0, 0]) + (7).to_bytes(3, "little") + (5).to_bytes(3, "little")


def walked(data, step=7):
    walk = ImageWalk()
    for at in range(0, len(data), step):
        walk.feed(data[at : at + step])
    return walk.finish()


GOOD = {
    "jpeg": (jpeg(), "image/jpeg"),
    "progressive": (jpeg(frame=0xC2), "image/jpeg"),
    "jpeg with a restart": (jpeg(scan=b"\x01\xff\xd0\x02\xff\xff\x00"), "image/jpeg"),
    "jpeg with Adobe's word": (jpeg((0xEE, b"Adobe\0\x64" + bytes(5))), "image/jpeg"),
    "png": (GREY, "image/png"),
    "webp": (WEBP, "image/webp"),
    "webp without loss": (
        webp((b"VP8L", b"\x2f" + (7 | 5 << 14).to_bytes(4, "little") + b"data")),
        "image/webp",
    ),
    "webp with alpha": (webp((b"VP8X", EXTENDED), (b"ALPH", b"abc"), (b"VP8 ", LOSSY)), "image/webp"),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("step", [1, 3, 64, 100_000])
def test_plain_images_pass_however_they_arrive(name, step):
    data, media_type = GOOD[name]
    facts = walked(data, step)
    assert (facts.media_type, facts.width, facts.height) == (media_type, 8, 6)


BAD = {
    "nothing": (b"", "empty"),
    "a page": (b"<html><script>alert(1)</script></html>", "not_an_image"),
    "a drawing with script": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
    "gif": (b"GIF89a" + bytes(40), "not_an_image"),
    "pdf": (b"%PDF-1.7\n", "not_an_image"),
    "two bytes": (b"\xff\xd8", "cut"),
    "exif": (jpeg((0xE1, EXIF)), "metadata"),
    "xmp": (jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")), "metadata"),
    "profile": (jpeg((0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(20))), "metadata"),
    "several pictures": (jpeg((0xE2, b"MPF\0" + bytes(20))), "metadata"),
    "comment": (jpeg((0xFE, b"<script>")), "metadata"),
    "iptc": (jpeg((0xED, b"Photoshop 3.0\0")), "metadata"),
    "jfif with a picture of its own": (jpeg((0xE0, b"JFIF\0" + bytes(12))), "metadata"),
    "jpeg and zip": (jpeg() + ZIP, "trailing"),
    "jpeg and one byte": (jpeg() + b"\0", "trailing"),
    "two jpegs": (jpeg() + jpeg(), "trailing"),
    "jpeg without its end": (jpeg(end=b""), "cut"),
    "jpeg without a scan": (b"\xff\xd8\xff\xd9", "cut"),
    "arithmetic jpeg": (jpeg(frame=0xC9), "not_an_image"),
    "two frames": (jpeg((0xC0, b"\x08\0\x06\0\x08\x01\x01\x11\0")), "not_an_image"),
    "jpeg of no width": (jpeg(width=0), "not_an_image"),
    "jpeg too wide": (jpeg(width=8193), "too_many_pixels"),
    "png too high": (
        png(1, 1, lambda x, y: (0, 0, 0))[:8]
        + part(b"IHDR", struct.pack(">IIBBBBB", 1, 9000, 8, 2, 0, 0, 0)),
        "too_many_pixels",
    ),
    "png with words": (HEAD + part(b"tEXt", b"Comment\0hi") + REST, "metadata"),
    "png with exif": (HEAD + part(b"eXIf", b"II*\0") + REST, "metadata"),
    "png with a profile": (HEAD + part(b"iCCP", b"x\0\0") + REST, "metadata"),
    "png that moves": (HEAD + part(b"acTL", bytes(8)) + REST, "metadata"),
    "png with a private part": (HEAD + part(b"prVt", b"<script>") + REST, "metadata"),
    "png with a long palette": (HEAD + part(b"PLTE", bytes(3000)) + REST, "metadata"),
    "png and more": (GREY + ZIP, "trailing"),
    "png whose head is wrong": (GREY[:20] + b"\x01" + GREY[21:], "not_an_image"),
    "png without data": (HEAD + part(b"IEND", b""), "not_an_image"),
    "png with data twice": (
        GREY[:-12] + part(b"gAMA", bytes(4)) + part(b"IDAT", b"x") + part(b"IEND", b""),
        "not_an_image",
    ),
    "png cut": (GREY[:-5], "cut"),
    "only a signature": (START, "cut"),
    "webp with exif": (
        webp((b"VP8X", b"\x08" + EXTENDED[1:]), (b"VP8 ", LOSSY), (b"EXIF", EXIF)),
        "metadata",
    ),
    "webp with a part behind": (webp((b"VP8 ", LOSSY), (b"EXIF", EXIF)), "not_an_image"),
    "webp that moves": (webp((b"VP8X", b"\x02" + EXTENDED[1:]), (b"ANIM", bytes(6))), "metadata"),
    "webp and more": (WEBP + ZIP, "trailing"),
    "webp that says less": (webp((b"VP8 ", LOSSY), size=12), "not_an_image"),
    "webp of two sizes": (webp((b"VP8X", b"\0\0\0\0" + bytes(6)), (b"VP8 ", LOSSY)), "not_an_image"),
    "webp with an empty alpha": (webp((b"VP8X", EXTENDED), (b"ALPH", b""), (b"VP8 ", LOSSY)), "metadata"),
    "a wave": (b"RIFF" + struct.pack("<I", 40) + b"WAVE" + bytes(36), "not_an_image"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("step", [1, 100_000])
def test_everything_else_is_refused_with_its_reason(name, step):
    data, code = BAD[name]
    with pytest.raises(NotAnImage) as refused:
        walked(data, step)
    assert refused.value.code == code


def test_every_cut_is_refused():
    for data, _type in GOOD.values():
        for length in range(len(data)):
            with pytest.raises(NotAnImage):
                walked(data[:length], 100_000)


def test_noise_never_breaks_the_walk():
    chance = random.Random(5)
    for number in range(3_000):
        data = bytearray(list(GOOD.values())[number % len(GOOD)][0])
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(NotAnImage):
            walked(bytes(data), chance.randint(1, 50))
