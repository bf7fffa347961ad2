"""The day of these tests, and the ways to put visits into it."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta

from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for
from core.clock import now, resolve_local
from core.spans import Span
from scheduling import actions
from scheduling.models import Appointment
from tenants.context import enter

TUESDAY = date(2026, 3, 3)
WEDNESDAY = date(2026, 3, 4)
AT = datetime(2026, 3, 3, 17, 23, tzinfo=UTC)  # 11:23 in Austin
TWO = time(14)
MINUTE = timedelta(minutes=1)
HTMX = {"HX-Request": "true"}


def book(house, at=TWO, *, day=TUESDAY, who="pat", service="botox", provider="ines", **given) -> Appointment:
    """Fran books."""
    cast = house.cast
    with enter(house.clinic):
        booked = actions.book_for(
            service=cast.services[service],
            provider=cast.providers[provider],
            location=cast.location,
            start=wall(house, at, day),
            person=cast.people[who] if "new_person" not in given else None,
            by=actor_for(cast.desk),
            user=cast.desk,
            at=given.pop("now", now()),
            **given,
        )
    return booked.appointment


def wall(house, at, day=TUESDAY) -> datetime:
    return resolve_local(day, at, house.cast.location.zone)


def fresh(house, visit) -> Appointment:
    with enter(house.clinic):
        return Appointment.objects.whole().get(pk=visit.pk)


def htmx(client, method, path, data=None, *, page="/desk/"):
    """As htmx asks from a page."""
    headers = HTMX | {"HX-Current-URL": f"http://glow.localhost{page}"}
    return getattr(client, method)(path, data or {}, headers=headers)


def text_of(response) -> str:
    """The words of an answer, without tags and with single blanks."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(words.replace("\N{NO-BREAK SPACE}", " ").split())


class Counted:
    """Statements on both databases, transaction control aside."""

    def __enter__(self):
        self.captured = [CaptureQueriesContext(connections[alias]) for alias in ("default", "vault")]
        for one in self.captured:
            one.__enter__()
        return self

    def __exit__(self, *error):
        for one in self.captured:
            one.__exit__(*error)

    @property
    def statements(self):
        found = [query["sql"] for one in self.captured for query in one.captured_queries]
        control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        counted = [sql for sql in found if not sql.startswith(control) and "set_config" not in sql]
        # The profile is remembered by the process; only a test's own transaction reads it again.
        profile = [sql for sql in counted if ' FROM "practice_clinicprofile"' in sql]
        return [sql for sql in counted if sql not in profile[1:]]


def fill_day(house, later: int = 0) -> dict[str, Appointment]:
    """A day with everything in it: each status, an override beside it, time off, a name of forty characters.

    `later` puts it some hours later, for a clinic that opens later.
    """
    cast, by = house.cast, actor_for(house.cast.desk)
    early = now() - timedelta(hours=5)
    long_name = {
        "first_name": "María José",
        "last_name": "Etxebarria-Santisteban del Río",
        "phone": "+15125550190",
    }
    visits = {
        "done": book(
            house, time(9 + later), who="pat", now=early, notes="Asks for a quiet room. Flight at 3 pm."
        ),
        "no_show": book(house, time(9 + later, 45), who="quinn", provider="sven", now=early),
        "in_room": book(
            house, time(10 + later, 30), new_person=new("Thalia", "Brandt"), service="facial", now=early
        ),
        "arrived": book(
            house, time(11 + later, 15), new_person=new("Elena", "Marsh"), provider="sven", now=early
        ),
        "confirmed": book(house, time(14 + later), who="pat", now=early, service_sms=True),
        "booked": book(
            house, time(15 + later), new_person=long_name, service="laser", provider="sven", now=early
        ),
        "over": book(
            house, time(14 + later, 15), who="quinn", override_reason="Sisters, come together", now=early
        ),
    }
    with enter(house.clinic):
        for status, steps in PATHS.items():
            for number, step in enumerate(steps):
                visit = visits[status]
                visits[status] = step(visit, by=by, at=visit.starts_at + number * 10 * MINUTE)
        span = Span(wall(house, time(12 + later, 30)), wall(house, time(13 + later, 30)))
        actions.take_time_off(cast.providers["ines"], span=span, reason="Lunch", by=by, at=now())
    return visits


def new(first: str, last: str) -> dict[str, str]:
    return {"first_name": first, "last_name": last, "email": f"{first}.{last}@example.com".lower()}


PATHS = {
    "done": (actions.check_in, actions.start, actions.complete),
    "no_show": (actions.no_show,),
    "in_room": (actions.check_in, actions.start),
    "arrived": (actions.check_in,),
    "confirmed": (actions.confirm,),
}
