"""What must be there before a treatment: the rules, without a database.

`applying` picks the rule that holds for each item; the checks say how one item stands; `Gate` holds them all, so that
whoever is refused learns everything that is missing and not only the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from charting.models import ExamOutcome, GateItem, GateMode, GateRule
from charting.months import months_after
from core.problems import Failure, Text, failure
from core.words import full_date
from practice.models.providers import INDEPENDENT

SOON: Final = timedelta(days=14)
OK, ENDING, MISSING = "ok", "soon", "open"
ORDER: Final = {item: place for place, item in enumerate(GateItem.values)}


@dataclass(frozen=True)
class Found:
    """How one item stands. `detail` may be clinical: only for whom the record is open."""

    item: str
    state: str
    title: Text
    detail: Text = ""
    code: str = ""
    mode: str = GateMode.WARN

    @property
    def is_missing(self) -> bool:
        return self.state == MISSING

    @property
    def blocks(self) -> bool:
        return self.is_missing and self.mode == GateMode.BLOCK


@dataclass(frozen=True)
class Gate:
    """All items of one treatment, in the clinic's order."""

    items: tuple[Found, ...] = ()

    @property
    def missing(self) -> list[Found]:
        return [one for one in self.items if one.is_missing]

    @property
    def blocking(self) -> list[Found]:
        return [one for one in self.items if one.blocks]

    @property
    def is_closed(self) -> bool:
        return bool(self.blocking)

    def failures(self) -> list[Failure]:
        """Everything that is missing, what only warns too; in words without clinical detail."""
        return [failure(one.item, one.code, one.title) for one in self.missing]


def applying(rules: Iterable[GateRule], *, service: int, category: int) -> dict[str, GateRule]:
    """By item: the rule of the service, else of its category, else of all; those that ask nothing are left out."""
    found: dict[str, GateRule] = {}
    for rule in sorted(rules, key=_width):
        if rule.service_id in (None, service) and rule.category_id in (None, category):
            found[rule.item] = rule
    kept = [rule for rule in found.values() if rule.mode != GateMode.OFF]
    return {rule.item: rule for rule in sorted(kept, key=lambda rule: ORDER[rule.item])}


def _width(rule: GateRule) -> int:
    """The widest first, so that a narrower one takes its place."""
    return 2 if rule.service_id else 1 if rule.category_id else 0


# --- The checks --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exam:
    """The last result of a good-faith exam for the service."""

    outcome: str
    valid_until: date
    examiner: str
    limits: str = ""


def check_exam(exam: Exam | None, *, on: date) -> Found:
    item = GateItem.EXAM
    if exam is None:
        return Found(item, MISSING, _("No good-faith exam"), code="exam_missing")
    by = _("By %(name)s") % {"name": exam.examiner}
    if exam.outcome == ExamOutcome.REFUSED:
        return Found(
            item, MISSING, _("Not cleared by the good-faith exam"), exam.limits or by, "exam_refused"
        )
    last = _("Valid until %(day)s") % {"day": full_date(exam.valid_until)}
    if on > exam.valid_until:
        return Found(item, MISSING, _("The good-faith exam has run out"), last, "exam_expired")
    state = ENDING if exam.valid_until - on < SOON else OK
    detail = f"{last} · {exam.limits}" if exam.outcome == ExamOutcome.LIMITED else last
    return Found(item, state, _("Good-faith exam by %(name)s") % {"name": exam.examiner}, detail)


def check_contraindications(labels: list[str]) -> Found:
    item = GateItem.CONTRAINDICATIONS
    if labels:
        return Found(item, MISSING, _("A contraindication stands"), ", ".join(labels), "contraindicated")
    return Found(item, OK, _("No contraindication noted"))


SETTLES: Final = timedelta(hours=24)  # a reaction of the skin may need a day to show


def check_patch_test(
    tested_on: date | None, result: str, *, months: int, on: date, fresh: bool = False
) -> Found:
    """`fresh`: a test spot was set, and is too young to show anything."""
    item = GateItem.PATCH_TEST
    if tested_on is None and fresh:
        return Found(item, MISSING, _("The test spot is less than a day old"), code="patch_test_fresh")
    if tested_on is None:
        return Found(item, MISSING, _("No patch test"), code="patch_test_missing")
    when = full_date(tested_on)
    if result != "clear":
        return Found(item, MISSING, _("The patch test was not clear"), when, "patch_test_reaction")
    if on > months_after(tested_on, months):
        return Found(item, MISSING, _("The patch test is too long ago"), when, "patch_test_expired")
    return Found(item, OK, _("Patch test done"), when)


def check_intake(missing: list[str]) -> Found:
    item = GateItem.INTAKE
    if missing:
        return Found(item, MISSING, _("Health form not filled in"), ", ".join(missing), "intake_missing")
    return Found(item, OK, _("Health form filled in"))


def check_consent(missing: list[str]) -> Found:
    item = GateItem.CONSENT
    if missing:
        return Found(item, MISSING, _("Consent not signed"), ", ".join(missing), "consent_missing")
    return Found(item, OK, _("Consents signed"))


def check_license(valid_until: date | None, *, on: date) -> Found:
    """`valid_until`: the latest day of the provider's licences; None where there is none."""
    item = GateItem.LICENSE
    if valid_until is None:
        return Found(item, MISSING, _("No licence of the provider on file"), code="license_missing")
    last = _("Valid until %(day)s") % {"day": full_date(valid_until)}
    if on > valid_until:
        return Found(item, MISSING, _("The provider’s licence has run out"), last, "license_expired")
    return Found(item, ENDING if valid_until - on < SOON else OK, _("Provider licensed"), last)


def check_lot(unusable: list[str], *, any_left: bool) -> Found:
    """`unusable`: lots on this patient's open maps that have expired or are recalled; `any_left`: whether a usable lot
    of anything that is injected stands on the shelf of the place."""
    item = GateItem.LOT
    if unusable:
        told = _("A lot on the map must not be used")
        return Found(item, MISSING, told, ", ".join(unusable), "lot_unusable")
    if not any_left:
        return Found(item, MISSING, _("No usable lot is left at this location"), code="lot_missing")
    return Found(item, OK, _("Lots unexpired"))


def check_supervisor(kinds: frozenset[str], supervisors: list[tuple[str, bool]]) -> Found:
    """`kinds`: of the provider's valid licences; `supervisors`: names of today's, each with whether licensed itself."""
    item = GateItem.SUPERVISOR
    if kinds & INDEPENDENT:
        return Found(item, OK, _("Provider needs no supervisor"))
    if not supervisors:
        return Found(item, MISSING, _("The provider has no supervisor"), code="supervisor_missing")
    for name, licensed in supervisors:
        if licensed:
            return Found(item, OK, _("Supervised by %(name)s") % {"name": name})
    told = _("The supervisor’s licence is not valid")
    return Found(item, MISSING, told, supervisors[0][0], "supervisor_unlicensed")
