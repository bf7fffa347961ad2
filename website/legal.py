"""The platform's legal pages: which there are, their versions and when they were last changed."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SUBPROCESSORS: Final = Path(__file__).with_name("subprocessors.toml")
CONTACT_CONSENT: Final = _(
    "You may write or call me about this request, at the address and number above. I can say stop at any time."
)
CONTACT_CONSENT_VERSION: Final = "2026-11"


@dataclass(frozen=True)
class Page:
    """A text with a version. `digest` is of its words: a test fails where they change and version and date do not."""

    slug: str
    title: "str | Promise"
    line: "str | Promise"
    version: str
    updated: date
    digest: str

    @property
    def template(self) -> str:
        return f"legal/{self.slug}.html"


FIRST: Final = ("2026-11", date(2026, 11, 21))
SECOND: Final = ("2026-11.2", date(2026, 11, 22))
THIRD: Final = ("2026-11.3", date(2026, 11, 29))
PAGES: Final = {
    page.slug: page
    for page in (
        Page(
            "privacy", _("Privacy"), _("What we keep of whom, and for how long."), *SECOND, "e67d31e9af0df986"
        ),
        Page("terms", _("Terms of service"), _("What we owe each other."), *SECOND, "6d46cb8a19215bbd"),
        Page(
            "cookies", _("Cookies"), _("The few there are, and what each is for."), *FIRST, "c79ee5cf95484ea5"
        ),
        Page(
            "security",
            _("Security"),
            _("How a clinic's records are kept apart and safe."),
            *THIRD,
            "d8682b664685401b",
        ),
        Page(
            "hipaa",
            _("HIPAA"),
            _("How the product meets the rules, and where the agreement is."),
            *FIRST,
            "bf0143ea50a591f7",
        ),
        Page(
            "subprocessors",
            _("Subprocessors"),
            _("Who processes data on our behalf."),
            *SECOND,
            "bca4246424f91c3b",
        ),
    )
}


def digest_of(text: str) -> str:
    """Of the words alone: blanks between them do not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Processor:
    name: str
    purpose: str
    data: str
    place: str
    site: str
    when: str

    @property
    def is_used(self) -> bool:
        return not self.when or bool(getattr(settings, self.when, ""))


@cache
def processors() -> tuple[Processor, ...]:
    """All of the file, used here or not: a clinic reads of them before they are switched on."""
    with SUBPROCESSORS.open("rb") as file:
        return tuple(Processor(**each) for each in tomllib.load(file)["processor"])
