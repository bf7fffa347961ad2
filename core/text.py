"""Text from outside, made safe to store, show and search."""

import re
import unicodedata
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# These turn the order of what is read around: a name could rewrite the sentence it stands in.
BIDI_OVERRIDES: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
LINE_BREAKS: Final = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
BLANKS: Final = re.compile(r"[^\S\n]+")


class TextProblem(ValueError):
    """Why a text cannot be taken."""

    def __init__(self, code: str, message: "str | Promise") -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def clean_text(value: str, max_length: int, *, multiline: bool = False) -> str:
    """The text in NFC, trimmed, without overrides of direction; ValueError when it holds what no text holds.

    One line unless `multiline`: line breaks and tabs become blanks, since they only come by pasting.
    """
    text = LINE_BREAKS.sub("\n", value).translate(BIDI_OVERRIDES)
    if not multiline:
        text = text.replace("\n", " ")
    text = unicodedata.normalize("NFC", BLANKS.sub(" ", text.replace("\t", " "))).strip()
    _refuse_control(text)
    if len(text) > max_length:
        raise TextProblem(
            "too_long",
            ngettext_lazy(
                "Use at most %(limit)d character; this has %(length)d.",
                "Use at most %(limit)d characters; this has %(length)d.",
                max_length,
            )
            % {"limit": max_length, "length": len(text)},
        )
    return text


def _refuse_control(text: str) -> None:
    for character in text:
        # Cs: half of a surrogate pair, which JSON can carry and UTF-8 cannot.
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cs"):
            raise TextProblem(
                "control_character", _("This contains a character that cannot be read. Please type it again.")
            )
