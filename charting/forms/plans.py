"""Parsing a plan: its words, and its stages as rows that come, go and change places without a script."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.models import DecidedHow
from charting.plans.content import MOST_STAGES, Content, Stage
from core.forms import ProblemForm
from core.problems import Invalid
from practice.forms.fields import choice, long_text, text
from practice.models import Service
from practice.offer import write_amount

ACT: Final = re.compile(r"(add|remove|up|down)(?:-(\d{1,2}))?")
IN_STAGE: Final = re.compile(r"stages\.(\d+)\.(\w+)")
HOWS: Final = (DecidedHow.SPOKEN, DecidedHow.PHONE)


class StageForm(ProblemForm):
    """One stage. Numbers come as they were typed: the rule reads them, for pages and programs alike."""

    service = choice(_("Treatment"), ())
    sessions = text(_("Sessions"), inputmode="numeric")
    price = text(_("Price of one session"), hint=_("Empty: as the service costs."), inputmode="decimal")
    least_days = text(_("Days between, at least"), inputmode="numeric")
    best_days = text(_("Days between, best"), inputmode="numeric")
    notes = long_text(_("Notes on this stage"), rows=2, hint=_("The patient reads them."))

    def __init__(
        self, data: Any = None, *, services: Mapping[str, str], series: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(data, **more)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *services.items()]
        self.fields["sessions"].required = True
        self.fields["sessions"].error_messages["required"] = _("Say how many.")
        if series:
            self.fields["series"] = choice(
                _("Laser series that it counts"), [("", _("None")), *series.items()], required=False
            )

    @property
    def typed(self) -> dict[str, Any]:
        return {name: self.data.get(self.add_prefix(name), "") for name in self.fields}

    @property
    def numbers(self) -> list[forms.BoundField]:
        names = ("service", "sessions", "price", "least_days", "best_days", "series")
        return [self[name] for name in names if name in self.fields]


class PlanForm(ProblemForm):
    title = text(
        _("Title"),
        missing=_("Give the plan a title."),
        hint=_("The front desk sees it too: name no illness."),
    )
    goal = long_text(
        _("What it is for"),
        missing=_("Say what it is for."),
        rows=3,
        hint=_("In words that the patient understands. No result can be promised."),
    )
    instructions = long_text(
        _("After each visit"), rows=3, hint=_("Goes with the aftercare of these treatments.")
    )
    valid_until = forms.DateField(
        label=_("The estimate counts until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day.")},
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Editor:
    """The page's form and its rows, as they were typed or as they are kept."""

    def __init__(
        self,
        data: Any = None,
        *,
        services: Mapping[str, str],
        series: Mapping[str, str],
        content: Content | None = None,
        stages: tuple[Stage, ...] = (),
        revision: int = 0,
        currency: str = "USD",
    ) -> None:
        self.choices = {"services": services, "series": series}
        initial: dict[str, Any] = {"revision": revision}
        if content is not None:
            initial |= {
                name: getattr(content, name) for name in ("title", "goal", "instructions", "valid_until")
            }
            stages = content.stages
        self.form = PlanForm(data, initial=initial)
        if data is None:
            rows = [_typed(one, currency) for one in stages] or [{}]
            self.rows = [self._row(place, initial=row) for place, row in enumerate(rows)]
        else:
            self.rows = [self._row(place, data) for place in range(_count(data))]

    def act(self, said: str) -> bool:
        """Add, remove or move a row of what was typed; False where nothing of that kind was asked."""
        found = ACT.fullmatch(said)
        if found is None:
            return False
        typed = [row.typed for row in self.rows]
        place = int(found[2] or 0)
        if found[1] == "add" and len(typed) < MOST_STAGES:
            typed.append({})
        elif found[1] == "remove" and place < len(typed) and len(typed) > 1:
            typed.pop(place)
        elif found[1] in ("up", "down"):
            other = place + (-1 if found[1] == "up" else 1)
            if 0 <= other < len(typed) and place < len(typed):
                typed[place], typed[other] = typed[other], typed[place]
        self.form = PlanForm(initial={name: self.form.data.get(name, "") for name in self.form.fields})
        self.rows = [self._row(number, initial=row) for number, row in enumerate(typed)]
        return True

    def is_valid(self) -> bool:
        """All are asked, so that everything that is wrong is told at once."""
        return all([self.form.is_valid(), *(row.is_valid() for row in self.rows)])

    def given(self) -> dict[str, Any]:
        return self.form.cleaned_data | {"stages": [row.cleaned_data for row in self.rows]}

    def take(self, problem: Invalid) -> None:
        """Each failure to its field, in its row."""
        own = []
        for each in problem.errors:
            found = IN_STAGE.fullmatch(each["field"])
            if found and int(found[1]) < len(self.rows):
                self.rows[int(found[1])].take(Invalid(errors=[{**each, "field": found[2]}]))
            else:
                own.append(each)
        self.form.take(Invalid(errors=own))

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """For the list above the page: where it is, what the field is called, what is wrong."""
        found = []
        for number, form in enumerate([self.form, *self.rows]):
            where = f"{_('Stage')} {number}: " if number else ""
            for name, messages in form.errors.items():
                if name == "__all__":
                    found += [("", where, message) for message in messages]
                else:
                    bound = form[name]
                    found += [(bound.id_for_label, f"{where}{bound.label}", message) for message in messages]
        return [(str(target), str(label), str(message)) for target, label, message in found]

    @property
    def can_add(self) -> bool:
        return len(self.rows) < MOST_STAGES

    def _row(self, place: int, data: Any = None, **more: Any) -> StageForm:
        return StageForm(data, prefix=f"s{place}", **self.choices, **more)


class DecideForm(ProblemForm):
    """What the patient said, written down by the staff."""

    answer = choice(_("The patient"), [("accept", _("accepts it")), ("decline", _("declines it"))])
    how = choice(_("How"), [(one.value, one.label) for one in HOWS])
    name = text(_("Who said it"), missing=_("Write down who said it."))
    reason = text(_("Reason, if they gave one"))


class EndForm(ProblemForm):
    reason = long_text(_("Why it ends"), missing=_("Say why."), rows=2)


def service_choices(services: list[Service], kept: Mapping[str, str]) -> dict[str, str]:
    """The clinic's own, and those that the plan names already."""
    return {str(one.uid): one.name for one in services} | {
        uid: name for uid, name in kept.items() if uid not in {str(one.uid) for one in services}
    }


def _typed(stage: Stage, currency: str) -> dict[str, Any]:
    return {
        "service": str(stage.service),
        "sessions": str(stage.sessions),
        "price": write_amount(stage.price_amount, currency),
        "least_days": str(stage.least_days or ""),
        "best_days": str(stage.best_days or ""),
        "notes": stage.notes,
        "series": str(stage.series or ""),
    }


def _count(data: Mapping[str, Any]) -> int:
    """How many rows the page had: they are numbered from 0."""
    count = 0
    while count < MOST_STAGES and f"s{count}-sessions" in data:
        count += 1
    return count
