"""The timeline of a record as a page shows it: of one kind, of one year, by words of the titles, a page at a time.

The entries are gathered once and sifted here: they come from several apps, and no query could page over all of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.clock import local
from patients.record import Entry

Text = str | Promise
PAGE: Final = 40
LONGEST: Final = 80
KINDS: Final[dict[str, Text]] = {
    "visit": _("Visits"),
    "encounter": _("Encounters"),
    "note": _("Notes"),
    "addendum": _("Addenda"),
    "injection": _("Injections"),
    "session": _("Laser sessions"),
    "exam": _("Exams"),
    "history": _("History"),
    "intake": _("Questionnaires"),
    "photo": _("Photos"),
    "photos": _("Photos"),
    "consent": _("Forms"),
    "document": _("Documents"),
    "plan": _("Plans"),
    "aftercare": _("Aftercare"),
    "event": _("Events"),
}


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see. Nonsense in the address is as if it were not there."""

    kind: str = ""
    year: int = 0
    text: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        return cls(
            kind=given.get("kind", "")[:LONGEST],
            year=_number(given.get("year", ""), 0),
            text=" ".join(given.get("q", "").replace("\0", "").split())[:LONGEST],
            page=max(1, _number(given.get("page", ""), 1)),
        )

    def link(self, *, kind: str | None = None, page: int = 1) -> str:
        """The address of the same with something else; the first page unless said."""
        parts = {
            "kind": self.kind if kind is None else kind,
            "year": str(self.year or ""),
            "q": self.text,
            "page": str(page) if page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Chip:
    """One kind, how many there are of it, and the address that shows them."""

    label: Text
    count: int
    href: str
    is_on: bool


@dataclass(frozen=True)
class Shown:
    """One page of what was asked for."""

    entries: Sequence[Entry]
    chips: Sequence[Chip]
    years: Sequence[int]
    asked: Asked
    total: int
    newer: str
    older: str
    is_empty: bool  # also without asking for anything


def sift(entries: Sequence[Entry], asked: Asked, zone: ZoneInfo) -> Shown:
    """The entries asked for. Chips count what the year and the words leave, so that each leads to something."""
    years = sorted({local(one.at, zone).year for one in entries}, reverse=True)
    words = asked.text.casefold().split()
    left = [
        one
        for one in entries
        if (not asked.year or local(one.at, zone).year == asked.year) and _says(one, words)
    ]
    counts = Counter(one.kind for one in left)
    found = [one for one in left if not asked.kind or one.kind == asked.kind]
    start = (asked.page - 1) * PAGE
    return Shown(
        entries=found[start : start + PAGE],
        chips=_chips(counts, asked, {one.kind for one in entries}),
        years=years,
        asked=asked,
        total=len(found),
        newer=asked.link(page=asked.page - 1) if asked.page > 1 else "",
        older=asked.link(page=asked.page + 1) if start + PAGE < len(found) else "",
        is_empty=not entries,
    )


def _chips(counts: Counter[str], asked: Asked, present: set[str]) -> list[Chip]:
    """All, then each kind that the record has, in the order of KINDS."""
    order = [kind for kind in KINDS if kind in present]
    order += sorted(present - set(order))
    chips = [Chip(_("All"), counts.total(), asked.link(kind=""), not asked.kind)]
    for kind in order:
        label = KINDS.get(kind, kind.replace("_", " ").capitalize())
        chips.append(Chip(label, counts[kind], asked.link(kind=kind), asked.kind == kind))
    return chips


def _says(entry: Entry, words: Sequence[str]) -> bool:
    if not words:
        return True
    title = f"{entry.title} {entry.text}".casefold()
    return all(word in title for word in words)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise
