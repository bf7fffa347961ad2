"""Telling the patient: rows of the outbox, in the transaction that makes the news.

What the patient did is answered at once. What the staff did waits three minutes: an undo or a second thought takes
it back, and nobody gets three messages for one visit.
"""

from datetime import datetime, timedelta

from messaging import outbox
from messaging.models import Channel, Purpose
from patients.guardians import reach
from patients.models import ContactKind
from practice.models import ClinicProfile
from practice.profile import profile
from scheduling import ics, links, texts
from scheduling.models import Appointment
from scheduling.texts import News, Words

GRACE = timedelta(minutes=3)
BOOKED, MOVED, CANCELLED, REMINDER = "visit_booked", "visit_moved", "visit_cancelled", "visit_reminder"
NEWS = (BOOKED, MOVED, CANCELLED)
KINDS = {BOOKED: "booked", MOVED: "moved", CANCELLED: "cancelled"}
ICS_NAME = "visit.ics"


def tell(kind: str, appointment: Appointment, *, on: str, at: datetime, staff_did: bool) -> None:
    """A mail with the calendar entry, and a text where the patient agreed to texts. `on`: the clinic's address."""
    clinic = profile()
    link = f"{on}/book/" if kind == CANCELLED else links.address(links.create(appointment, at=at), on=on)
    words = texts.written(News(KINDS[kind], appointment, clinic, link))
    send_after = at + GRACE if staff_did else at
    key = f"{appointment.uid}:{kind}:{{}}:{appointment.revision}"
    if email := reach(appointment.person, ContactKind.EMAIL, at=at):
        outbox.add(
            Channel.EMAIL,
            kind,
            subject=appointment.person.uid,
            to=email,
            subject_line=words.subject,
            body=words.body,
            about=appointment.uid,
            revision=appointment.revision,
            dedupe_key=key.format("email"),
            send_after=send_after,
            attachments=[_entry(kind, appointment, clinic, words, link, at)],
        )
    if appointment.service_sms and (phone := reach(appointment.person, ContactKind.PHONE, at=at)):
        outbox.add(
            Channel.SMS,
            kind,
            subject=appointment.person.uid,
            to=phone,
            body=words.sms,
            about=appointment.uid,
            revision=appointment.revision,
            dedupe_key=key.format("sms"),
            send_after=send_after,
            zone=appointment.person.timezone,
            region=appointment.location.state,
        )


def remind(appointment: Appointment, channel: str, words: Words, *, kind: str, at: datetime) -> bool:
    """One reminder by one channel; says whether there was somebody to send it to."""
    way = ContactKind.EMAIL if channel == Channel.EMAIL else ContactKind.PHONE
    to = reach(appointment.person, way, at=at)
    if not to or (channel == Channel.SMS and not appointment.service_sms):
        return False
    outbox.add(
        channel,
        REMINDER,
        subject=appointment.person.uid,
        to=to,
        subject_line=words.subject if channel == Channel.EMAIL else "",
        body=words.body if channel == Channel.EMAIL else words.sms,
        about=appointment.uid,
        revision=appointment.revision,
        dedupe_key=f"{appointment.uid}:{kind}:{channel}:{appointment.revision}",
        send_after=at,
        send_before=appointment.starts_at,
        purpose=Purpose.REMINDER,
        zone=appointment.person.timezone or appointment.location.timezone,
        region=appointment.location.state,
    )
    return True


def void_stale(appointment: Appointment) -> int:
    """What was to be said of an earlier revision is no longer true."""
    return outbox.void(appointment.uid, below_revision=appointment.revision)


def _entry(
    kind: str, appointment: Appointment, clinic: ClinicProfile, words: Words, link: str, at: datetime
) -> tuple[str, bytes, str]:
    if kind == CANCELLED:
        content = ics.cancellation(appointment, clinic=clinic.name, url=link, at=at, words=words.entry)
        return ICS_NAME, content, "text/calendar; method=CANCEL; charset=utf-8"
    content = ics.request(appointment, clinic=clinic.name, url=link, at=at, words=words.entry)
    return ICS_NAME, content, "text/calendar; method=REQUEST; charset=utf-8"
