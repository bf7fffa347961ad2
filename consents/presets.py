"""A new clinic starts with forms that are there to be read by its counsel, changed, and published anew."""

from datetime import datetime

from django.db import transaction

from audit.actors import Actor
from consents import actions
from consents.models import ConsentForm
from consents.preset_texts import STARTERS, Starter
from practice.models import Service
from practice.queries import services_in_use


@transaction.atomic
def start(*, by: Actor, at: datetime) -> None:
    """Only where there is no form yet; nothing the clinic wrote is touched."""
    if ConsentForm.objects.exists():
        return
    services = services_in_use()
    for starter in STARTERS:
        _publish(starter, services, by=by, at=at)


def _publish(starter: Starter, services: list[Service], *, by: Actor, at: datetime) -> None:
    asking = [service for service in services if _asks(starter, service)]
    if (starter.words or starter.device) and not asking:
        return
    form = actions.create_form(
        kind=starter.kind,
        name=starter.name,
        asked=starter.asked,
        signer=starter.signer,
        needs_drawing=starter.needs_drawing,
        by=by,
    )
    texts = {
        "en": {"title": starter.title_en, "body": starter.body_en},
        "es": {"title": starter.title_es, "body": starter.body_es},
    }
    actions.attach(form, asking, by=by)
    actions.save_draft(form, texts=texts, valid_months=starter.months, asks_again=True, by=by)
    actions.publish(form, by=by, at=at)


def _asks(starter: Starter, service: Service) -> bool:
    name = service.name.casefold()
    wanted = bool(starter.device) and service.device_kind == starter.device
    return wanted or any(word in name for word in starter.words)
