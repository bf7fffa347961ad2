"""The demo's patients, and a handful who only filled in the booking form."""

import random
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from audit.actors import VISITOR, job
from medspa.demo.data import Demo
from patients.actions import claim_person, create_people, keep_key
from patients.models import Person
from patients.rules import Details

BY: Final = job("demo")
CLAIMED: Final = 8
FAMILY: Final = 9  # every so many-th shares the number of the one before
FIRST_NUMBER: Final = 110


def admit(demo: Demo, *, at: datetime) -> list[Person]:
    """Everybody, in the order of the names; those who are there already, if anybody is."""
    if not Person.objects.exists():
        everybody = [_details(demo, place, at.date()) for place in range(len(demo.names))]
        with transaction.atomic():
            create_people(everybody[:-CLAIMED], by=BY, at=at - timedelta(days=120))
            claimed = [claim_person(one, by=VISITOR, at=at) for one in everybody[-CLAIMED:]]
            for person in claimed:
                keep_key(person)
    return list(Person.objects.order_by("id").prefetch_related("contact_points"))


def _details(demo: Demo, place: int, today: date) -> Details:
    first, last = demo.names[place]
    chance = random.Random(f"{demo.slug}/{place}")  # noqa: S311 - the same people at every first run
    number = FIRST_NUMBER + place - (1 if place % FAMILY == FAMILY - 1 else 0)
    born = date(today.year - chance.randint(21, 74), chance.randint(1, 12), chance.randint(1, 28))
    return Details(
        first_name=first,
        last_name=last,
        email=f"{_plain(first)}.{_plain(last)}.{place}@example.com".strip("."),
        phone=f"+1{demo.area}555{number:04}",
        date_of_birth=born,
        language="es" if chance.random() < 0.15 else "",
    )


def _plain(name: str) -> str:
    """Letters that any mail system takes."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(character for character in text.lower() if character.isalpha())[:20] or "patient"
