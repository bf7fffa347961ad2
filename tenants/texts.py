"""The agreement's text: one template a version, never changed once it was signed, and its fingerprint."""

import hashlib
import re
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

VERSION_SHAPE: Final = re.compile(r"20\d\d-\d\d\Z")


def agreement_text(version: str, clinic_name: str) -> SafeString:
    """The agreement as the clinic reads it. In English, which is the language it binds in."""
    if not VERSION_SHAPE.match(version):
        raise ValueError(f"{version!r} is no version of the agreement")
    with translation.override("en"):
        return render_to_string(f"legal/baa/{version}.html", {"clinic_name": clinic_name})


def fingerprint(text: str) -> str:
    """Of the words alone: blanks between them do not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
