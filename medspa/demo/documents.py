"""Papers of a few patients: a referral and a table of results, printed for the demo; one of them sent by the patient."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from core import pdf
from core.clock import local_date
from core.words import full_date
from documents import actions, keeping
from documents.models import Document, Kind
from documents.rules import Entry
from documents.walk import EXPECTED
from files.uploads import Incoming
from patients import self_service
from patients.models import Person
from practice.profile import clinic_zone

TEMPLATE: Final = Path(__file__).parent / "papers" / "letter.typ"


@dataclass(frozen=True)
class Sample:
    """One paper: how many days before it came it was written, and for whom it is."""

    kind: Kind
    title: str
    sender: str
    address: str
    signed: str
    days: int
    lines: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...] = field(default=())
    sent: bool = False
    released: bool = False


SAMPLES: Final = (
    Sample(
        Kind.REFERRAL,
        "Referral for laser treatment",
        "Hill Country Dermatology",
        "2200 Barton Springs Road, Suite 310",
        "Dr. Marisol Keane, Dermatology",
        9,
        (
            "Dear colleagues,",
            "Please assess this patient for laser treatment of facial redness. No pigmented lesion was suspicious on "
            "dermoscopy. Sunscreen daily; no retinoids for two weeks before.",
        ),
    ),
    Sample(
        Kind.LAB,
        "Blood count and iron",
        "Riverbend Laboratory",
        "87 Commerce Street",
        "Released electronically",
        5,
        ("Sample taken fasting.",),
        (
            ("Hemoglobin", "13.6 g/dL", "12.0 – 15.5"),
            ("Platelets", "246 × 10³/µL", "150 – 400"),
            ("Ferritin", "38 ng/mL", "15 – 150"),
            ("INR", "1.0", "0.9 – 1.1"),
        ),
        released=True,
    ),
    Sample(
        Kind.RECORDS,
        "Treatments before I moved here",
        "Lakeside Aesthetics",
        "14 Shoreline Avenue",
        "Lakeside Aesthetics, records office",
        320,
        (
            "Two treatments of the glabella with botulinum toxin A, 20 units each. No reactions were reported. "
            "A patch test of lidocaine cream was without findings.",
        ),
        sent=True,
    ),
)


def file_documents(people: list[Person], *, at: datetime) -> int:
    """Of the first few who are known; says how many. A second run finds them and does nothing."""
    if Document.objects.exists():
        return 0
    known = [person for person in people if person.is_verified and person.date_of_birth]
    return sum(1 for _document in _all(known, at))


def _all(people: list[Person], at: datetime) -> Iterator[Document]:
    staff = actor_for(User.objects.filter(role=Role.PROVIDER).order_by("created_at")[0])
    for place, (person, sample) in enumerate(zip(people, SAMPLES, strict=False)):
        moment = at - timedelta(hours=5 + 30 * place)
        day = local_date(moment, clinic_zone()) - timedelta(days=sample.days)
        by = self_service.actor_of(person) if sample.sent else staff
        entry = Entry(sample.kind, sample.title, day)
        made = keeping.keep_document(
            person,
            _sealed(person, printed(person, sample, day, moment)),
            entry,
            by=by,
            at=moment,
            from_patient=sample.sent,
        )
        if sample.released:
            actions.release(made, site=None, by=staff, at=moment + timedelta(hours=1))
        yield made


def printed(person: Person, sample: Sample, day: date, at: datetime) -> bytes:
    told = {
        "title": sample.title,
        "sender": sample.sender,
        "address": sample.address,
        "patient": person.name,
        "born": full_date(person.date_of_birth) if person.date_of_birth else "",
        "day": full_date(day),
        "lines": list(sample.lines),
        "rows": [list(row) for row in sample.rows],
        "signed": sample.signed,
    }
    return pdf.render(TEMPLATE, told, at=at)


def _sealed(person: Person, data: bytes) -> Incoming:
    made = Incoming("file", EXPECTED["file"], person.uid)
    made.take(data)
    made.finish()
    return made
