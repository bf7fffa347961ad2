"""What a clinic's own words must be like, before they are stored. Pure: nothing here asks the database."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.emails import EmailProblem, normalise_email
from core.phones import PhoneProblem, parse_phone
from core.problems import Failure, failure

CURRENCIES: Final = (
    ("USD", _("US dollar (USD)")),
    ("CAD", _("Canadian dollar (CAD)")),
    ("MXN", _("Mexican peso (MXN)")),
    ("EUR", _("Euro (EUR)")),
    ("GBP", _("Pound sterling (GBP)")),
    ("AUD", _("Australian dollar (AUD)")),
)
REGIONS: Final = (
    ("US", _("United States")),
    ("CA", _("Canada")),
    ("MX", _("Mexico")),
    ("PR", _("Puerto Rico")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("AU", _("Australia")),
    ("DE", _("Germany")),
    ("ES", _("Spain")),
    ("FR", _("France")),
)


def read_contact(fields: dict[str, Any], region: str) -> tuple[dict[str, Any], list[Failure]]:
    """Phone, mail and website in the form in which they are stored, and what is wrong with them."""
    fields, failures = dict(fields), []
    if fields.get("phone"):
        try:
            fields["phone"] = parse_phone(str(fields["phone"]), str(fields.get("region") or region))
        except PhoneProblem as problem:
            failures.append(failure("phone", problem.code, problem.message))
    if fields.get("email"):
        try:
            fields["email"] = normalise_email(str(fields["email"]))
        except EmailProblem as problem:
            failures.append(failure("email", problem.code, str(problem)))
    if fields.get("website"):
        fields["website"] = _with_scheme(str(fields["website"]).strip())
        if not is_website(fields["website"]):
            message = _("Write the address as in a browser, such as https://example.com.")
            failures.append(failure("website", "invalid", message))
    return fields, failures


def check_choices(fields: dict[str, Any]) -> list[Failure]:
    """Language, currency and country are of a list."""
    known = {"locale": settings.LANGUAGES, "currency": CURRENCIES, "region": REGIONS}
    return [
        failure(name, "unknown", _("Choose one of the list."))
        for name, pairs in known.items()
        if name in fields and fields[name] not in {value for value, _label in pairs}
    ]


def is_website(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = address.isprintable() and " " not in address
    return parts.scheme in ("http", "https") and "." in host.strip(".") and port_is_fine and plain


def _with_scheme(address: str) -> str:
    return address if "://" in address or ":" in address.partition("/")[0] else f"https://{address}"
