"""Where a page of a list ends: a place in its order, to be handed back for the next page."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, failure
from patients.models import Person


@dataclass(frozen=True)
class Cursor:
    """After the person who was last here at `at` (never, if None) and has this id."""

    at: datetime | None
    pk: int

    def condition(self) -> Q:
        if self.at is None:
            return Q(last_visit_at=None, pk__lt=self.pk)
        same = Q(last_visit_at=self.at, pk__lt=self.pk)
        return Q(last_visit_at__lt=self.at) | same | Q(last_visit_at=None)


@dataclass(frozen=True)
class Place:
    """Before the row of this moment and id, in lists with the newest first."""

    at: datetime
    row: UUID

    def condition(self, moment: str, row: str) -> Q:
        return Q(**{f"{moment}__lt": self.at}) | Q(**{moment: self.at, f"{row}__lt": self.row})


def next_cursor(person: Person) -> str:
    return _write([person.last_visit_at.isoformat() if person.last_visit_at else None, person.pk])


def next_place(at: datetime, row: UUID) -> str:
    return _write([at.isoformat(), str(row)])


def read_cursor(text: str) -> Cursor | None:
    """Nothing for the first page; Invalid for what we never gave out."""
    if not text:
        return None
    at, pk = _read(text)
    try:
        moment = _moment(at) if at is not None else None
        return Cursor(moment, _whole(pk))
    except (TypeError, ValueError):
        raise _unknown() from None


def read_place(text: str) -> Place | None:
    if not text:
        return None
    at, row = _read(text)
    try:
        return Place(_moment(at), UUID(row))
    except (TypeError, ValueError, AttributeError):
        raise _unknown() from None


def _write(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(text: str) -> tuple[Any, Any]:
    try:
        one, other = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    except (ValueError, TypeError, RecursionError):
        raise _unknown() from None
    return one, other


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a place in time has a zone")
    return moment


def _whole(number: Any) -> int:
    if type(number) is not int or not 0 < number < 2**63:
        raise ValueError("not an id")
    return number


def _unknown() -> Invalid:
    message = _("This is not a cursor of this list; leave it out to begin at the start.")
    return Invalid(errors=[failure("cursor", "invalid", message)])
