"""A recalled lot: who had it, who was told by which way, and what came of it. Read live from the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.trail import note_list
from charting.models import InjectionPoint, RecallNotice
from messaging.models import Channel, Message, State
from patients.access import KIND as PERSONS
from patients.models import Person
from practice.models import Lot
from vault.fields import warm_rows

KIND: Final = "lot_recall"
OPEN: Final = frozenset({State.QUEUED, State.SENDING, State.ACCEPTED, State.UNKNOWN})


@dataclass
class Patient:
    """One patient of the lot: when and how much, and the messages about it."""

    person: Person
    units: int = 0
    moments: list[datetime] = field(default_factory=list)
    notice: RecallNotice | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def is_reached(self) -> bool:
        """The proof: a provider says delivered, or somebody of the staff told them."""
        told = self.notice is not None and self.notice.told_at is not None
        return told or any(one.state == State.DELIVERED for one in self.messages)

    @property
    def is_open(self) -> bool:
        return not self.is_reached and any(one.state in OPEN for one in self.messages)

    @property
    def needs_a_call(self) -> bool:
        return self.notice is not None and not self.is_reached and not self.is_open


@dataclass(frozen=True)
class Proof:
    """How far the recall got."""

    patients: list[Patient]
    started_at: datetime | None
    told_at: datetime | None  # when the last of them was written to; None while somebody was not

    @property
    def reached(self) -> int:
        return sum(1 for one in self.patients if one.is_reached)

    @property
    def under_way(self) -> int:
        return sum(1 for one in self.patients if one.is_open)

    @property
    def to_call(self) -> int:
        return sum(1 for one in self.patients if one.needs_a_call)

    @property
    def untold(self) -> int:
        return sum(1 for one in self.patients if one.notice is None)


def persons_of(lot: Lot) -> list[int]:
    """Keys of everybody with a point of that lot on their maps."""
    rows = InjectionPoint.objects.filter(lot=lot, removed_at=None).order_by()
    return sorted(set(rows.values_list("map__encounter__person_id", flat=True)))


def read_proof(user: Anybody, lot: Lot) -> Proof:
    """Everybody who had the lot, for who may run recalls; one event of the trail names them all."""
    staff = require_object(user, "recall.run")
    patients = _patients(lot)
    note_list(
        "recall.listed",
        by=actor_for(staff),
        kind=PERSONS,
        shown=[one.person.uid for one in patients],
    )
    notices = [one.notice for one in patients if one.notice is not None]
    all_told = len(notices) == len(patients) and bool(notices)
    told_at = max(one.queued_at for one in notices) if all_told else None
    return Proof(patients, lot.recalled_at, told_at)


def key_of(lot: Lot, person: Person, channel: str) -> str:
    """The name of a message in the outbox: one for each recall of the lot, person and way."""
    stamp = int(lot.recalled_at.timestamp()) if lot.recalled_at else 0
    return f"recall:{lot.uid.hex}:{stamp}:{person.uid.hex}:{channel}"


def _patients(lot: Lot) -> list[Patient]:
    rows = InjectionPoint.objects.filter(lot=lot, removed_at=None).order_by("map__encounter__began_at")
    found: dict[int, Patient] = {}
    people = Person.objects.filter(pk__in=persons_of(lot)).prefetch_related("contact_points")
    by_key = {person.pk: person for person in people}
    warm_rows(by_key.values())
    for key, units, moment in rows.values_list(
        "map__encounter__person_id", "units", "map__encounter__began_at"
    ):
        patient = found.setdefault(key, Patient(by_key[key]))
        patient.units += units
        if moment not in patient.moments:
            patient.moments.append(moment)
    if lot.recalled_at is not None:
        _add_notices(lot, found)
        _add_messages(lot, found.values())
    return list(found.values())


def _add_notices(lot: Lot, found: dict[int, Patient]) -> None:
    for notice in RecallNotice.objects.of_recall(lot):
        if notice.person_id in found:
            found[notice.person_id].notice = notice


def _add_messages(lot: Lot, patients: Iterable[Patient]) -> None:
    by_key = {
        key_of(lot, patient.person, channel): patient
        for patient in patients
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    for message in Message.objects.filter(dedupe_key__in=by_key).order_by("channel"):
        by_key[message.dedupe_key].messages.append(message)
