"""Phone numbers of ten countries and none; birth dates."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from messaging.models import Message
from tenants.context import enter
from tests.bad_input.world import ONE_VISIT, Row, World, kept, person_of

PHONES = {
    "us": ("(312) 555-0142", "+13125550142"),
    "canada": ("+1 416 555 0142", "+14165550142"),
    "mexico": ("+52 55 1234 5678", "+525512345678"),
    "uk": ("+44 7911 123456", "+447911123456"),
    "germany": ("+49 1512 3456789", "+4915123456789"),
    "france": ("+33 6 12 34 56 78", "+33612345678"),
    "spain": ("+34 612 34 56 78", "+34612345678"),
    "brazil": ("+55 11 91234-5678", "+5511912345678"),
    "india": ("+91 98765 43210", "+919876543210"),
    "japan": ("+81 90-1234-5678", "+819012345678"),
    "australia": ("+61 412 345 678", "+61412345678"),
}


def phone_of(country: str) -> Callable[[World], Any]:
    typed, stored = PHONES[country]

    def send(world: World) -> Any:
        answer = world.book(phone=typed)
        with enter(world.glow.clinic):
            assert person_of(world, answer).phone == stored
        return answer

    return send


def opted_out(world: World) -> Any:
    """The visit is booked; no text leaves, the mail does."""
    assert world.twilio("STOP").status_code == 200
    world.begin()
    answer = world.book(body={"consents": {"service_sms": True, "text_version": sms_version(world)}})
    from core.clock import now
    from messaging import channels, sending

    left: list[str] = []
    with pytest.MonkeyPatch.context() as patch, enter(world.glow.clinic):
        patch.setattr(channels, "deliver", lambda message: left.append(message.channel) or f"id{len(left)}")
        for message in Message.objects.outgoing().filter(about=UUID(answer.json()["id"])):
            sending.send(message.uid, at=now())
    assert "sms" not in left
    assert "email" in left
    return answer


def sms_version(world: World) -> str:
    version: str = world.get("/api/v1/booking-texts/").json()["service_sms"]["version"]
    return version


ROWS = [
    *(Row(f"a phone of {country}", phone_of(country), 201, adds=ONE_VISIT) for country in PHONES),
    Row("no phone", lambda w: w.book(phone=""), 422, "invalid", ("patient.phone missing",)),
    Row("words for a phone", lambda w: w.book(phone="call me"), 422, "invalid", ("patient.phone not_a_number",)),
    Row("a country that is none", lambda w: w.book(phone="+999 123 4567"), 422, "invalid",
        ("patient.phone unknown_country",)),
    Row("too few digits", lambda w: w.book(phone="+1 512 555"), 422, "invalid", ("patient.phone too_short",)),
    Row("too many digits", lambda w: w.book(phone="+1 512 555 0188 99"), 422, "invalid", ("patient.phone too_long",)),
    Row("an extension", lambda w: w.book(phone="512 555 0188 ext. 12"), 422, "invalid", ("patient.phone extension",)),
    Row("a number that opted out", opted_out, 201, adds=ONE_VISIT, promise="P80"),
    Row("born in the future", lambda w: w.book(date_of_birth="2027-02-27"), 422, "invalid",
        ("patient.date_of_birth future",)),
    Row("under 13", lambda w: w.book(date_of_birth="2014-02-27"), 422, "invalid", ("patient.date_of_birth under_13",)),
    Row("under 18 by a day", lambda w: w.book(date_of_birth="2009-02-27"), 422, "invalid",
        ("patient.date_of_birth under_18",)),
    Row("18 today", kept(date_of_birth="2009-02-26"), 201, adds=ONE_VISIT),
    Row("born on 29 February", kept(date_of_birth="2004-02-29"), 201, adds=ONE_VISIT),
    Row("29 February of a common year", lambda w: w.book(date_of_birth="2005-02-29"), 422, "invalid",
        ("patient.date_of_birth invalid",)),
    Row("born in 1492", lambda w: w.book(date_of_birth="1492-10-12"), 422, "invalid",
        ("patient.date_of_birth too_long_ago",)),
]  # fmt: skip
