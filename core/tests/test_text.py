"""Text and addresses from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emails import EmailProblem, normalise_email
from core.text import TextProblem, clean_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Pat  ", "Pat"),
        ("Zoe\u0308", "Zoë"),
        ("Pat\u202etxt.exe", "Pattxt.exe"),
        ("\u2066Pat\u2069", "Pat"),
        ("Pat\r\nSubject: hi", "Pat Subject: hi"),
        ("Pat\tJones", "Pat Jones"),
        ("שלום", "שלום"),
        ("👩🏽‍⚕️ ok", "👩🏽‍⚕️ ok"),
        ("", ""),
    ],
)
def test_cleaned(value, text):
    assert clean_text(value, 50) == text


def test_lines_are_kept_where_wanted():
    assert clean_text("one \r\ntwo\u2028three\n", 50, multiline=True) == "one \ntwo\nthree"


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\x7fb", "a\ud800b", "a\x9fb"])
def test_control_characters_are_refused(value):
    with pytest.raises(TextProblem) as caught:
        clean_text(value, 50)
    assert caught.value.code == "control_character"


def test_too_long_is_refused_with_the_figure():
    with pytest.raises(ValueError, match=r"at most 100 characters; this has 10000"):
        clean_text("x" * 10_000, 100)


@given(st.text(), st.booleans())
def test_what_comes_out_can_be_stored(value, multiline):
    try:
        text = clean_text(value, 200, multiline=multiline)
    except TextProblem:
        return
    text.encode()
    assert "\x00" not in text
    assert len(text) <= 200
    assert unicodedata.is_normalized("NFC", text)
    assert clean_text(text, 200, multiline=multiline) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Pat@Example.COM ", "pat@example.com"),
        ("p.a.t+spa@gmail.com", "p.a.t+spa@gmail.com"),
        ("pat@exa\u0308mple.com", "pat@exämple.com"),
    ],
)
def test_one_way_to_write_an_address(text, address):
    assert normalise_email(text) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("pat", "invalid"),
        ("pat@", "invalid"),
        ("pat@@example.com", "invalid"),
        ("pat@example", "invalid"),
        ("pat@example.com\nbcc: eve@example.com", "invalid"),
        ("p\x00at@example.com", "invalid"),
        ("p" * 300 + "@example.com", "too_long"),
    ],
)
def test_what_is_no_address(text, code):
    with pytest.raises(EmailProblem) as caught:
        normalise_email(text)
    assert caught.value.code == code
