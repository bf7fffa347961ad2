"""What passes as one plain PDF, and what is refused: the words are found however the bytes arrive."""

import contextlib
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import pdf as papers
from files.pdfs import NotAPdf, PdfWalk
from files.tests.papers import pdf

GOOD = {
    "by hand": pdf(),
    "of version 2": pdf(version="2.0"),
    "with a place to open at": pdf(b"<< /OpenAction [3 0 R /XYZ null null 0] >>"),
    "with a place further on": pdf(b"<< /OpenAction \n [3 0 R /Fit] >>"),
    "with a link": pdf(b"<< /S /URI /URI (https://example.com/) >>"),
    "with a form to fill in": pdf(b"<< /AcroForm << /Fields [] >> >>"),
    "long": pdf(size=300_000),
    "padded at its end": pdf() + b"\r\n\0\0",
}


def walked(data, step=7):
    walk = PdfWalk()
    for at in range(0, len(data), step):
        walk.feed(data[at : at + step])
    return walk.finish()


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("step", [1, 97, 1_000_000])
def test_plain_ones_pass_however_they_arrive(name, step):
    assert walked(GOOD[name], step).media_type == "application/pdf"


def test_our_own_papers_pass(tmp_path):
    template = Path(tmp_path) / "a.typ"
    template.write_text('#set document(title: "A")\n#set text(lang: "en")\nHello')
    assert walked(papers.render(template, {}, at=datetime(2027, 3, 1, tzinfo=UTC)), 4096)


BAD = {
    "nothing": (b"", "not_a_pdf"),
    "a page": (b"<html><script>alert(1)</script></html>", "not_a_pdf"),
    "junk before it": (b"\n" + pdf(), "not_a_pdf"),
    "a program before it": (b"MZ" + pdf(), "not_a_pdf"),
    "a version nobody knows": (pdf(version="9.9"), "not_a_pdf"),
    "cut": (pdf()[:-3], "cut"),
    "cut early": (pdf()[:40], "cut"),
    "followed by an archive": (pdf() + b"PK\x03\x04" + bytes(40), "cut"),
    "followed by words": (pdf() + b"hello", "cut"),
    "with an archive inside": (pdf(b"<< >>\nstream\nPK\x05\x06" + bytes(18) + b"\nendstream"), "not_a_pdf"),
    "pointing beyond its end": (
        pdf().replace(b"startxref\n", b"startxref\n9").replace(b"\n%%EOF", b"99999\n%%EOF"),
        "cut",
    ),
    "a script": (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "active_content"),
    "a script by name": (pdf(b"<< /Names << /JavaScript 9 0 R >> >>"), "active_content"),
    "a script in disguise": (pdf(b"<< /S /J#61v#61Script /JS (x) >>"), "active_content"),
    "a script in full disguise": (
        pdf(b"<< /S /#4A#61#76#61#53#63#72#69#70#74 /JS (x) >>"),
        "active_content",
    ),
    "a program to start": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "active_content"),
    "a file within": (pdf(b"<< /Type /EmbeddedFile >>"), "active_content"),
    "files within": (pdf(b"<< /Names << /EmbeddedFiles 9 0 R >> >>"), "active_content"),
    "something at opening": (pdf(b"<< /OpenAction 9 0 R >>"), "active_content"),
    "something at opening, written out": (pdf(b"<< /OpenAction << /S /Named >> >>"), "active_content"),
    "a form that sends": (pdf(b"<< /S /SubmitForm /F (http://x) >>"), "active_content"),
    "a form of its own": (pdf(b"<< /XFA [ (a) 1 0 R ] >>"), "active_content"),
    "a film": (pdf(b"<< /Subtype /RichMedia >>"), "active_content"),
    "a password": (pdf(b"trailer << /Encrypt 9 0 R >>"), "locked"),
    "a page of the web": (pdf(b"(<SCRIPT src=x>)"), "not_a_pdf"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("step", [1, 64, 1_000_000])
def test_everything_else_is_refused_with_its_reason(name, step):
    data, code = BAD[name]
    with pytest.raises(NotAPdf) as refused:
        walked(data, step)
    assert refused.value.code == code


def test_every_cut_is_refused():
    whole = pdf().rstrip()
    for length in range(len(whole)):
        with pytest.raises(NotAPdf):
            walked(whole[:length], 1_000_000)


def test_noise_never_breaks_the_walk():
    chance = random.Random(5)
    for _try in range(500):
        data = bytearray(pdf(size=500))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(NotAPdf):
            walked(bytes(data), chance.randint(1, 50))
