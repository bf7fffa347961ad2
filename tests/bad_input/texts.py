"""Names and notes that only look harmful, and some that are."""

import json
from typing import Any

from tenants.context import enter
from tests.bad_input.world import BOOKINGS, ONE_VISIT, PATIENTS, WANDA, Row, World, kept, person_of


def bidi_override(world: World) -> Any:
    """It would turn around the sentence it stands in: taken out, the rest is kept."""
    answer = world.book(first_name="Wa\u202enda", last_name="We\u2066bb")
    with enter(world.glow.clinic):
        person = person_of(world, answer)
        assert (person.first_name, person.last_name) == ("Wanda", "Webb")
    return answer


def payload_in_search(world: World) -> Any:
    owner = world.staff()
    for text in (
        "' OR 1=1 --",
        "%",
        "_",
        "\\",
        '"; DROP TABLE patients_person; --',
        "{{7*7}}",
        "\u202e",
        "p\x00",
    ):
        answer = owner.get(PATIENTS, {"q": text})
        assert answer.status_code in (200, 400, 422), (text, answer.content)
        if answer.status_code == 200:
            assert answer.json() == {"results": [], "next": None}, text
    return owner.get(PATIENTS, {"q": "' OR 1=1 --"})


def payload_in_cursor(world: World) -> Any:
    return world.staff().get(PATIENTS, {"cursor": "' UNION SELECT 1 --"})


ROWS = [
    Row("a name of 10 000 characters", lambda w: w.book(first_name="W" * 10_000), 422, "invalid",
        ("patient.first_name too_long",)),
    Row("a note of 10 000 characters", lambda w: w.book(body={"notes": "x" * 10_000}), 422, "invalid",
        ("notes too_long",)),
    Row("NUL in a name", lambda w: w.book(last_name="We\0bb"), 422, "invalid",
        ("patient.last_name control_character",)),
    Row("half a surrogate pair", lambda w: w.raw(BOOKINGS, json.dumps({"slot": w.slot(), "patient": {**WANDA,
        "first_name": "\ud83d"}}).encode()), 422, "invalid", ("patient.first_name control_character",)),
    Row("a name of blanks", lambda w: w.book(first_name=" \u200b\u00a0 "), 422, "invalid",
        ("patient.first_name missing",)),
    Row("NUL in a search", lambda w: w.staff().get(PATIENTS, {"q": "pat\0"}), 200),
    Row("emoji in a name", kept(first_name="Zoë 👩🏽‍⚕️", last_name="O’Brien-Łukasz"), 201, adds=ONE_VISIT),
    Row("right-to-left text", kept(first_name="مريم", last_name="כהן"), 201, adds=ONE_VISIT),
    Row("an override of direction", bidi_override, 201, adds=ONE_VISIT),
    Row("script in a name", kept(first_name="<script>alert(1)</script>", last_name="\"><img src=x onerror=alert(1)>"),
        201, adds=ONE_VISIT),
    Row("SQL in a name", kept(first_name="Robert'); DROP TABLE patients_person;--", last_name="' OR '1'='1"), 201,
        adds=ONE_VISIT),
    Row("a template in a name", kept(first_name="{{7*7}}", last_name="${7*7}%s%n{0}"), 201, adds=ONE_VISIT),
    Row("payloads in the search", payload_in_search, 200),
    Row("a made-up cursor", payload_in_cursor, 422, "invalid", ("cursor invalid",)),
    Row("a second address in the mail's header", lambda w: w.book(email="w@example.com\r\nBcc: x@example.com"), 422,
        "invalid", ("patient.email invalid",)),
]  # fmt: skip
