"""Judges the page that a visitor is on: axe in both colour schemes, the script's complaints, the right edge."""

import os
from pathlib import Path
from typing import Any

from tests.browser.conftest import SCHEMES, Visitor

SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at what was judged
REFUSED = "Failed to load resource: the server responded with a status of"


class Eyes:
    """What was found wrong so far, as lines that begin with the name of the state."""

    def __init__(self, visitor: Visitor, name: str, *, edge_only: bool = False, **shot: Any) -> None:
        self.visitor, self.name, self.count, self.shot = visitor, name, 0, shot
        self.edge_only = edge_only
        self.found: list[str] = []

    def on(self, state: str) -> None:
        self.count += 1
        # Before axe: it leaves marks of its own on the page, which the next swap would carry along.
        found = [each for each in self.visitor.trouble if not each.startswith(REFUSED)]
        if SHOTS:
            self._keep(state)
        if not self.edge_only:
            found += self.visitor.findings()
        if over := self.visitor.overflow():
            found.append(f"{over} px over the edge")
        self.found += [f"{state}: {each}" for each in found]
        # Axe's marks, and what the policy says of them, are gone with the next page.
        self.visitor.trouble.clear()

    def at(self, path: str, state: str) -> None:
        self.visitor.go(path)
        self.on(state)

    def _keep(self, state: str) -> None:
        page = self.visitor.page
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(
                path=Path(SHOTS) / f"{self.name}-{self.count:02}-{state}-{scheme}.png", **self.shot
            )
        page.emulate_media(color_scheme="light")
