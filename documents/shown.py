"""How documents stand on a page: sifted by kind and words, in lines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.names import names_of
from core.clock import local_date
from core.words import full_date
from documents.models import Document, Kind
from practice.profile import clinic_zone

Text = str | Promise
LONGEST: Final = 80
ICONS: Final = {
    Kind.IDENTIFICATION: "badge-check",
    Kind.INSURANCE: "shield-check",
    Kind.REFERRAL: "mail",
    Kind.LAB: "flask-conical",
    Kind.PATHOLOGY: "flask-conical",
    Kind.IMAGING: "image",
    Kind.LETTER: "mail",
    Kind.RECORDS: "history",
    Kind.CONSENT: "file-check",
}


@dataclass(frozen=True)
class Line:
    """One document of a list."""

    document: Document
    icon: str
    label: Text
    dated: str
    added: datetime
    added_by: str
    size: str

    @property
    def title(self) -> str:
        return self.document.title


@dataclass(frozen=True)
class Chip:
    label: Text
    count: int
    href: str
    is_on: bool


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see. Nonsense in the address is as if it were not there."""

    kind: str = ""
    text: str = ""
    removed: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        kind = given.get("kind", "")
        return cls(
            kind=kind if kind in Kind.values else "",
            text=" ".join(given.get("q", "").replace("\0", "").split())[:LONGEST],
            removed="removed" in given,
        )

    def link(self, kind: str) -> str:
        parts = {"kind": kind, "q": self.text, "removed": "1" if self.removed else ""}
        return "?" + urlencode({name: value for name, value in parts.items() if value})


def sift(documents: Sequence[Document], asked: Asked) -> tuple[list[Document], list[Chip]]:
    """Those asked for; and the kinds there are, counted by what the words leave."""
    words = asked.text.casefold().split()
    among = [one for one in documents if (one.removed_at is not None) is asked.removed]
    left = [one for one in among if _says(one, words)]
    counts = Counter(one.kind for one in left)
    present = {one.kind for one in among}
    chips = [Chip(_("All"), counts.total(), asked.link(""), not asked.kind)]
    chips += [
        Chip(each.label, counts[each], asked.link(each.value), asked.kind == each)
        for each in Kind
        if each in present
    ]
    return [one for one in left if not asked.kind or one.kind == asked.kind], chips


def lines(documents: Sequence[Document]) -> list[Line]:
    names = names_of({one.added_by for one in documents})
    return [line(one, names[one.added_by]) for one in documents]


def line(document: Document, added_by: str) -> Line:
    kind = Kind(document.kind)
    return Line(
        document=document,
        icon=ICONS.get(kind, "file-text"),
        label=kind.label,
        dated=full_date(document.dated) if document.dated else "",
        added=document.added_at,
        added_by=added_by,
        size=size_of(document.size),
    )


def size_of(count: int) -> str:
    """412 KB, 3.4 MB: what a file manager says."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB"


def today(at: datetime) -> date:
    return local_date(at, clinic_zone())


def _says(document: Document, words: Sequence[str]) -> bool:
    told = f"{document.title} {Kind(document.kind).label}".casefold()
    return all(word in told for word in words)
