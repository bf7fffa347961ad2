"""The whole record on paper: what its pages show this reader, from the same offers, as a PDF that lasts."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.actions import note_export
from accounts.actors import actor_for
from accounts.models import User
from audit.trail import record as note
from core import pdf
from core.clock import local
from core.words import full_date
from patients import care, record
from patients.models import Person
from patients.timeline import KINDS
from practice.profile import clinic_zone, profile

PAPER: Final = Path(__file__).parent / "papers" / "record.typ"
MOST: Final = 5000


def print_record(user: User, person: Person, *, at: datetime) -> bytes:
    """The PDF. That it left is in the trail before it does, and whoever took it and the owners get a mail."""
    printed = pdf.render(PAPER, _content(user, person, at), at=at)
    with transaction.atomic():
        by = actor_for(user)
        note("record.printed", by=by, on=person, patient=person.uid, at=at)
        note_export(user, "record", by=by, at=at)
    return printed


def _content(user: User, person: Person, at: datetime) -> dict[str, Any]:
    zone = clinic_zone()
    entries = record.timeline(user, person, at=at, most=MOST)
    return {
        "title": _("Record of %(name)s") % {"name": person.name},
        "printed": _("printed %(when)s by %(who)s")
        % {"when": date_format(local(at, zone), "j M Y, g:i a"), "who": user.display_name},
        "facts": _facts(user, person),
        "words": {
            "alerts": _("Not to be overlooked"),
            "team": _("Care team"),
            "timeline": _("What happened, the newest first"),
            "none": _("Nothing is noted."),
        },
        "alerts": [_joined(one.text, one.detail) for one in record.alerts(user, person, at=at)],
        "team": [_joined(one.user.display_name, full_date(one.since.date())) for one in care.team(person)],
        "entries": [
            {
                "day": date_format(local(one.at, zone), "j M Y, g:i a"),
                "kind": str(KINDS.get(one.kind, "")),
                "title": str(one.title),
                "text": str(one.text),
                "badges": ", ".join(str(text) for text, _tone, _icon in one.badges),
            }
            for one in entries
        ],
    }


def _facts(user: User, person: Person) -> list[dict[str, str]]:
    known = profile()
    born = person.date_of_birth
    reach = may(user, "patients.contact")
    lines = [
        (_("Clinic"), known.legal_name or known.name),
        (_("Date of birth"), full_date(born) if born else ""),
        (_("Phone"), person.phone if reach else ""),
        (_("Email"), person.email if reach else ""),
        (_("Number of the record"), str(person.uid)),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)
