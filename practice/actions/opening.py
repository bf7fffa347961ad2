"""A new clinic gets what clinics of its kind start with, once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Invalid, failure
from practice import profile as profiles
from practice.actions.catalogue import create_category, create_service
from practice.actions.hours import Week, set_opening_hours
from practice.actions.places import create_location
from practice.actions.profile import publish_text, update_profile
from practice.actions.resources import create_device, create_room
from practice.models import ClinicKind, ClinicProfile, Device, Location, PolicyKind, Provider, Room, Service
from practice.preset_data import CANCELLATION_TEXT, PRESETS, SMS_TEXT, WEEK, Preset
from practice.queries import current_texts, locations
from practice.signals import preset_applied


@transaction.atomic
def open_clinic(*, kind: str, name: str, timezone: str, by: Actor, at: datetime) -> Location:
    """Profile, texts, one location with a week of hours, rooms, devices and services; nobody works there yet."""
    update_profile(by=by, kind=kind, name=name, accent=PRESETS[kind].accent)
    location = create_location(by=by, name=name, timezone=timezone)
    apply_preset(kind, by=by, at=at)
    return location


@transaction.atomic
def apply_preset(kind: str, *, by: Actor, at: datetime) -> None:
    """Fill in what the clinic has not said itself: nothing it wrote is touched. Needs a location; runs once."""
    if kind not in ClinicKind.values:
        raise Invalid(errors=[failure("kind", "unknown", _("Choose one of the list."))])
    profile = ClinicProfile.objects.select_for_update(no_key=True).first()
    if profile is None:
        profile = update_profile(by=by, name=profiles.profile().name)
    if profile.preset_applied_at is not None:
        raise Conflict(_("The suggestions were taken over already. Change them under Settings."))
    location = next(iter(locations()), None)
    if location is None:
        raise Conflict(_("Add a location first: rooms and devices stand somewhere."))
    update_profile(by=by, kind=kind)
    _publish_texts(profile, by=by, at=at)
    _furnish(location, PRESETS[kind], by=by)
    _offer(PRESETS[kind], by=by)
    ClinicProfile.objects.update(preset_applied_at=at)
    record("clinic.preset_applied", by=by, on=profile, detail={"kind": kind})
    preset_applied.send(sender=ClinicProfile, kind=kind, by=by, at=at)
    profiles.forget()


def _publish_texts(profile: ClinicProfile, *, by: Actor, at: datetime) -> None:
    suggested = {
        PolicyKind.SERVICE_SMS: SMS_TEXT.format(clinic=profile.name),
        PolicyKind.CANCELLATION_POLICY: CANCELLATION_TEXT.format(hours=profile.free_cancel_hours),
    }
    said = current_texts()
    for kind, text in suggested.items():
        if kind not in said:
            publish_text(kind, text, by=by, at=at)


def _furnish(location: Location, preset: Preset, *, by: Actor) -> None:
    if not location.opening_hours.exists():
        set_opening_hours(location, [Week(*day) for day in WEEK], by=by)
    if not Room.objects.exists():
        for name, kind in preset.rooms:
            create_room(by=by, name=name, kind=kind, location=location)
    if not Device.objects.exists():
        for name, kind in preset.devices:
            create_device(by=by, name=name, kind=kind, location=location)


def _offer(preset: Preset, *, by: Actor) -> None:
    """Whoever treats here already gives all of it, until somebody says otherwise."""
    if Service.objects.exists():
        return
    everybody = list(Provider.objects.in_use())
    for place, (heading, services) in enumerate(preset.services.items()):
        category = create_category(by=by, name=heading, position=place)
        for position, fields in enumerate(services):
            create_service(by=by, category=category, position=position, providers=everybody, **fields)
