"""Two clinics, how a row of the table talks to them, and how it is judged by what grew in the database."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.test import Client
from twilio.request_validator import RequestValidator

from patients.models import Person
from scheduling.models import Appointment
from tenants.context import enter, enter_public
from tenants.directory import site_url
from tests.cast import PROVIDER_TOKEN
from tests.harness import House
from vault.models import SubjectKey

AT = datetime(2027, 2, 26, 16, 0, tzinfo=UTC)  # a Friday, ten o'clock in Chicago
HOLDS, BOOKINGS, AVAILABILITY, PATIENTS = (
    f"/api/v1/{name}/" for name in ("holds", "bookings", "availability", "patients")
)
WANDA = {
    "first_name": "Wanda",
    "last_name": "Webb",
    "email": "wanda@example.com",
    "phone": "+15125550188",
    "date_of_birth": "1990-04-23",
}
# Traces of the request itself, and what may be reckoned anew at any time.
BESIDES = ("audit_", "accounts_throttle", "accounts_idempotentanswer", "django_session", "scheduling_day")
ONE_VISIT = {"scheduling_appointment": 1, "patients_person": 1, "subject keys": 1}
NOTHING: dict[str, int] = {}


@dataclass
class World:
    """Two clinics, and how a row talks to them."""

    glow: House
    rival: House
    clock: Any
    before: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """What was prepared until here does not count."""
        self.before = self.counts()

    def changes(self) -> dict[str, int]:
        after = self.counts()
        return {name: after[name] - was for name, was in self.before.items() if after[name] != was}

    def counts(self) -> dict[str, int]:
        found = {}
        for house in (self.glow, self.rival):
            with enter(house.clinic), connection.cursor() as cursor:
                counted = " UNION ALL ".join(f"SELECT '{t}', count(*) FROM \"{t}\"" for t in tables(cursor))
                cursor.execute(counted)
                for table, count in cursor.fetchall():
                    found[table] = found.get(table, 0) + count
        found["subject keys"] = SubjectKey.objects.count()
        with enter_public(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tenants_due")
            found["due"] = cursor.fetchone()[0]
        return found

    def client(self, house: House | None = None, **headers: str) -> Client:
        return Client(HTTP_HOST=(house or self.glow).host, headers=headers)

    def get(self, path: str, house: House | None = None, **query: str) -> Any:
        return self.client(house).get(path, query)

    def post(self, path: str, value: object, house: House | None = None, **headers: str) -> Any:
        return self.client(house, **headers).post(path, json.dumps(value), content_type="application/json")

    def raw(self, path: str, body: bytes, kind: str = "application/json") -> Any:
        return self.client().post(path, body, content_type=kind)

    def staff(self, role: str = "owner", house: House | None = None) -> Client:
        return (house or self.glow).api((house or self.glow).cast.users[role])

    def slots(
        self,
        service: str = "consultation",
        *,
        house: House | None = None,
        first: str = "",
        last: str = "",
        **more: str,
    ) -> Any:
        house = house or self.glow
        query = {"service": str(house.cast.services[service].uid), "from": first or "2027-03-01"}
        return self.get(AVAILABILITY, house, **query, to=last or query["from"], **more)

    def slot(self, service: str = "consultation", *, house: House | None = None, place: int = 0) -> str:
        token: str = self.slots(service, house=house).json()["slots"][place]["token"]
        return token

    def book(self, slot: str | None = None, *, house: House | None = None, headers: dict[str, str] | None = None,
             body: dict[str, Any] | None = None, **patient: Any) -> Any:  # fmt: skip
        value = {"slot": slot or self.slot(house=house), "patient": {**WANDA, **patient}, **(body or {})}
        return self.post(BOOKINGS, value, house, **(headers or {}))

    def twilio(
        self, body: str, *, sid: str = "SM" + "ab" * 16, token: str = PROVIDER_TOKEN, sender: str = ""
    ) -> Any:
        params = {
            "AccountSid": f"AC{self.glow.clinic.uid.hex}",
            "MessageSid": sid,
            "From": sender or WANDA["phone"],
            "To": "+15125550100",
            "Body": body,
            "NumMedia": "0",
        }
        path = "/hooks/twilio/sms/"
        signature = RequestValidator(token).compute_signature(site_url("localhost", path), params)
        return Client(HTTP_HOST="localhost").post(path, params, headers={"X-Twilio-Signature": signature})


def tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
    )
    return [name for (name,) in cursor.fetchall() if not name.startswith(BESIDES)]


@dataclass(frozen=True)
class Row:
    """`failures`: "field code" of each, all of them. `adds`: how tables grow, when something is stored at all."""

    name: str
    send: Callable[[World], Any]
    status: int
    problem: str = ""
    failures: tuple[str, ...] = ()
    adds: dict[str, int] = field(default_factory=dict)
    promise: str = ""


def post_as(client: Client, path: str, value: object) -> Any:
    return client.post(path, json.dumps(value), content_type="application/json")


def kept(**patient: str) -> Callable[[World], Any]:
    """Accepted, and given back as it was typed."""

    def send(world: World) -> Any:
        answer = world.book(**patient)
        assert answer.status_code == 201, answer.content
        person = person_of(world, answer)
        given = world.staff().get(f"{PATIENTS}{person.uid}/").json()
        assert {name: given[name] for name in patient} == patient
        return answer

    return send


def person_of(world: World, answer: Any) -> Person:
    with enter(world.glow.clinic):
        return Appointment.objects.select_related("person").get(uid=answer.json()["id"]).person
