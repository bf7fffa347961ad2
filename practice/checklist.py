"""What a clinic still has to say before patients can book, reckoned from what is stored."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from practice.models import ClinicProfile, Location, PolicyKind, Service, WorkingHours
from practice.offer import Obstacles
from practice.profile import profile
from practice.queries import current_texts, locations
from tenants import agreements

Text = str | Promise


@dataclass(frozen=True)
class Step:
    key: str
    title: Text
    hint: Text
    href: str
    done: bool
    optional: bool = False


@dataclass(frozen=True)
class Checklist:
    steps: list[Step]

    @property
    def needed(self) -> list[Step]:
        return [step for step in self.steps if not step.optional]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.needed)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.needed)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.needed if not step.done), None)


def read() -> Checklist:
    """Every step, done or not, in the order in which they are best taken."""
    known, places, texts = profile(), locations(), current_texts()
    services = list(Service.objects.in_use())
    obstacles = Obstacles.read()
    first = places[0] if places else None
    hours = f"/desk/settings/locations/{first.uid}/hours/" if first else "/desk/settings/locations/new/"
    address = f"/desk/settings/locations/{first.uid}/" if first else "/desk/settings/locations/new/"
    return Checklist(
        [
            *_paper(known),
            Step(
                "location",
                _("Location"),
                _("An address and its time zone"),
                address,
                any(one.address_1 and one.city for one in places),
            ),
            Step(
                "hours",
                _("Opening hours"),
                _("When the doors are open"),
                hours,
                Location.objects.open().filter(opening_hours__isnull=False).exists(),
            ),
            Step(
                "services",
                _("Services"),
                _("At least one, with its duration and price"),
                "/desk/settings/services/" if services else "/desk/settings/services/new/",
                bool(services),
            ),
            Step(
                "people",
                _("Somebody who treats"),
                _("A provider with working hours"),
                "/desk/settings/people/",
                WorkingHours.objects.filter(provider__archived_at=None, location__archived_at=None).exists(),
            ),
            Step(
                "policies",
                _("Policies"),
                _("Cancellation and text messages: what patients agree to"),
                "/desk/settings/policies/",
                set(texts) >= set(PolicyKind),
            ),
            Step(
                "branding",
                _("Branding"),
                _("Your logo and colour"),
                "/desk/settings/branding/",
                bool(known.logo_digest or known.logo_mark),
                optional=True,
            ),
            Step(
                "online",
                _("Booking page"),
                _("A service that patients can book online, with all that it needs"),
                "/desk/settings/services/",
                any(one.online and not obstacles.of(one) for one in services),
            ),
        ]
    )


def _paper(known: ClinicProfile) -> list[Step]:
    return [
        Step(
            "agreement",
            _("Business associate agreement"),
            _("Signed by an owner before the first patient is stored"),
            "/desk/baa/",
            agreements.is_signed(),
        ),
        Step(
            "clinic",
            _("Clinic details"),
            _("A phone number patients can call"),
            "/desk/settings/clinic/",
            bool(known.phone),
        ),
    ]


def is_bookable() -> bool:
    """One question for every page: could a patient find anything to book?"""
    working = WorkingHours.objects.filter(
        location__archived_at=None,
        location__opening_hours__isnull=False,
        provider__archived_at=None,
        provider__bookable_online=True,
        provider__serviceprovider__service__archived_at=None,
        provider__serviceprovider__service__online=True,
    )
    return working.exists()


def wants_showing() -> bool:
    """Whether pages should point to the checklist: nothing can be booked, and nobody put it away."""
    return profile().set_up_hidden_at is None and not is_bookable()
