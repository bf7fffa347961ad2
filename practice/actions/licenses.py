"""Licences of providers, and under whom they treat. Both end; neither is deleted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Invalid, failure
from practice.actions.saving import fill
from practice.models import License, Provider, Supervision

FIELDS = frozenset({"kind", "number", "state", "valid_until"})


@transaction.atomic
def add_license(
    provider: Provider, *, kind: str, number: str, state: str, valid_until: date, by: Actor
) -> License:
    row = License(provider=provider)
    given = {"kind": kind, "number": number, "state": state, "valid_until": valid_until}
    fill(row, given, FIELDS)
    record("license.added", by=by, on=row, detail={"provider": str(provider.uid)})
    return row


@transaction.atomic
def end_license(row: License, *, by: Actor, at: datetime) -> License:
    """It was surrendered, revoked or entered wrongly."""
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record("license.ended", by=by, on=row, at=at)
    return row


@transaction.atomic
def assign_supervisor(
    provider: Provider, supervisor: Provider, *, since: date, until: date | None = None, by: Actor
) -> Supervision:
    if provider.pk == supervisor.pk:
        told = _("Nobody supervises themselves.")
        raise Invalid(errors=[failure("supervisor", "invalid", told)])
    if until is not None and until < since:
        raise Invalid(errors=[failure("until", "order", _("It cannot end before it began."))])
    row, made = Supervision.objects.get_or_create(
        provider=provider, supervisor=supervisor, since=since, defaults={"until": until}
    )
    if not made:
        raise Conflict(_("This is there already."))
    record("supervision.assigned", by=by, on=row, detail={"provider": str(provider.uid)})
    return row


@transaction.atomic
def end_supervision(row: Supervision, *, on: date, by: Actor) -> Supervision:
    """`on` is the last day."""
    row.until = max(on, row.since)
    row.save(update_fields=["until"])
    record("supervision.ended", by=by, on=row)
    return row
