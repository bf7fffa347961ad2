"""A form as the tests use it: written and published by the same actions as any other."""

import json
from datetime import UTC, datetime
from typing import Any

from audit.actors import job
from consents import actions
from consents.models import Channel, ConsentForm, ConsentVersion, Signature
from patients.models import Person
from patients.self_service import actor_of

BY = job("tests")
PUBLISHED = datetime(2026, 2, 1, 17, 0, tzinfo=UTC)
BODY = """# What we do
We treat {patient} at {clinic}.
- Redness is common
- Bruises are rare

[ ] I have read this.
[?] You may call me about it."""
CUERPO = """# Lo que hacemos
Tratamos a {patient} en {clinic}.
- El enrojecimiento es frecuente
- Los moretones son raros

[ ] He leído esto.
[?] Pueden llamarme sobre esto."""
TEXTS = {
    "en": {"title": "Consent to treatment", "body": BODY},
    "es": {"title": "Consentimiento", "body": CUERPO},
}
INK = json.dumps(
    [
        {
            "points": [
                {"x": 10 + 8 * n, "y": 40 + (n % 2) * 20, "time": 1_770_000_000_000 + n, "pressure": 0.5}
                for n in range(20)
            ]
        }
    ]
)
DOT = json.dumps([{"points": [{"x": 50, "y": 50, "time": 1, "pressure": 0.5}]}])


def published(
    name: str = "Botox consent",
    *,
    services: Any = (),
    at: datetime = PUBLISHED,
    texts: Any = TEXTS,
    months: int | None = 12,
    **more: Any,
) -> ConsentVersion:
    form = actions.create_form(name=name, by=BY, **{"kind": "treatment", **more})
    actions.attach(form, services, by=BY)
    return again(form, at=at, texts=texts, months=months)


def again(
    form: ConsentForm, *, at: datetime, texts: Any = TEXTS, months: int | None = 12, asks_again: bool = True
) -> ConsentVersion:
    actions.save_draft(form, texts=texts, valid_months=months, asks_again=asks_again, by=BY)
    return actions.publish(form, by=BY, at=at)


def signed(
    version: ConsentVersion, person: Person, *, at: datetime, signer: Person | None = None, **more: Any
) -> Signature:
    signer = signer or person
    given = actions.Given(
        **{
            "name": "Pat Patient",
            "ticked": frozenset({1, 3}),
            "strokes": INK,
            "ip": "203.0.113.9",
            "agent": "tests",
        }
        | more
    )
    return actions.sign(
        version,
        person,
        signer=signer,
        given=given,
        language="en",
        channel=Channel.PORTAL,
        by=actor_of(signer, for_person=person),
        at=at,
    )
