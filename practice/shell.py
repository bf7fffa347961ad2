"""The frame of the settings: which pages there are, and who sees the way to them."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import permissions_of

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """One page of the settings. `key` is what the page itself calls its section."""

    key: str
    path: str
    label: Text
    hint: Text
    icon: str
    permission: str

    @property
    def is_there(self) -> bool:
        """An entry shows once its page exists, so that the list never leads nowhere."""
        try:
            resolve(self.path, "medspa.urls_clinic")
        except Resolver404:
            return False
        return True


# One line a page, in the order in which they are shown.
ENTRIES: Final = (
    Entry(
        "clinic",
        "/desk/settings/clinic/",
        _("Clinic"),
        _("Name, contact, language and currency"),
        "building-2",
        "settings.manage",
    ),
    Entry(
        "branding",
        "/desk/settings/branding/",
        _("Booking page & branding"),
        _("Logo, colour and what patients see"),
        "palette",
        "settings.manage",
    ),
    Entry(
        "locations",
        "/desk/settings/locations/",
        _("Locations"),
        _("Addresses, opening hours and days closed"),
        "map-pin",
        "settings.manage",
    ),
    Entry(
        "resources",
        "/desk/settings/resources/",
        _("Rooms & devices"),
        _("What a visit takes up"),
        "door-open",
        "settings.manage",
    ),
    Entry(
        "services",
        "/desk/settings/services/",
        _("Services"),
        _("What can be booked, how long and for how much"),
        "tag",
        "services.manage",
    ),
    Entry(
        "policies",
        "/desk/settings/policies/",
        _("Policies"),
        _("Booking rules, reminders and the texts patients agree to"),
        "scroll-text",
        "settings.manage",
    ),
    Entry(
        "forms",
        "/desk/settings/forms/",
        _("Forms"),
        _("What patients read and sign, in versions, and which services ask for it"),
        "file-pen",
        "consents.manage",
    ),
    Entry(
        "notes",
        "/desk/settings/notes/",
        _("Note templates"),
        _("What a note asks for, by service"),
        "file-text",
        "chart.manage",
    ),
    Entry(
        "cosigning",
        "/desk/settings/cosigning/",
        _("Co-signing"),
        _("Whose notes a supervisor sees"),
        "list-checks",
        "chart.manage",
    ),
    Entry(
        "ai",
        "/desk/settings/ai/",
        _("AI"),
        _("Drafts by a language model, on or off, and their ledger"),
        "wand-sparkles",
        "ai.manage",
    ),
    Entry(
        "people",
        "/desk/settings/people/",
        _("People"),
        _("Staff, roles, places and working hours"),
        "users",
        "staff.view",
    ),
    Entry(
        "gate",
        "/desk/settings/gate/",
        _("Before a treatment"),
        _("What must be there before it begins, and what only warns"),
        "list-checks",
        "chart.manage",
    ),
    Entry(
        "questionnaires",
        "/desk/settings/questionnaires/",
        _("Health forms"),
        _("What patients are asked before a visit"),
        "clipboard-list",
        "chart.manage",
    ),
    Entry(
        "aftercare",
        "/desk/settings/aftercare/",
        _("Aftercare"),
        _("What patients are told to do after a treatment, in versions"),
        "heart-pulse",
        "chart.manage",
    ),
    Entry(
        "plans",
        "/desk/settings/plans/",
        _("Plan templates"),
        _("Stages that you plan often"),
        "list-checks",
        "chart.manage",
    ),
    Entry(
        "licenses",
        "/desk/settings/licenses/",
        _("Licences & supervisors"),
        _("Who may treat and examine, and under whom"),
        "badge-check",
        "chart.manage",
    ),
    Entry(
        "import",
        "/desk/settings/import/",
        _("Import"),
        _("Services, rooms and devices from a spreadsheet"),
        "upload",
        "settings.manage",
    ),
    Entry(
        "api",
        "/desk/settings/api/",
        _("API"),
        _("Keys for programs, and how they are used"),
        "key-round",
        "tokens.manage",
    ),
    Entry(
        "webhooks",
        "/desk/settings/webhooks/",
        _("Webhooks"),
        _("Programs that are told of bookings and changes"),
        "link",
        "settings.manage",
    ),
    Entry(
        "photos",
        "/desk/settings/photos/",
        _("Photo angles"),
        _("Which angles are taken for a service"),
        "image",
        "chart.manage",
    ),
)


def entries_for(user: Any) -> list[Entry]:
    held = permissions_of(user)
    return [entry for entry in ENTRIES if entry.permission in held and entry.is_there]


def settings_page(
    request: HttpRequest, section: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page inside the frame: `desk/settings/base.html` with its section marked."""
    framed = {**context, "entries": entries_for(request.user), "section": section}
    return render(request, template, framed, status=status)
