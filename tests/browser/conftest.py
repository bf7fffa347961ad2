"""A Chromium, the application on a port, and eyes for what axe finds.

The application is the one of the test process, served in threads, so that a test can look into the clinic while its
browser is there. Without a Chromium (or without the built assets) these tests are skipped and say why.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.harness import House

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# The first has the engine and no window: the same findings in three quarters of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=20_000)  # for a slow machine; what is there is not waited for

# Playwright keeps an event loop in the test's thread; Django sees it and would refuse to ask the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def find_chromium(own: str) -> str | None:
    """The one named in CHROMIUM, the machine's, or the one that playwright installed for itself."""
    named = os.environ.get("CHROMIUM")
    return next(
        (path for name in ([named] if named else [*NAMES, own]) if (path := shutil.which(name))), None
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            pytest.skip("no Chromium on this machine: install one, or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def assets() -> None:
    """The built stylesheets and scripts; built now where the packages are there."""
    from django.conf import settings

    from medspa.assets import AssetError, build

    if (settings.ASSETS_DIR / "css" / "patient.css").exists():
        return
    try:
        build()
    except AssetError as problem:
        pytest.skip(f"the assets cannot be built: {problem}")


@pytest.fixture(scope="session")
def served(django_db_setup: None, assets: None) -> Iterator[int]:
    """The application on a free port of 127.0.0.1, and that port."""
    from medspa.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(10)


@dataclass
class Visitor:
    """One browser at one clinic."""

    context: BrowserContext
    page: Page
    address: str
    axe: str
    trouble: list[str]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}", wait_until="load")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def findings(self) -> list[str]:
        """What axe finds on the page, as lines that name the rule and the first place; colours in the dark, too.

        The window is as high as the page meanwhile: what a bar at its foot covers can be scrolled into sight. A page
        that a click is still leaving goes away under axe's eyes; the one that comes is judged then.
        """
        try:
            return self._judge()
        except Error as problem:
            if "context was destroyed" not in str(problem):
                raise
            return self._judge()

    def _judge(self) -> list[str]:
        self.page.wait_for_load_state()
        size = self.page.viewport_size or {"width": 1280, "height": 900}
        height: int = self.page.evaluate("() => document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(height, size["height"]) + 120})
        try:
            self.page.evaluate(self.axe)
            found = self._ask_axe(AXE_TAGS)
            if not self.page.evaluate("() => 'theme' in document.documentElement.dataset"):
                self.page.emulate_media(color_scheme="dark")
                found += [f"in the dark: {each}" for each in self._ask_axe(["color-contrast"])]
                self.page.emulate_media(color_scheme="light")
            return found
        finally:
            self.page.set_viewport_size(size)

    def _ask_axe(self, rules: list[str]) -> list[str]:
        found: list[dict[str, Any]] = self.page.evaluate(
            """(rules) => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
                             .then((said) => said.violations)""",
            rules,
        )
        return [f"{each['id']}: {each['help']} — {each['nodes'][0]['html'][:200]}" for each in found]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width


Arrive = Callable[..., Visitor]


@pytest.fixture
def arrive(chromium: Browser, served: int) -> Iterator[Arrive]:
    """Open a browser of its own at a clinic: arrive(house, script=False, dark=True, at=datetime …)."""
    opened: list[Visitor] = []

    def make(
        house: House,
        *,
        size: dict[str, int] | None = None,
        script: bool = True,
        dark: bool = False,
        zone: str = "America/Chicago",
        at: datetime | None = None,
        **more: Any,
    ) -> Visitor:
        address = f"http://{house.host}:{served}"
        context = chromium.new_context(
            viewport=size or PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            timezone_id=zone,
            locale="en-US",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        if at is not None:
            page.clock.set_fixed_time(at)
        visitor = Visitor(context, page, address, AXE.read_text(), [])
        page.on("pageerror", lambda error: visitor.trouble.append(f"script: {error}"))
        page.on("console", lambda said: visitor.trouble.append(said.text) if said.type == "error" else None)
        opened.append(visitor)
        return visitor

    yield make
    for visitor in opened:
        visitor.context.close()
