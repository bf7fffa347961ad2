"""What a patient's text message does to a visit: C confirms. One visit ahead is meant; of several we ask which."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from audit.actors import Actor, ActorKind
from messaging import outbox
from messaging.keywords import normalise
from messaging.models import Channel, Message
from practice.profile import profile
from scheduling import texts
from scheduling.actions.status import confirm
from scheduling.models import Appointment, Status

CONFIRMS = frozenset({"c", "confirm", "confirmed", "confirmo", "confirmar", "confirmado"})
AHEAD = timedelta(days=7)  # reminders go out within this
MOST_LISTED = 5
ASKED, CONFIRMED = "which_visit", "visit_confirmed"


def says_confirm(body: str) -> bool:
    words = normalise(body).split()
    return bool(words) and words[0] in CONFIRMS and len(words) <= 2


def confirm_next(message: Message, subjects: list[UUID], *, at: datetime) -> None:
    """Confirm the one visit that can be meant, or ask. Whoever has none ahead is left to the staff to answer."""
    rows = Appointment.objects.whole().expected(at).filter(person__uid__in=subjects)
    visits = list(rows.filter(starts_at__lt=at + AHEAD).order_by("starts_at")[: MOST_LISTED + 1])
    chosen = _chosen(message.body, visits)
    if not visits:
        return
    with transaction.atomic(), translation.override(texts.language_of(visits[0], profile())):
        if chosen is None:
            _reply(message, visits[0], ASKED, _which(visits[:MOST_LISTED]), at)
            return
        by = Actor(ActorKind.PATIENT, str(chosen.person.uid))
        if chosen.status == Status.BOOKED:
            chosen = confirm(chosen, by=by, at=at)
        said = _("Thank you, your visit on %(when)s is confirmed.") % {"when": _short(chosen)}
        _reply(message, chosen, CONFIRMED, said, at)


def _chosen(body: str, visits: list[Appointment]) -> Appointment | None:
    """C alone with one visit; "C 2" for the second of those we listed."""
    words = normalise(body).split()
    if len(words) == 1:
        return visits[0] if len(visits) == 1 else None
    number = int(words[1]) if words[1].isdecimal() else 0
    return visits[number - 1] if 0 < number <= min(len(visits), MOST_LISTED) else None


def _which(visits: list[Appointment]) -> str:
    listed = "\n".join(f"C {number}: {_short(visit)}" for number, visit in enumerate(visits, 1))
    return _("Which visit do you mean? Reply with its number.") + "\n" + listed


def _short(visit: Appointment) -> str:
    start = visit.starts_local
    return f"{date_format(start, 'D')}, {date_format(start, 'MONTH_DAY_FORMAT')}, {time_format(start, 'TIME_FORMAT')}"


def _reply(message: Message, visit: Appointment, kind: str, body: str, at: datetime) -> None:
    """To the number that wrote, once for each message it sent."""
    outbox.add(
        Channel.SMS,
        kind,
        subject=visit.person.uid,
        to=message.to,
        body=f"{profile().name}: {body}",
        about=visit.uid,
        revision=visit.revision,
        dedupe_key=f"{message.uid}:answer",
        send_after=at,
    )
