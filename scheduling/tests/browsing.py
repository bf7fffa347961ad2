"""A visitor's browser for the tests of the booking pages, and what a person reads on a page."""

import re
from datetime import UTC, datetime
from html import unescape

from django.test import Client

from core.clock import day_span
from scheduling.models import Day, Hold
from scheduling.tests import visits
from scheduling.tests.visits import MONDAY, TEN, token
from tenants.context import enter

AT = datetime(2027, 2, 26, 16, 0, tzinfo=UTC)  # ten on a Friday, in Austin
TYPED = {
    "first_name": "Elena",
    "last_name": "Marsh-Villanueva",
    "phone": "+34 612 555 014",
    "email": "Elena@Example.com",
    "date_of_birth": "06/14/1988",
}


class Browser:
    """A visitor's browser at one clinic; pages as text."""

    def __init__(self, house, **more) -> None:
        self.house, self.client = house, Client(HTTP_HOST=house.host, **more)

    def get(self, path, status=200):
        return self._read(self.client.get(path), status)

    def post(self, path, data=None, status=303):
        return self._read(self.client.post(path, data or {}), status)

    def _read(self, answer, status):
        assert answer.status_code == status, (
            answer.status_code,
            answer.get("Location"),
            text_of(answer)[:2000],
        )
        self.path = answer.get("Location", "")
        return text_of(answer)

    def hold(self, at=TEN, *, service="botox", provider="ines", day=MONDAY, now=AT, **query):
        """Hold a time, and be sent to its page."""
        cast = self.house.cast
        self.client.get("/book/")
        with enter(self.house.clinic):
            slot = token(cast, service, provider, at, day, now)
        self.post(
            time_path(cast, service, provider=query.pop("provider_asked", None), **query), {"slot": slot}
        )
        return self.path

    def book(self, at=TEN, **more):
        path = self.hold(at, **more)
        page = self.get(path)
        self.post(path, {**TYPED, **hidden(page)})
        return self.path


def book_wanda(cast, at=TEN, *, now=AT, **more):
    """Somebody else was faster."""
    return visits.book(cast, at, now=now, **more)


def text_of(answer) -> str:
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match, pattern
    return match[1]


def plain(page: str) -> str:
    """What a person reads of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def hidden(page: str) -> dict[str, str]:
    """The hidden versions of the texts that the form carries."""
    return dict(
        re.findall(r'<input type="hidden" name="(text_version|policy_version)" value="([^"]*)"', page)
    )


def time_path(cast, service="botox", **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items() if value)
    return f"/book/{cast.services[service].uid}/time/?{asked}"


def the_hold() -> Hold:
    return Hold.objects.select_related("provider").latest("created_at")


def whole_day(cast, day):
    return day_span(day, cast.location.zone)


def forget_bits():
    Day.objects.update(bits=None)
