"""Host names of clinics' own: written as names are, not ours, and not like another's at a glance."""

import re
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.problems import Failure, failure
from support.models import CustomDomain
from tenants.hostnames import skeleton
from tenants.models import Domain

LONGEST: Final = 253
LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
# Names that no public resolver answers (RFC 2606, RFC 6761, RFC 8375), so nobody can show that they own them.
NOWHERE: Final = frozenset(
    [
        "localhost",
        "local",
        "localdomain",
        "test",
        "invalid",
        "example",
        "onion",
        "alt",
        "arpa",
        "internal",
        "home",
        "lan",
    ]
)


def tidy(text: str) -> str:
    """As typed or pasted: without the scheme, the path, the last dot and capitals."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower())
    return host.split("/", 1)[0].rstrip(".")


def refusal(host: str) -> Failure | None:
    """Why a clinic cannot have this host, if it cannot. `host` is tidy."""
    code, text = _misfit(host) or _taken(host) or ("", "")
    return failure("host", code, text) if code else None


def _misfit(host: str) -> "tuple[str, str | Promise] | None":
    labels = host.split(".")
    if not host:
        return "missing", _("Enter the host name, such as book.example.com.")
    if not host.isascii() or any(label.startswith("xn--") for label in labels):
        return "foreign_letters", _("Only the letters a to z: other letters can imitate another name.")
    if len(host) > LONGEST or len(labels) < 2 or not all(LABEL.match(label) for label in labels):
        return "invalid", _(
            "This is no host name. Write it without a port or a path, such as book.example.com."
        )
    if labels[-1].isdigit() or labels[-1] in NOWHERE:
        return "nowhere", _("This name is known to no public name server.")
    for own in {settings.PLATFORM_HOST, settings.CLINIC_DOMAIN}:
        if host == own or host.endswith(f".{own}"):
            return "reserved", _("This name is the platform's own.")
    if skeleton(labels[-2]) in {skeleton(_brand(own)) for own in (settings.PLATFORM_HOST, "medspa")}:
        return "reserved", _("This looks like the platform's own name.")
    return None


def _taken(host: str) -> "tuple[str, str | Promise] | None":
    known = set(CustomDomain.objects.values_list("host", flat=True))
    known |= set(Domain.objects.values_list("host", flat=True))
    if host in known:
        return "taken", _("A clinic has this host already.")
    looks = whole_skeleton(host)
    if any(whole_skeleton(other) == looks for other in known):
        return "alike", _("This looks too much like the host of another clinic.")
    return None


def whole_skeleton(host: str) -> str:
    return ".".join(skeleton(label) for label in host.split("."))


def _brand(host: str) -> str:
    return host.split(".")[-2] if "." in host else host
