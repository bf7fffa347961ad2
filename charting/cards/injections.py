"""The injection map on the encounter's page."""

from charting import map_page
from charting.cards.opened import Opened
from charting.injections import read_map
from charting.models import EncounterKind
from patients.cards import Card
from practice.models import Product


def injection_card(opened: Opened) -> Card | None:
    """Where something is injected, or could be; small where the visit is of another kind."""
    encounter = opened.encounter
    begun = read_map(encounter).map is not None
    if not begun and (encounter.kind != EncounterKind.TREATMENT or not Product.objects.injected().exists()):
        return None
    by_device = encounter.service is not None and bool(encounter.service.device_kind)
    if by_device and not begun:
        return Card("charting/injections/_closed.html", {"encounter": encounter}, aside=True)
    shown = map_page.Drawn(encounter, opened.user, opened.at)
    return Card("charting/injections/_card.html", map_page.card_context(shown), aside=True)
