"""What a clinic pays for: the one table behind the public prices, the sign-up and the platform's admin."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Money


@dataclass(frozen=True)
class Plan:
    """A price a month, and the size of clinic that it is for. No size is a lock (the page says so), and no plan is
    without a safeguard."""

    code: str
    name: "str | Promise"
    price: Money  # a month
    line: "str | Promise"
    points: "tuple[str | Promise, ...]"


PLANS: Final = (
    Plan(
        "solo",
        _("Solo"),
        Money(9_900, "USD"),
        _("One provider, or one who is just starting."),
        (_("For 1 location"), _("For 1 provider and 2 more people at the desk")),
    ),
    Plan(
        "studio",
        _("Studio"),
        Money(24_900, "USD"),
        _("A team in one place."),
        (_("For 1 location"), _("For up to 8 providers, any number at the desk")),
    ),
    Plan(
        "house",
        _("House"),
        Money(49_900, "USD"),
        _("Several places under one name."),
        (_("For up to 5 locations"), _("Any number of people")),
    ),
)
FIRST: Final = "studio"
BY_CODE: Final = {plan.code: plan for plan in PLANS}
EVERY_PLAN: Final = (
    _("Online booking and the desk, without limits on visits or patients"),
    _("A business associate agreement, signed before the first patient is stored"),
    _("Two-step sign-in, encryption of every record, a trail of who saw what"),
    _("Reminders by text and mail, the API"),
)
