"""Host names that a clinic may have: how they are written, which are ours, and which only look like another's."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.models import Clinic

LONGEST: Final = 40
SHAPE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_WORDS: Final = """
about abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover baa beta
billing blog book booking calendar cdn clinic clinics contact dashboard demo desk dev dns docs email ftp health
help hipaa hooks host imap inbox info install internal invoice legal localhost login mail mailer media medspa
metrics mfa mobile monitor mx news noreply ns oauth ops pay payment payments platform pop portal postmaster
privacy prod production public register root sandbox secure security shop sign-in sign-up signin signup smtp sms
sso staff staging static status stripe support system team terms test trust twilio vault vpn web webhook webhooks
webmail whois www
"""
RESERVED: Final = frozenset(_WORDS.split())
# What the eye takes for one another in an address line: two letters first, then single ones.
PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
SINGLES: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
)


@dataclass(frozen=True)
class Refusal:
    """Why a name cannot be had; `code` is missing, invalid, reserved, taken or alike."""

    code: str
    message: "str | Promise"


def tidy(text: str) -> str:
    """What somebody typed as an address, without the blanks and capitals that mean nothing there."""
    return text.strip().lower()


def skeleton(slug: str) -> str:
    """Two names with one skeleton cannot be told apart at a glance."""
    folded = slug.replace("-", "").translate(SINGLES)
    for pair, single in PAIRS:
        folded = folded.replace(pair.translate(SINGLES), single)
    return folded


_RESERVED_SKELETONS: Final = frozenset(skeleton(name) for name in RESERVED)


def misfit(slug: str) -> Refusal | None:
    """What speaks against the name itself, whoever has it."""
    if not slug:
        return Refusal("missing", _("Choose the name that your address begins with."))
    if not slug.isascii():
        return Refusal("invalid", _("Use the letters a to z without accents, digits and hyphens."))
    if not 3 <= len(slug) <= LONGEST:
        return Refusal("invalid", _("Use 3 to 40 characters."))
    if "--" in slug or not SHAPE.match(slug):
        return Refusal(
            "invalid",
            _("Use letters, digits and single hyphens; begin with a letter, end with a letter or digit."),
        )
    if slug in RESERVED:
        return Refusal("reserved", _("This name is kept for the platform. Please choose another."))
    if skeleton(slug) in _RESERVED_SKELETONS:
        return Refusal("reserved", _("This looks like a name kept for the platform. Please choose another."))
    return None


def refusal(slug: str, *, using: str = "default") -> Refusal | None:
    """Why this clinic cannot be had, if it cannot."""
    found = misfit(slug)
    if found:
        return found
    clinics = Clinic.objects.using(using)
    if clinics.filter(slug=slug).exists():
        return Refusal("taken", _("This address is taken. Please choose another."))
    if clinics.filter(skeleton=skeleton(slug)).exists():
        return Refusal(
            "alike",
            _(
                "This looks too much like another clinic's address; patients could mix them up. Please choose another."
            ),
        )
    return None


def suggest(name: str) -> str:
    """A name for the address, from the clinic's own: may be empty, may be taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("&", " and ")).strip("-")
    words = words.lstrip("0123456789-")
    while len(words) > LONGEST:
        words = words.rpartition("-")[0] or words[:LONGEST]
    return words


def free_one(name: str, *, city: str = "", using: str = "default") -> str:
    """A name like the wished one that can be had; empty where none comes to mind."""
    base = suggest(name)
    tries = [
        base,
        suggest(f"{base} {city}") if city else "",
        f"{base}-clinic",
        f"{base}-aesthetics",
        f"my-{base}",
    ]
    return next((each for each in tries if each and refusal(each, using=using) is None), "")
