"""The words of every message, from templates/messaging/. Texts (SMS) never name a treatment: they travel in the clear."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.clock import local
from messaging.models import Channel

# Of the answers to STOP and START, and of the disclosure; a change of their words is a new version.
VERSION: Final = "2026-11"
# What a text must not be told: the templates of texts cannot name it even by mistake.
NOT_IN_TEXTS: Final = frozenset({"service", "services", "note", "notes", "price"})
_LINK: Final = re.compile(r"https?://\S+$")


@dataclass(frozen=True)
class Text:
    """A message ready for `outbox.add`; a subject line for mail only."""

    body: str
    subject_line: str = ""


def render(kind: str, channel: str, context: Mapping[str, Any], language: str = "en") -> Text:
    """The message of a kind: `messaging/<kind>.sms.txt`, or `.mail.txt`, whose first line is the subject."""
    with translation.override(language):
        if channel == Channel.SMS:
            told = {name: value for name, value in context.items() if name not in NOT_IN_TEXTS}
            return Text(_one_line(_rendered(f"messaging/{kind}.sms.txt", told)))
        subject_line, _newline, body = (
            _rendered(f"messaging/{kind}.mail.txt", dict(context)).strip().partition("\n")
        )
        return Text(_tidy(body), _one_line(subject_line))


def as_html(subject_line: str, body: str, *, clinic: str, language: str = "en") -> str:
    """The same mail for readers of HTML: the same paragraphs, its links to be tapped."""
    paragraphs = [[_part(line) for line in block.splitlines()] for block in _tidy(body).split("\n\n")]
    page = _engine(autoescape=True).get_template("messaging/layout.mail.html")
    words = {"subject": subject_line, "paragraphs": paragraphs, "clinic": clinic, "language": language}
    return str(page.render(Context(words)))


def when(moment: datetime, zone: str | ZoneInfo) -> str:
    """Day and time on the clinic's wall, with the zone's short name: "Tue, Mar 3, 2:30 PM CST"."""
    wall = local(moment, zone)
    shape = pgettext("date and time in a message", "D, M j, g:i A")
    return f"{formats.date_format(wall, shape)} {wall.tzname()}"


def disclosure() -> str:
    """What the first text to a number must say besides."""
    return _(
        "Reply STOP to opt out, HELP for help. Message and data rates may apply. Message frequency varies based on"
        " appointment schedule."
    )


def with_disclosure(body: str, language: str = "en") -> str:
    with translation.override(language):
        text = disclosure()
    return body if text in body else f"{body}\n{text}"


def _part(line: str) -> dict[str, str]:
    """What comes before a link, and the link, which is last on its line."""
    found = _LINK.search(line)
    return {"text": line[: found.start()], "link": found[0]} if found else {"text": line, "link": ""}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(body: str) -> str:
    """At most one empty line between paragraphs."""
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _rendered(name: str, words: dict[str, Any]) -> str:
    # Plain text: nothing to escape, and an apostrophe must stay one.
    return str(_engine(autoescape=False).get_template(name).render(Context(words, autoescape=False)))


@cache
def _engine(*, autoescape: bool) -> Engine:
    return Engine(
        dirs=[str(folder) for folder in cast(list[Path], settings.TEMPLATES[0]["DIRS"])],
        autoescape=autoescape,
        builtins=["django.templatetags.i18n"],
    )
