"""How a patient walks through the booking pages: by pointer, or by Tab and Enter alone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.clock import resolve_local
from scheduling import limits, slots
from scheduling.patient_pages import choose, details, visit
from scheduling.slots import Slot
from tests.browser.conftest import Visitor

# On Sunday, 14 March 2027, the clocks of both clinics go forward.
BEFORE = datetime(2027, 2, 26, 16, 0, tzinfo=UTC)
CHANGE = date(2027, 3, 14)
TYPED = {
    "first_name": "Elena",
    "last_name": "Marsh-Villanueva",
    "phone": "+34 612 555 014",
    "email": "elena@example.com",
    "date_of_birth": "06/14/1988",
}


class MovedClock:
    """The time of the pages: that of the machine, some months on, and further whenever a test likes."""

    def __init__(self) -> None:
        self.ahead = BEFORE - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, much: timedelta) -> None:
        self.ahead += much


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[MovedClock]:
    clock = MovedClock()
    for module in (choose, details, visit):
        monkeypatch.setattr(module, "now", clock)
    limits.forget()
    yield clock
    limits.forget()


def slot_of(cast, clock, *, at=time(10), day=date(2027, 3, 1), service="botox", provider="ines") -> str:
    """A slot's token; inside the clinic."""
    start = resolve_local(day, at, cast.location.zone)
    ids = cast.services[service].pk, cast.providers[provider].pk, cast.location.pk
    return slots.issue(Slot(*ids, start), at=clock())


def to_times(visitor: Visitor, treatment: str = "Botox", provider: str = "First available") -> None:
    visitor.go("/")
    visitor.page.get_by_role("link", name=treatment).click()
    visitor.page.get_by_role("link", name=provider).click()


def to_day(visitor: Visitor, day: date) -> None:
    """Turn the strip until the day is there, and press it.

    Each strip is waited for: counting on the page before it would turn past the day.
    """
    link = visitor.page.locator(f'.day[href*="day={day.isoformat()}"]')
    later = visitor.page.get_by_role("link", name="Later days")
    later.wait_for()
    for _turn in range(14):
        if link.count():
            break
        target = later.get_attribute("href") or ""
        later.click()
        visitor.page.wait_for_url(f"**{target}")
    link.click()
    visitor.page.wait_for_url(lambda address: f"day={day.isoformat()}" in address)
    visitor.page.locator(".slot").first.wait_for()


def hold(visitor: Visitor, label: str = "10:00 am") -> None:
    visitor.page.get_by_role("button", name=label, exact=True).click()
    visitor.page.wait_for_url("**/book/hold/**")


def fill_in(visitor: Visitor, **other: str) -> None:
    for name, value in {**TYPED, **other}.items():
        visitor.page.fill(f"[name={name}]", value)


def send(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Book visit").click()


def book(visitor: Visitor, day: date, label: str = "10:00 am") -> str:
    """From the clinic's address to a booked visit; its living link."""
    to_times(visitor)
    to_day(visitor, day)
    hold(visitor, label)
    fill_in(visitor)
    send(visitor)
    visitor.page.wait_for_url("**/book/visit/**")
    return visitor.path.partition("?")[0]


# --- Tab and Enter -------------------------------------------------------------------------------------------


def focused(visitor: Visitor) -> str:
    """What has focus, as a reader hears it; it must also be seen."""
    name, seen = visitor.page.evaluate(
        """async () => {
          const it = document.activeElement;
          await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
          if (!it || it === document.body) return ["", true];
          const label = it.labels?.[0]?.textContent ?? it.getAttribute("aria-label") ?? it.textContent;
          const face = getComputedStyle(it);
          const ring = face.outlineStyle !== "none" && parseFloat(face.outlineWidth) >= 1;
          const box = it.getBoundingClientRect();
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
          const clear = box.top < innerHeight && (top === it || it.contains(top) || top?.contains(it));
          return [label, ring && clear];
        }"""
    )
    text = re.sub(r"\s+", " ", name).strip()
    assert seen, f"{text!r} has focus, but it is not shown"
    return text


def tab_to(visitor: Visitor, wanted: str, most: int = 120) -> None:
    """Press Tab until the control has focus."""
    passed = []
    for _press in range(most):
        visitor.page.keyboard.press("Tab")
        here = focused(visitor)
        if wanted in here:
            return
        passed.append(here)
    raise AssertionError(f"{wanted!r} is not reached by Tab; passed {passed}")


def enter_on(visitor: Visitor, wanted: str) -> None:
    tab_to(visitor, wanted)
    before = visitor.page.url
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: url != before)


def type_into(visitor: Visitor, label: str, text: str) -> None:
    tab_to(visitor, label)
    visitor.page.keyboard.type(text)
