"""After a visit is done: a sheet waits half an hour, so that an undo takes it back; then one message tells of all."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from audit.actors import Actor, job
from audit.trail import record
from charting.models import (
    AftercareSheet,
    AftercareText,
    Encounter,
    EncounterKind,
    PlanState,
    PlanVersion,
    SheetState,
)
from charting.plans.content import Content
from messaging import outbox
from patients import telling
from patients.models import Person
from practice.models import Service
from scheduling.models import Appointment
from scheduling.models.appointments import PRESENT
from tenants import due

DUE: Final = "aftercare"
KIND: Final = "aftercare"
PATH: Final = "/portal/aftercare/"
WAIT: Final = timedelta(minutes=30)  # longer than any step can be undone
SAME_DAY: Final = timedelta(hours=24)
LONGEST_WAIT: Final = timedelta(hours=4)  # for a further treatment of the same day
UNTOLD: Final = (SheetState.WAITING, SheetState.READY)
BY: Final = job("aftercare")


def text_for(service: Service) -> AftercareText | None:
    """The text in force for whoever had this treatment."""
    return AftercareText.objects.current().filter(services__contains=[service.uid]).order_by("uid").first()


def instructions_for(person: Person, service: Service) -> PlanVersion | None:
    """The plan that says something besides about this treatment: agreed, still followed, the latest first."""
    rows = PlanVersion.objects.filter(
        plan__person=person,
        plan__state__in=(PlanState.ACCEPTED, PlanState.OFFERED),
        number=F("plan__agreed"),
    )
    for version in rows.select_related("plan__person").order_by("-plan__begun_at"):
        content = Content.of(version.content)
        if content.instructions and any(one.service == service.uid for one in content.stages):
            return version
    return None


def prepare(visit: Appointment, *, at: datetime) -> AftercareSheet | None:
    """The visit is done: its sheet waits. What was given already of this version is not given again."""
    text, version = text_for(visit.service), instructions_for(visit.person, visit.service)
    if text is None and version is None:
        return None
    sheet, _made = AftercareSheet.objects.get_or_create(
        appointment=visit,
        text=text,
        defaults={"person": visit.person, "plan_version": version, "due_at": at + WAIT},
    )
    if sheet.state == SheetState.VOID:
        sheet.state, sheet.plan_version, sheet.due_at = SheetState.WAITING, version, at + WAIT
        sheet.save(update_fields=["state", "plan_version", "due_at"])
    if sheet.state == SheetState.WAITING:
        due.schedule(DUE, sheet.uid, sheet.due_at)
    return sheet


def prepare_walk_in(encounter: Encounter, *, at: datetime) -> AftercareSheet | None:
    """The same for who came without an appointment, once the note is signed; not for a note that is signed days later."""
    service = encounter.service
    if encounter.appointment_id is not None or encounter.kind != EncounterKind.TREATMENT or service is None:
        return None
    text, version = text_for(service), instructions_for(encounter.person, service)
    if (text is None and version is None) or at > encounter.began_at + SAME_DAY:
        return None
    uid = uuid5(encounter.uid, f"aftercare {text.uid if text else ''}")
    today = AftercareSheet.objects.filter(person=encounter.person, text=text, due_at__gt=at - SAME_DAY)
    if today.exclude(uid=uid).exclude(state=SheetState.VOID).exists():
        return None
    sheet, made = AftercareSheet.objects.get_or_create(
        uid=uid,
        defaults={"person": encounter.person, "text": text, "plan_version": version, "due_at": at + WAIT},
    )
    if made:
        due.schedule(DUE, sheet.uid, sheet.due_at)
    return sheet


def take_back(visit: Appointment, *, at: datetime) -> int:
    """The visit is not done after all: what was not sent is void, in the queue and in the outbox."""
    # The sheets first: a worker that is just sending them has queued its message by the time we get them.
    sheets = list(AftercareSheet.objects.select_for_update(no_key=True).filter(appointment=visit))
    unsent, count = outbox.void(visit.uid, kinds=[KIND]), 0
    for sheet in sheets:
        if sheet.state in UNTOLD or (sheet.state == SheetState.SENT and unsent):
            sheet.state, sheet.given_at = SheetState.VOID, None
            sheet.save(update_fields=["state", "given_at"])
            record("aftercare.voided", by=BY, on=sheet, patient=visit.person.uid, at=at)
            count += 1
            due.cancel(DUE, [sheet.uid])
    return count


@transaction.atomic
def send_due(uid: UUID, *, site: str, at: datetime) -> int:
    """One message for all that waits for this patient; later, while they are still in the house for more.

    The patient's row is locked: two workers, or a worker and somebody at the desk, come one after the other.
    """
    waiting = AftercareSheet.objects.filter(uid=uid, state=SheetState.WAITING).first()
    due.cancel(DUE, [uid])
    if waiting is None:
        return 0
    person = Person.objects.select_for_update(no_key=True).get(pk=waiting.person_id)
    rows = AftercareSheet.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "appointment__location"
    )
    sheets = list(rows.filter(person=person, state=SheetState.WAITING).order_by("due_at", "pk"))
    if not sheets:
        return 0
    if _stays(person, at) and at < sheets[0].due_at + LONGEST_WAIT:
        due.schedule(DUE, uid, at + WAIT)
        return 0
    _give(person, sheets, site=site, by=BY, at=at)
    return len(sheets)


@transaction.atomic
def hand_out(
    person: Person, text: AftercareText, *, send: bool, site: str, by: Actor, at: datetime
) -> AftercareSheet:
    """The staff gives it: into the portal with a message, or over the counter."""
    sheet = AftercareSheet.objects.create(
        person=person, text=text, state=SheetState.HANDED, due_at=at, given_at=at, given_by=str(by)
    )
    if send:
        sheet.state = SheetState.WAITING
        _give(person, [sheet], site=site, by=by, at=at)
    else:
        record("aftercare.handed", by=by, on=sheet, patient=person.uid, at=at)
    return sheet


@transaction.atomic
def send_again(sheet: AftercareSheet, *, site: str, by: Actor, at: datetime) -> int:
    """Another message about one that was given, or now instead of later; says how many messages that is."""
    kept = AftercareSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    kept.person, kept.appointment = sheet.person, sheet.appointment
    due.cancel(DUE, [kept.uid])
    return _give(sheet.person, [kept], site=site, by=by, at=at)


def _give(person: Person, sheets: list[AftercareSheet], *, site: str, by: Actor, at: datetime) -> int:
    visit = next((one.appointment for one in sheets if one.appointment is not None), None)
    told = 0
    if person.archived_at is None:
        told = telling.tell(
            person,
            KIND,
            PATH,
            key=f"aftercare:{sheets[0].uid}:{at.isoformat()}",
            site=site,
            at=at,
            about=visit.uid if visit and len(sheets) == 1 else None,
            region=visit.location.state if visit else "",
            texts=any(one.appointment.service_sms for one in sheets if one.appointment),
        )
    for sheet in sheets:
        sheet.state = SheetState.SENT if told else SheetState.READY
        sheet.given_at = at
        sheet.save(update_fields=["state", "given_at", "given_by"])
        due.cancel(DUE, [sheet.uid])
        verb = "aftercare.sent" if told else "aftercare.released"
        record(verb, by=by, on=sheet, patient=person.uid, detail={"messages": told}, at=at)
    return told


def _stays(person: Person, at: datetime) -> bool:
    """Another treatment of today is still ahead in the house: the patient has arrived for it."""
    return Appointment.objects.filter(
        person=person,
        status__in=PRESENT,
        starts_at__gt=at - timedelta(hours=12),
        starts_at__lt=at + LONGEST_WAIT,
    ).exists()


def forget(sheet: AftercareSheet) -> None:
    """It is given already: nothing is due any more."""
    due.cancel(DUE, [sheet.uid])


def lost(*, at: datetime) -> list[tuple[UUID, datetime]]:
    """Sheets that wait; for whoever looks whether each still has its place in the due-queue."""
    rows = AftercareSheet.objects.filter(state=SheetState.WAITING, due_at__lt=at + WAIT)
    return list(rows.values_list("uid", "due_at"))


@transaction.atomic
def mark_sheet_read(sheet: AftercareSheet, *, by: Actor, at: datetime) -> None:
    """The patient, or who looks after them, opened it for the first time."""
    if AftercareSheet.objects.filter(pk=sheet.pk, read_at=None).update(read_at=at):
        sheet.read_at = at
        record("aftercare.read", by=by, on=sheet, patient=sheet.person.uid, at=at)
