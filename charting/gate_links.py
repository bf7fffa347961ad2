"""What can be done about an item of the gate that is missing, by whoever looks at it: words and an address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import User
from charting.gate import Found, Gate
from charting.gate_reading import Treatment
from charting.models import Encounter, GateItem, HistoryKind
from core.problems import Text


@dataclass(frozen=True)
class Doing:
    label: Text
    href: str


@dataclass(frozen=True)
class Line:
    """An item as a page shows it. `doing`: nothing for what is there, and for who may do nothing about it."""

    found: Found
    doing: Doing | None = None


@dataclass(frozen=True)
class Reader:
    """Who looks; `opens`: whether the patient's record is open to them; `encounter`: where it is charted already."""

    user: User
    treatment: Treatment
    opens: bool
    encounter: Encounter | None = None


def lines(gate: Gate, reader: Reader) -> list[Line]:
    return [Line(one, doing(one.item, reader) if one.is_missing else None) for one in gate.items]


def doing(item: str, reader: Reader) -> Doing | None:
    return DOINGS[item](reader) if item in DOINGS else None


def _consent(reader: Reader) -> Doing | None:
    if not may(reader.user, "consents.collect"):
        return None
    return Doing(_("Sign the forms"), reverse("consents:forms", args=[reader.treatment.person.uid]))


def _exam(reader: Reader) -> Doing | None:
    if not _writes(reader):
        return None
    href = reverse("charting:new_exam", args=[reader.treatment.person.uid])
    return Doing(_("Do the exam"), f"{href}?service={reader.treatment.service.uid}")


def _history(reader: Reader) -> Doing | None:
    if not _writes(reader):
        return None
    return Doing(_("Open the history"), reverse("charting:history", args=[reader.treatment.person.uid]))


def _patch_test(reader: Reader) -> Doing | None:
    if not _writes(reader):
        return None
    href = reverse("charting:add_history", args=[reader.treatment.person.uid, HistoryKind.PATCH_TEST.value])
    return Doing(_("Note a patch test"), href)


def _intake(reader: Reader) -> Doing | None:
    """It is filled in on the patient's own phone; whoever treats can also ask, and note the answers in the history."""
    person = reader.treatment.person.uid
    if may(reader.user, "messages.send"):
        return Doing(_("Ask the patient"), reverse("desk:patient", args=[person]) + "#messages")
    return _history(reader)


def _lot(reader: Reader) -> Doing | None:
    if _writes(reader) and reader.encounter is not None:
        return Doing(
            _("Choose the lot"), reverse("charting:encounter", args=[reader.encounter.uid]) + "#injections"
        )
    if not may(reader.user, "stock.view"):
        return None
    return Doing(_("Look at the stock"), reverse("stock:list"))


def _license(reader: Reader) -> Doing | None:
    if not may(reader.user, "chart.manage"):
        return None
    return Doing(_("Licences and supervisors"), reverse("settings:licenses"))


def _writes(reader: Reader) -> bool:
    return reader.opens and may(reader.user, "chart.write")


DOINGS: Final[dict[str, Callable[[Reader], Doing | None]]] = {
    GateItem.CONSENT: _consent,
    GateItem.EXAM: _exam,
    GateItem.CONTRAINDICATIONS: _history,
    GateItem.INTAKE: _intake,
    GateItem.PATCH_TEST: _patch_test,
    GateItem.LICENSE: _license,
    GateItem.SUPERVISOR: _license,
    GateItem.LOT: _lot,
}
