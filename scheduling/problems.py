"""What booking refuses, in problem types that programs and pages can tell apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import problems
from core.problems import Failure, Text, failure
from scheduling.models import Appointment


class SlotInvalid(problems.Invalid):
    """Forged, cut short, or of another clinic."""

    type = "slot-invalid"
    title = _("This time cannot be booked")
    default_detail = _("Please choose a time from the list again.")


class SlotExpired(problems.Conflict):
    type = "slot-expired"
    title = _("This offer of a time has run out")
    default_detail = _("Please choose a time again; most are still free.")


class HoldExpired(problems.Conflict):
    type = "hold-expired"
    title = _("The time was held for you, but the hold has run out")
    default_detail = _("Please choose a time again; it may still be free.")


class TooLateToChange(problems.Conflict):
    """The clinic's own rule; a person at the desk may still do it."""

    type = "too-late-to-change"
    title = _("It is too late to change this visit online")


class NotInThatState(problems.Conflict):
    """The visit is not where this step starts from."""

    type = "wrong-state"
    title = _("The visit is no longer in that state")


class GateClosed(problems.Conflict):
    """Something that the clinic wants before this treatment is not there; `errors` says all of it."""

    type = "gate-closed"
    title = _("The treatment cannot begin yet")
    default_detail = _("Something that must be there before this treatment is missing.")


class VisitsInside(problems.Conflict):
    """What is to be blocked has visits in it; whoever blocks it must say that they stay."""

    type = "visits-inside"
    title = _("There are visits in this time")

    def __init__(self, visits: list[Appointment]) -> None:
        self.visits = visits
        super().__init__(
            errors=[failure("span", "visit", visit.starts_local.isoformat()) for visit in visits]
        )


@dataclass(frozen=True)
class Clash:
    """One thing that stands in the way: what kind of resource, when, and why. Never who."""

    kind: str  # provider, room, device, patient
    code: str  # visit, hold, time_off, external, closed, none_free
    start: datetime
    end: datetime
    message: Text

    def as_failure(self) -> Failure:
        return failure(self.kind, self.code, self.message)


class SlotTaken(problems.SlotTaken):
    """Taken, with everything that stands in the way and not only the first."""

    def __init__(self, clashes: Iterable[Clash] = (), detail: Text = "") -> None:
        self.clashes = list(clashes)
        super().__init__(detail, errors=[clash.as_failure() for clash in self.clashes])
