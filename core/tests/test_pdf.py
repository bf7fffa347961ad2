"""Papers: the same input gives the same bytes, what was typed prints as typed, and nobody's name breaks one."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.pdf import render

SHEET = Path(__file__).with_name("papers") / "sheet.typ"
AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def sheet(words: str) -> bytes:
    return render(SHEET, {"title": "A sheet", "words": words}, at=AT)


def test_the_same_input_gives_the_same_bytes_and_an_archive_file_with_tags():
    made = sheet("José Ñandú")
    assert made == sheet("José Ñandú")
    reader = PdfReader(io.BytesIO(made))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2" in xmp
    assert "<pdfuaid:part>1" in xmp
    assert "/StructTreeRoot" in reader.trailer["/Root"]


@pytest.mark.parametrize(
    "typed", ['#read("/etc/passwd")', "$x$ *bold* @ref <label>", '"; #panic("x")', "\\u{41} {clinic}"]
)
def test_what_was_typed_is_text_and_never_markup(typed):
    assert typed.replace(" ", "") in text_of(sheet(typed)).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("张伟", "[U+5F20][U+4F1F]"), ("Zoë 😀", "[U+1F600]"), ("ぁ", "[U+3041]")],
)
def test_a_sign_that_no_font_has_is_printed_by_its_number(typed, printed):
    assert printed in text_of(sheet(typed))
