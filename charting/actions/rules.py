"""What a clinic asks before a treatment: of all services, of a category, of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from charting.models import GateItem, GateMode, GateRule, Nature
from practice.models import Service, ServiceCategory

WORDS: Final = {
    Nature.LASER: ("laser", "ipl", "removal"),
    Nature.INJECTABLE: ("botox", "filler", "relaxer", "toxin", "inject", "lip"),
    Nature.SKIN: ("peel", "needling", "facial"),
}
NO_TREATMENT: Final = ("consultation", "check", "follow", "opinion", "patch test")


@dataclass(frozen=True)
class Rule:
    """How one item is asked. No mode: as the wider rule says."""

    mode: str
    months: int = 12
    nature: str = Nature.ANY


@transaction.atomic
def set_gate_rules(
    rules: Mapping[str, Rule],
    *,
    service: Service | None = None,
    category: ServiceCategory | None = None,
    by: Actor,
) -> None:
    """All items of one scope at once."""
    for item, rule in rules.items():
        scope: dict[str, Any] = {"item": GateItem(item), "service": service, "category": category}
        if not rule.mode:
            GateRule.objects.filter(**scope).delete()
            continue
        given = {"mode": GateMode(rule.mode), "months": rule.months, "nature": Nature(rule.nature)}
        GateRule.objects.update_or_create(**scope, defaults=given)
    on = service or category or ("charting.gaterule", "")
    record("gate.rules_changed", by=by, on=on, detail={item: rule.mode for item, rule in rules.items()})


@transaction.atomic
def use_usual_rules(*, by: Actor) -> None:
    """What a careful clinic asks: licences and forms warn everywhere; before lasers, needles and peels the exam and
    the contraindications block. It can all be changed afterwards."""
    warn = Rule(GateMode.WARN)
    everywhere = (GateItem.CONSENT, GateItem.INTAKE, GateItem.LICENSE, GateItem.SUPERVISOR)
    set_gate_rules(dict.fromkeys(everywhere, warn), by=by)
    for service in Service.objects.in_use():
        nature = nature_of(service)
        if nature is None:
            continue
        rules = {
            GateItem.EXAM: Rule(GateMode.BLOCK),
            GateItem.CONTRAINDICATIONS: Rule(GateMode.BLOCK, nature=nature),
        }
        if nature == Nature.LASER:
            rules[GateItem.PATCH_TEST] = Rule(GateMode.WARN, months=6, nature=nature)
        set_gate_rules({str(item): rule for item, rule in rules.items()}, service=service, by=by)


def nature_of(service: Service) -> Nature | None:
    """What sort of treatment a service is, by its device and its name; None for what treats nothing."""
    name = service.name.lower()
    if any(word in name for word in NO_TREATMENT):
        return None
    if "laser" in service.device_kind.lower():
        return Nature.LASER
    return next((nature for nature, words in WORDS.items() if any(word in name for word in words)), None)
