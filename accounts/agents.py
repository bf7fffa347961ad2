"""A browser's own words in people's words: "Chrome on a Mac". A hint for its owner, never proof of anything."""

import re
from typing import Final

from django.utils.translation import gettext as _

# In this order: many browsers also name those they stem from.
BROWSERS: Final = (
    (r"\bEdgA?/|\bEdgiOS/", "Edge"),
    (r"\bOPR/|\bOpera", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrome/|\bCriOS/|\bHeadlessChrome/", "Chrome"),
    (r"\bSafari/", "Safari"),
)
SYSTEMS: Final = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def known(agent: str) -> str:
    """The words of it that we know and nothing else: what a program sends as its name may be anything at all."""
    browser = next(
        (re.search(pattern, agent) for pattern, _name in BROWSERS if re.search(pattern, agent)), None
    )
    system = next(
        (re.search(pattern, agent) for pattern, _name in SYSTEMS if re.search(pattern, agent)), None
    )
    return " ".join(found[0] for found in (system, browser) if found)


def described(agent: str) -> str:
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser we cannot name")


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, agent)), "")
