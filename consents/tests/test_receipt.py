"""The receipt: the exact text, hash, version, signer, moment in the clinic's zone, and the strokes as a path."""

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from consents import actions, queries
from consents.access import own_signature
from consents.models import EndedHow
from consents.receipt import receipt
from consents.tests.papers import BY, again, published, signed
from patients.self_service import actor_of
from tenants.context import enter

pytestmark = [pytest.mark.promise("P70")]
AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


def pages(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_it_says_what_was_signed_word_by_word_and_by_whom(glow):
    with enter(glow.clinic):
        version = published()
        made = signed(version, glow.cast.pat, at=AT, agent="Safari #1 $x$ <b>")
        again(version.form, at=AT, texts={"en": {"title": "Another", "body": "[ ] Other words."}})
        found = own_signature(glow.cast.pat, made.uid, by=actor_of(glow.cast.pat))
        pdf = receipt(found)
        text = pages(pdf)
        assert pdf == receipt(found)
    flat = text.replace("\n", "")
    for words in (
        "Consent to treatment",
        "I have read this.",
        "version 1",
        "203.0.113.9",
        "Safari #1 $x$ <b>",
    ):
        assert words in text, words
    for number in (made.text_hash.hex(), made.seal_hash.hex()):
        assert number in flat
    assert "11" in text and "CST" in text  # noqa: PT018
    assert "Other words" not in text
    assert "We treat Pat" in text


def test_the_strokes_are_a_path_and_not_a_picture(glow):
    with enter(glow.clinic):
        pdf = receipt(signed(published(), glow.cast.pat, at=AT))
    page = PdfReader(io.BytesIO(pdf)).pages[-1]
    assert len(re.findall(rb"\sl\s", page.get_contents().get_data())) >= 19
    assert not list(page.images)


def test_after_a_withdrawal_it_says_so(glow):
    with enter(glow.clinic):
        made = signed(published(), glow.cast.pat, at=AT)
        actions.end_signature(made, how=EndedHow.PORTAL, by=BY, at=AT)
        found = own_signature(glow.cast.pat, made.uid, by=actor_of(glow.cast.pat))
        assert "Withdrawn on" in pages(receipt(found))
        assert queries.state_of(found, AT) == "withdrawn"
