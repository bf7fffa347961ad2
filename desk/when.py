"""Provider, day and time of a form about a visit: the free starts that it offers, and the start that was meant."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.clock import local, resolve_local, wall_time_exists
from core.problems import Conflict
from desk.forms import WhenForm
from practice.models import Location, Provider, Service
from scheduling.models import Appointment
from scheduling.patient_pages import words
from scheduling.queries import desk_starts

NOON, EVENING = 12, 17


@dataclass(frozen=True)
class Start:
    """One free start, as a radio of the form."""

    start: datetime
    provider: Provider

    @property
    def value(self) -> str:
        return f"{self.start.isoformat()}|{self.provider.uid}"


@dataclass
class When:
    """The form's time, and everything that its template asks for."""

    form: WhenForm
    location: Location
    service: Service | None
    starts: list[Start]

    @property
    def typed(self) -> time | None:
        try:
            return time.fromisoformat(self.form.typed_time()) if self.form.typed_time() else None
        except ValueError:
            return None

    def chosen(self) -> Start | None:
        """The free start that the form means, whether it was pressed or typed."""
        typed = self.typed
        if typed is not None:
            provider = self.form.chosen_provider()
            return next(
                (
                    one
                    for one in self.starts
                    if one.start.time() == typed and (provider is None or one.provider.pk == provider.pk)
                ),
                None,
            )
        wanted = self.form.value("start")
        return next((one for one in self.starts if one.value == wanted), None)

    def context(self) -> dict[str, Any]:
        chosen = self.chosen()
        self.form.show_time("" if chosen else self.form.typed_time())
        return {
            "form": self.form,
            "groups": _groups(self.starts, chosen),
            "asked": self.service is not None and self.form.chosen_day() is not None,
            "zone": words.zone_name(self.location),
        }


def read(
    form: WhenForm,
    *,
    location: Location,
    service: Service | None,
    at: datetime,
    instead_of: Appointment | None = None,
) -> When:
    """Look the free starts up, where the form says enough to ask."""
    day, starts = form.chosen_day(), []
    if service is not None and day is not None and _sane(day, at):
        found = desk_starts(
            service=service,
            location=location,
            day=day,
            at=at,
            provider=form.chosen_provider(),
            instead_of=instead_of,
        )
        starts = _each_once(found)
    return When(form, location, service, starts)


def meant(when: When) -> tuple[datetime, Provider] | None:
    """The start and the provider that were asked for; what is missing is said on the form."""
    form, chosen = when.form, when.chosen()
    if chosen is not None:
        return chosen.start, chosen.provider
    typed, day = when.typed, form.cleaned_data.get("day")
    if typed is None or day is None:
        if "time" not in form.errors and "day" not in form.errors:
            gone = _("This time is not free any more. Choose another, or type it.")
            form.add_error("time", gone if form.value("start") else _("Choose a free time, or type one."))
        return None
    if not wall_time_exists(day, typed, when.location.zone):
        form.add_error("time", _("The clock skips this time on that day. Choose another."))
        return None
    provider = form.chosen_provider()
    if provider is None:
        form.add_error("provider", _("Nobody is free then. Choose a provider to see what stands in the way."))
        return None
    return resolve_local(day, typed, when.location.zone), provider


def told(form: WhenForm, problem: Conflict) -> list[str]:
    """Everything that stands in the way, not only the first; the form asks whether it may stand there."""
    form.ask_override()
    return [error["message"] for error in problem.errors] or [str(problem.detail or problem.title)]


def _groups(starts: list[Start], chosen: Start | None) -> list[dict[str, Any]]:
    parts = ((_t("Morning"), 0, NOON), (_t("Afternoon"), NOON, EVENING), (_t("Evening"), EVENING, 24))
    groups = []
    for label, first, last in parts:
        slots = [
            {"value": one.value, "label": words.clock(one.start), "chosen": one is chosen}
            for one in starts
            if first <= one.start.hour < last
        ]
        if slots:
            groups.append({"label": label, "slots": slots})
    return groups


def _each_once(found: list[tuple[datetime, Provider]]) -> list[Start]:
    """With several providers free at once, the first of the clinic's order."""
    starts: dict[datetime, Start] = {}
    for moment, provider in found:
        starts.setdefault(moment, Start(moment, provider))
    return [starts[moment] for moment in sorted(starts)]


def _sane(day: date, at: datetime) -> bool:
    today = local(at, "UTC").date()
    return abs((day - today).days) < 800
