"""Who of the staff belongs where, and what becomes of an invited person on the day they join."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from audit.actors import Actor
from audit.trail import record
from core.clock import local_date
from core.problems import Invalid, failure
from core.text import TextProblem, clean_text
from practice.actions.hours import set_working_hours
from practice.actions.resources import create_provider, post_staff, update_provider
from practice.models import Location, Placement, Posting, Provider, Service, ServiceProvider
from practice.signals import hours_changed


@transaction.atomic
def place_invitation(
    invitation: Invitation,
    *,
    locations: Iterable[Location],
    by: Actor,
    treats: bool = False,
    credentials: str = "",
    services: Iterable[Service] = (),
) -> Placement:
    """Where the invited person will work, and as what."""
    try:
        credentials = clean_text(credentials, 60)
    except TextProblem as problem:
        raise Invalid(errors=[failure("credentials", problem.code, problem.message)]) from None
    placement = Placement.objects.create(invitation=invitation, treats=treats, credentials=credentials)
    placement.locations.set(locations)
    placement.services.set(services if treats else ())
    record("invitation.placed", by=by, on=invitation)
    return placement


@transaction.atomic
def settle(invitation: Invitation, user: User, *, by: Actor, at: datetime) -> None:
    """The invited person is here: the places, the provider and the services that were promised."""
    placement = Placement.objects.filter(invitation=invitation).first()
    if placement is None:
        return
    for location in placement.locations.open():
        post_staff(user, location, since=local_date(at, location.zone), by=by)
    if placement.treats:
        provider = create_provider(
            by=by, user=user, display_name=user.display_name[:100], credentials=placement.credentials
        )
        give_services(provider, placement.services.in_use(), by=by)


@transaction.atomic
def save_provider(
    user: User, provider: Provider | None, *, services: Iterable[Service], by: Actor, **fields: Any
) -> Provider:
    """Make a member of the staff bookable, or change what patients read of them; and what they give."""
    if provider is None:
        former = Provider.objects.select_for_update(no_key=True).filter(user=user).first()
        provider = _back(former, by=by) if former else create_provider(by=by, user=user, **fields)
    provider = update_provider(provider, by=by, **fields)
    give_services(provider, services, by=by)
    return provider


def _back(provider: Provider, *, by: Actor) -> Provider:
    """Who treated here before keeps their line: their past visits are theirs."""
    provider.archived_at = None
    provider.save(update_fields=["archived_at"])
    record("provider.restored", by=by, on=provider)
    hours_changed.send(sender=Provider, location=None, provider=provider)
    return provider


@transaction.atomic
def give_services(provider: Provider, services: Iterable[Service], *, by: Actor) -> None:
    """The provider gives these services and no others."""
    wanted = {service.pk for service in services}
    rows = ServiceProvider.objects.filter(provider=provider)
    kept = set(rows.values_list("service_id", flat=True))
    if wanted == kept:
        return
    rows.exclude(service_id__in=wanted).delete()
    ServiceProvider.objects.bulk_create(
        ServiceProvider(provider=provider, service_id=service) for service in sorted(wanted - kept)
    )
    record("provider.services_changed", by=by, on=provider)
    hours_changed.send(sender=ServiceProvider, location=None, provider=provider)


@transaction.atomic
def set_postings(user: User, locations: Collection[Location], *, by: Actor, today: date) -> None:
    """From today on the person belongs to these locations; where they belonged before ends with yesterday."""
    if not locations:
        text = _("Choose at least one location, or end the person's access.")
        raise Invalid(errors=[failure("locations", "missing", text)])
    wanted = {location.pk: location for location in locations}
    for posting in Posting.objects.select_for_update(no_key=True).on(today).filter(user=user):
        if posting.location_id in wanted:
            del wanted[posting.location_id]
        else:
            _leave(posting, by=by, today=today)
    for location in wanted.values():
        # Whoever left this morning and is back is simply there again.
        Posting.objects.filter(user=user, location=location, since=today).delete()
        post_staff(user, location, since=today, by=by)


def _leave(posting: Posting, *, by: Actor, today: date) -> None:
    """Nobody is booked where they do not work any more; visits that are booked stay, for somebody to move."""
    detail = {"user": str(posting.user_id), "until": str(today)}
    record("staff.posting_ended", by=by, on=posting.location, detail=detail)
    for provider in Provider.objects.filter(
        user=posting.user_id, working_hours__location=posting.location
    ).distinct():
        set_working_hours(provider, posting.location, [], by=by)
    if posting.since >= today:
        posting.delete()
        return
    posting.until = today - timedelta(days=1)
    posting.save(update_fields=["until"])
