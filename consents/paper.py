"""A form as one person reads it: the text in their language with the blanks filled in."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from consents import markup
from consents.markup import Block
from consents.models import ConsentVersion
from consents.rules import hash_of_text
from core.clock import local_date
from patients.models import Person
from practice.profile import clinic_zone, profile


@dataclass(frozen=True)
class Paper:
    """What is shown, and `text`: the same as it is sealed and hashed."""

    language: str
    title: str
    text: str
    blocks: list[Block]

    @property
    def digest(self) -> str:
        """SHA-256 of the text, by which a page or a program says what it showed."""
        return hash_of_text(self.text).hex()

    @property
    def boxes(self) -> list[Block]:
        return markup.boxes_of(self.blocks)


def paper_for(version: ConsentVersion, person: Person, *, language: str, at: datetime) -> Paper:
    """As this person signs it now, with the agreement to sign on a screen at its end (15 USC 7001)."""
    chosen = version.text_in(language)[0]
    with override(chosen):
        day = date_format(local_date(at, clinic_zone()), "DATE_FORMAT")
        on_screen = _(
            "I agree to sign this electronically. I may ask the clinic for it on paper at any time."
        )
    words = {"clinic": _clinic(), "patient": person.name, "date": day}
    return _filled(version, chosen, words, end=f"\n\n[ ] {on_screen}")


def public_paper(version: ConsentVersion, *, language: str) -> Paper:
    """As anybody reads it, such as the Notice of Privacy Practices."""
    return _filled(version, version.text_in(language)[0], {"clinic": _clinic()})


def sealed_paper(text: str, language: str) -> Paper:
    """As it was signed."""
    title, _blank, body = text.partition("\n\n")
    return Paper(language, title, text, markup.parse(body))


def preview(title: str, body: str, *, language: str) -> Paper:
    """A draft, with the blanks left as they are."""
    return _paper(title, body, language)


def _filled(version: ConsentVersion, language: str, words: dict[str, str], *, end: str = "") -> Paper:
    text = version.texts[language]
    return _paper(text["title"], markup.filled(text["body"], words) + end, language)


def _paper(title: str, body: str, language: str) -> Paper:
    return Paper(language, title, f"{title}\n\n{body}", markup.parse(body))


def _clinic() -> str:
    known = profile()
    return known.legal_name or known.name
