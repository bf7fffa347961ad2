"""The demo's forms: most are signed, some have run out, some were taken back, some are missing."""

import json
import random
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from consents import actions, presets
from consents.models import Channel, ConsentVersion, EndedHow, FormKind, Signature, Signer
from consents.paper import paper_for
from medspa.demo.house import BY
from patients.models import Person
from patients.self_service import actor_of, is_minor

SINCE: Final = timedelta(days=500)
AGENT: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)"


def sign_forms(people: list[Person], *, at: datetime) -> int:
    """Once: forms, and what the patients made of them; says how many signatures there are."""
    if Signature.objects.exists():
        return Signature.objects.count()
    with transaction.atomic():
        presets.start(by=BY, at=at - SINCE)
        chance = random.Random(f"consents/{len(people)}")  # noqa: S311
        versions = list(ConsentVersion.objects.select_related("form"))
        for person in people:
            if person.is_verified and not is_minor(person, at.date()):
                for version in versions:
                    _one(version, person, chance, at)
    return Signature.objects.count()


def _one(version: ConsentVersion, person: Person, chance: random.Random, at: datetime) -> None:
    rare = version.form.signer == Signer.SELF
    drawn = chance.random()
    if drawn > (0.25 if rare else 0.7):
        return
    old = not rare and drawn < 0.08 and version.valid_months == 12
    signed_at = at - timedelta(days=chance.randint(370, 460) if old else chance.randint(2, 110), hours=3)
    paper = paper_for(version, person, language=person.language or "en", at=signed_at)
    given = actions.Given(
        name=person.name,
        ticked=frozenset(box.number for box in paper.boxes if box.required),
        strokes=_scrawl(chance) if version.form.needs_drawing else "",
        ip="203.0.113.24",
        agent=AGENT,
    )
    made = actions.sign(
        version,
        person,
        signer=person,
        given=given,
        language=paper.language,
        channel=Channel.PORTAL,
        by=actor_of(person),
        at=signed_at,
    )
    if version.form.kind == FormKind.PHOTO_MARKETING and drawn < 0.06:
        actions.end_signature(made, how=EndedHow.PORTAL, by=actor_of(person), at=at - timedelta(days=1))


def _scrawl(chance: random.Random) -> str:
    points, x, y = [], 20.0, 60.0
    for step in range(60):
        x += chance.uniform(1.5, 5)
        y = 60 + chance.uniform(-26, 26) * (1 - step / 90)
        points.append({"x": round(x, 1), "y": round(y, 1), "time": step * 16})
    return json.dumps([{"points": points}])
