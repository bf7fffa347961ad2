"""The clinic opens, changes and gives up a place."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.actors import Actor
from audit.trail import record
from core.phones import PhoneProblem, parse_phone
from core.problems import Conflict, Invalid, failure
from practice import profile as profiles
from practice.actions.saving import fill
from practice.models import Location
from practice.signals import hours_changed
from practice.standing import visits_ahead

WRITABLE: Final = frozenset(
    {
        *("name", "address_1", "address_2", "city", "state", "postal_code", "country", "timezone"),
        *("phone", "tax_rate_bp", "position"),
    }
)


@transaction.atomic
def create_location(*, by: Actor, **fields: Any) -> Location:
    """A new place, closed until it gets opening hours."""
    location = Location()
    fill(location, _read(fields), WRITABLE)
    record("location.created", by=by, on=location)
    profiles.forget()
    return location


@transaction.atomic
def update_location(location: Location, *, by: Actor, **fields: Any) -> Location:
    """Change a place; another time zone moves its hours."""
    changed = fill(location, _read(fields), WRITABLE)
    record("location.updated", by=by, on=location, detail={"fields": changed})
    profiles.forget()
    if "timezone" in changed:
        hours_changed.send(sender=Location, location=location, provider=None)
    return location


@transaction.atomic
def archive_location(location: Location, *, by: Actor, at: datetime) -> None:
    """Nothing new happens here; what was done stays readable. Refused while visits are ahead."""
    _refuse_while_needed(location, at)
    location.archived_at = at
    location.save(update_fields=["archived_at"])
    record("location.archived", by=by, on=location)
    profiles.forget()
    hours_changed.send(sender=Location, location=location, provider=None)


@transaction.atomic
def restore_location(location: Location, *, by: Actor) -> None:
    """The place takes visits again, with the hours it had."""
    location.archived_at = None
    location.save(update_fields=["archived_at"])
    record("location.restored", by=by, on=location)
    profiles.forget()
    hours_changed.send(sender=Location, location=location, provider=None)


def _refuse_while_needed(location: Location, at: datetime) -> None:
    standing = len(visits_ahead(at, location=location))
    if standing:
        message = ngettext(
            "One visit is still booked here. Move or cancel it first.",
            "%(count)d visits are still booked here. Move or cancel them first.",
            standing,
        ) % {"count": standing}
        raise Conflict(message)


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    failures = []
    if "timezone" in fields:
        try:
            ZoneInfo(str(fields["timezone"]))
        except (ZoneInfoNotFoundError, ValueError):
            message = _("There is no such time zone; write it like America/Chicago.")
            failures.append(failure("timezone", "invalid", message))
    if fields.get("phone"):
        try:
            fields["phone"] = parse_phone(fields["phone"], profiles.profile().region)
        except PhoneProblem as problem:
            failures.append(failure("phone", problem.code, problem.message))
    if failures:
        raise Invalid(errors=failures)
    return fields
