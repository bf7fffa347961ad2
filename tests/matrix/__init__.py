"""Who may open which address: one line for every URL of both URL maps. An undeclared one fails the build.

`Anyone`: patients, visitors and programs without a token. `Staff(permission)`: a page of the desk. `Api(permission)`: the
same for programs. `SignIn`: the sign-in itself and one's own account. `Hook`: signed by a vendor. `Platform(permission)`: a
page of the platform's own staff. `Link`: whoever holds the secret in the address. `Patient`: a patient who signed in by a
code, and nobody of the staff.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.desk import DESK
from tests.matrix.platform import PLATFORM
from tests.matrix.programs import PROGRAMS
from tests.matrix.public import PUBLIC
from tests.matrix.record import RECORD
from tests.matrix.rules import Rule
from tests.matrix.setting_up import SETTING_UP

__all__ = ["CLINIC", "PLATFORM", "routes"]

PARTS = (PUBLIC, PROGRAMS, DESK, RECORD, SETTING_UP)
CLINIC: dict[str, Rule] = {route: rule for part in PARTS for route, rule in part.items()}
if len(CLINIC) != sum(len(part) for part in PARTS):
    raise ValueError("an address is declared in two parts of the matrix")


def routes(urlconf: str) -> Iterator[tuple[str, str]]:
    """Every (route, name) of a URL map."""
    yield from _walk(get_resolver(urlconf).url_patterns, "")


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
