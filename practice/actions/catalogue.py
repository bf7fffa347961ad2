"""The clinic's offer: categories, services, and who gives them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict
from practice import profile as profiles
from practice.actions.saving import fill
from practice.models import Provider, Service, ServiceCategory, ServiceProvider
from practice.offer import check_service

CATEGORY: Final = frozenset({"name", "position"})
SERVICE: Final = frozenset(
    {
        *("category", "name", "description", "duration_minutes", "buffer_before", "buffer_after"),
        *("processing_start", "processing_minutes", "price_amount", "currency", "deposit_amount"),
        *("room_kind", "device_kind", "online", "min_age", "position"),
    }
)


@transaction.atomic
def create_category(*, by: Actor, **fields: Any) -> ServiceCategory:
    category = ServiceCategory()
    fill(category, fields, CATEGORY)
    record("service_category.created", by=by, on=category)
    return category


@transaction.atomic
def create_service(*, by: Actor, providers: Iterable[Provider] = (), **fields: Any) -> Service:
    """Something new to book, in the clinic's currency unless another is named."""
    fields.setdefault("currency", profiles.profile().currency)
    service = Service()
    fill(service, fields, SERVICE, check=check_service)
    _give(service, providers)
    record("service.created", by=by, on=service)
    return service


@transaction.atomic
def update_service(service: Service, *, by: Actor, **fields: Any) -> Service:
    """Visits already booked keep the length and the price they were booked with."""
    changed = fill(service, fields, SERVICE, check=check_service)
    record("service.updated", by=by, on=service, detail={"fields": changed})
    return service


@transaction.atomic
def set_service_providers(service: Service, providers: Iterable[Provider], *, by: Actor) -> None:
    """Exactly these give the service."""
    ServiceProvider.objects.filter(service=service).delete()
    _give(service, providers)
    record("service.providers_changed", by=by, on=service)


@transaction.atomic
def archive_service(service: Service, *, by: Actor, at: datetime) -> None:
    """Nobody books it any more; visits keep pointing at it."""
    service.archived_at = at
    service.save(update_fields=["archived_at"])
    record("service.archived", by=by, on=service)


@transaction.atomic
def restore_service(service: Service, *, by: Actor) -> None:
    service.archived_at = None
    service.save(update_fields=["archived_at"])
    record("service.restored", by=by, on=service)


@transaction.atomic
def copy_service(service: Service, *, by: Actor) -> Service:
    """The same once more, right behind it; nobody books the copy online before somebody says so."""
    fields = {name: getattr(service, name) for name in SERVICE}
    fields |= {"name": _name_of_copy(service), "online": False, "position": service.position + 1}
    return create_service(by=by, providers=list(service.providers.all()), **fields)


@transaction.atomic
def move_service(service: Service, step: int, *, by: Actor) -> None:
    """One place up (-1) or down (+1) within its category; at the end nothing happens."""
    rows = list(Service.objects.in_use().filter(category=service.category).select_for_update(no_key=True))
    rows.sort(key=lambda row: (row.position, row.pk))
    place = next((number for number, row in enumerate(rows) if row.pk == service.pk), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for number, row in enumerate(rows):
        row.position = number
    Service.objects.bulk_update(rows, ["position"])
    record("service.moved", by=by, on=service)


@transaction.atomic
def update_category(category: ServiceCategory, *, by: Actor, **fields: Any) -> ServiceCategory:
    changed = fill(category, fields, CATEGORY)
    record("service_category.updated", by=by, on=category, detail={"fields": changed})
    return category


@transaction.atomic
def delete_category(category: ServiceCategory, *, by: Actor) -> None:
    """Refused while services stand under it, archived ones too."""
    if category.services.exists():
        raise Conflict(_("Services still stand under this heading. Move them to another one first."))
    record("service_category.deleted", by=by, on=category, detail={"name": category.name})
    category.delete()


def _name_of_copy(service: Service) -> str:
    copy = gettext("%(name)s (copy)")
    room = 120 - len(copy % {"name": ""})
    return copy % {"name": service.name[:room]}


def _give(service: Service, providers: Iterable[Provider]) -> None:
    ServiceProvider.objects.bulk_create(
        ServiceProvider(service=service, provider=provider) for provider in providers
    )
