"""Numbers of ten countries, none, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phones import PhoneProblem, parse_phone, pretty_phone

TEN_COUNTRIES = [
    ("(312) 555-0142", "US", "+13125550142"),
    ("+44 7400 123456", "US", "+447400123456"),
    ("612 34 56 78", "ES", "+34612345678"),
    ("+52 55 1234 5678", "US", "+525512345678"),
    ("+33 6 12 34 56 78", "US", "+33612345678"),
    ("+49 1511 2345678", "US", "+4915112345678"),
    ("090-1234-5678", "JP", "+819012345678"),
    ("0412 345 678", "AU", "+61412345678"),
    ("+91 98765 43210", "US", "+919876543210"),
    ("+55 11 96123-4567", "US", "+5511961234567"),
    ("1 416 555 0142", "CA", "+14165550142"),
]


@pytest.mark.parametrize(("text", "region", "e164"), TEN_COUNTRIES)
def test_numbers_of_ten_countries(text, region, e164):
    assert parse_phone(text, region) == e164
    assert parse_phone(e164, "US") == e164


@pytest.mark.parametrize(
    ("text", "region", "code", "words"),
    [
        ("", "US", "missing", "Enter a phone number."),
        ("   ", "US", "missing", "Enter a phone number."),
        ("312 555 014", "US", "too_short", "10 digits; this one has 9: 1 digit is missing"),
        ("555 0142", "US", "too_short", "10 digits; this one has 7: 3 digits are missing"),
        ("312 555 01422", "US", "too_long", "10 digits; this one has 11: 1 digit too many"),
        ("61234567", "ES", "too_short", "+34 number has 9 digits; this one has 8: 1 digit is missing"),
        ("612345678 99", "ES", "too_long", "+34 number has 9 digits; this one has 11: 2 digits too many"),
        ("3" * 30, "US", "too_long", "too many digits"),
        ("+49 1", "US", "too_short", "too few digits"),
        ("call me", "US", "not_a_number", "not a phone number"),
        ("🙂🙂🙂", "US", "not_a_number", "not a phone number"),
        ("+999 123 456", "US", "unknown_country", "No country has this code"),
        ("000 000 0000", "US", "invalid", "no such phone number"),
        ("+34 312 345 678", "US", "invalid", "no such phone number"),
        ("312 555 0142 ext. 5", "US", "extension", "extension"),
        ("312\x00555 0142", "US", "control_character", "cannot be read"),
        ("1" * 10_000, "US", "too_long", "at most"),
    ],
)
def test_what_is_wrong_is_said(text, region, code, words):
    with pytest.raises(PhoneProblem) as caught:
        parse_phone(text, region)
    assert caught.value.code == code
    assert words in str(caught.value)


@given(st.text(max_size=80))
def test_anything_else_is_refused_and_never_crashes(text):
    try:
        e164 = parse_phone(text)
    except PhoneProblem:
        return
    assert parse_phone(e164) == e164


def test_shown_as_the_region_writes():
    assert pretty_phone("+13125550142") == "(312) 555-0142"
    assert pretty_phone("+34612345678") == "+34 612 34 56 78"
    assert pretty_phone("+34612345678", "ES") == "612 34 56 78"
    assert pretty_phone("unknown") == "unknown"
