"""Rows of a spreadsheet that passed their dry run are stored, all of them or none."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict
from practice import imports
from practice.imports import RESOURCES, SERVICES
from practice.models import (
    Device,
    Location,
    Resource,
    ResourceKind,
    Room,
    Service,
    ServiceCategory,
    ServiceProvider,
)
from practice.profile import profile
from practice.signals import hours_changed

BATCH: Final = 500
Item = TypeVar("Item")


@transaction.atomic
def import_sheet(what: str, content: bytes, *, by: Actor) -> int:
    """Checked once more, since the clinic may have changed since the dry run; Conflict where it no longer fits."""
    Location.objects.select_for_update(no_key=True).first()  # one import at a time
    run = imports.dry_run(what, content)
    if not run.is_clear:
        raise Conflict
    {SERVICES: _store_services, RESOURCES: _store_resources}[what](run.ready, by)
    return len(run.ready)


def _store_services(ready: list[dict[str, Any]], by: Actor) -> None:
    headings = _headings([row["heading"] for row in ready], by)
    places = {heading.pk: heading.services.count() for heading in headings.values()}
    currency, rows, givers = profile().currency, [], []
    for row in ready:
        fields = {name: value for name, value in row.items() if name not in ("heading", "providers")}
        heading = headings[row["heading"].casefold()]
        service = Service(category=heading, currency=currency, position=places[heading.pk], **fields)
        places[heading.pk] = min(places[heading.pk] + 1, 32_767)
        rows.append(service)
        givers += [ServiceProvider(service=service, provider=one) for one in row["providers"]]
    Service.objects.bulk_create(rows, batch_size=BATCH)
    ServiceProvider.objects.bulk_create(givers, batch_size=BATCH, ignore_conflicts=True)
    _record("services.imported", rows, by)


def _headings(names: list[str], by: Actor) -> dict[str, ServiceCategory]:
    """Those that are there, and the new ones behind them in the order of the file."""
    known = {one.name.casefold(): one for one in ServiceCategory.objects.all()}
    new: dict[str, ServiceCategory] = {}
    for name in names:
        if name.casefold() not in known:
            position = min(len(known) + len(new), 32_767)
            new.setdefault(name.casefold(), ServiceCategory(name=name, position=position))
    ServiceCategory.objects.bulk_create(new.values(), batch_size=BATCH)
    return known | new


def _store_resources(ready: list[dict[str, Any]], by: Actor) -> None:
    models: dict[str, Any] = {ResourceKind.ROOM: Room, ResourceKind.DEVICE: Device}
    for kind, model in models.items():
        wanted = [row for row in ready if row["what"] == kind]
        numbers = Resource.objects.bulk_create([Resource(kind=kind) for _row in wanted], batch_size=BATCH)
        rows = [
            model(resource=number, name=row["name"], kind=row["kind"], location=row["location"])
            for number, row in zip(numbers, wanted, strict=True)
        ]
        model.objects.bulk_create(rows, batch_size=BATCH)
        _record(f"{kind}s.imported", rows, by)
    for location in {row["location"].pk: row["location"] for row in ready}.values():
        hours_changed.send(sender=Room, location=location, provider=None)


def _record(verb: str, rows: Sequence[Any], by: Actor) -> None:
    for batch in _batches(rows):
        record(verb, by=by, on=("practice.import", ""), detail={"uids": [str(row.uid) for row in batch]})


def _batches(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
