"""Providers, rooms and devices come, change and go; each has a number of its own that can be busy."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import ngettext

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict
from practice.actions.saving import fill
from practice.models import Device, Location, Posting, Provider, Resource, ResourceKind, Room
from practice.signals import hours_changed
from practice.standing import visits_with

PROVIDER: Final = frozenset(
    {
        *("user", "display_name", "credentials", "languages", "bio", "bookable_online", "position"),
    }
)
PLACED: Final = frozenset({"name", "kind", "location"})


def new_resource(kind: str) -> Resource:
    """A number for something that can be busy; persons get theirs here too."""
    return Resource.objects.create(kind=ResourceKind(kind))


@transaction.atomic
def create_provider(*, by: Actor, **fields: Any) -> Provider:
    """Somebody who treats; bookable once they have hours and services."""
    provider = Provider(resource=new_resource(ResourceKind.PROVIDER))
    fill(provider, fields, PROVIDER)
    record("provider.created", by=by, on=provider)
    hours_changed.send(sender=Provider, location=None, provider=provider)
    return provider


@transaction.atomic
def update_provider(provider: Provider, *, by: Actor, **fields: Any) -> Provider:
    changed = fill(provider, fields, PROVIDER)
    record("provider.updated", by=by, on=provider, detail={"fields": changed})
    return provider


@transaction.atomic
def archive_provider(provider: Provider, *, by: Actor, at: datetime) -> None:
    """They treat here no more; their past visits keep their name."""
    provider.archived_at = at
    provider.save(update_fields=["archived_at"])
    record("provider.archived", by=by, on=provider)
    hours_changed.send(sender=Provider, location=None, provider=provider)


@transaction.atomic
def create_room(*, by: Actor, **fields: Any) -> Room:
    room = Room(resource=new_resource(ResourceKind.ROOM))
    fill(room, fields, PLACED)
    record("room.created", by=by, on=room)
    hours_changed.send(sender=Room, location=room.location, provider=None)
    return room


@transaction.atomic
def create_device(*, by: Actor, **fields: Any) -> Device:
    device = Device(resource=new_resource(ResourceKind.DEVICE))
    fill(device, fields, PLACED)
    record("device.created", by=by, on=device)
    hours_changed.send(sender=Device, location=device.location, provider=None)
    return device


@transaction.atomic
def update_room_or_device(placed: Room | Device, *, by: Actor, **fields: Any) -> None:
    changed = fill(placed, fields, PLACED)
    record(f"{placed._meta.model_name}.updated", by=by, on=placed, detail={"fields": changed})
    hours_changed.send(sender=type(placed), location=placed.location, provider=None)


@transaction.atomic
def archive_room_or_device(placed: Room | Device, *, by: Actor, at: datetime) -> None:
    """No new visit gets it. Refused while visits ahead have it."""
    standing = len(visits_with(placed, at))
    if standing:
        message = ngettext(
            "One visit still has it. Move it first.",
            "%(count)d visits still have it. Move them first.",
            standing,
        ) % {"count": standing}
        raise Conflict(message)
    placed.archived_at = at
    placed.save(update_fields=["archived_at"])
    record(f"{placed._meta.model_name}.archived", by=by, on=placed)
    hours_changed.send(sender=type(placed), location=placed.location, provider=None)


@transaction.atomic
def restore_room_or_device(placed: Room | Device, *, by: Actor) -> None:
    placed.archived_at = None
    placed.save(update_fields=["archived_at"])
    record(f"{placed._meta.model_name}.restored", by=by, on=placed)
    hours_changed.send(sender=type(placed), location=placed.location, provider=None)


@transaction.atomic
def post_staff(user: Any, location: Location, *, since: date, by: Actor) -> Posting:
    """The member of staff belongs to the location from that date on."""
    posting, made = Posting.objects.get_or_create(user=user, location=location, since=since)
    if made:
        record("staff.posted", by=by, on=location, detail={"user": str(user.pk), "since": str(since)})
    return posting
