"""The home: a greeting, and the cards that apps offer."""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.clock import local, now
from core.reading import one_page
from patients.cards import Asked, Offer
from portal.pages import Visiting, portal_page, show
from practice.profile import clinic_zone

NOON, EVENING = 12, 18


@portal_page()
def home(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    prefetch_related_objects([visiting.person], "contact_points")
    with one_page():
        return _home(request, visiting, now())


def _home(request: HttpRequest, visiting: Visiting, at: datetime) -> HttpResponse:
    asked = Asked(visiting.person, visiting.by, at)
    found = [card for path in settings.PORTAL_CARDS if (card := _offer(path)(asked)) is not None]
    context = {
        "greeting": greeting(at),
        "main_cards": [
            render_to_string(card.template, card.context, request) for card in found if not card.aside
        ],
        "side_cards": [
            render_to_string(card.template, card.context, request) for card in found if card.aside
        ],
    }
    return show(request, "home", context)


def greeting(at: datetime) -> str:
    hour = local(at, clinic_zone()).hour
    if hour < NOON:
        return _("Good morning")
    return _("Good afternoon") if hour < EVENING else _("Good evening")


def _offer(path: str) -> Offer:
    return cast(Offer, import_string(path))
