"""What somebody finds who steals a dump, a Redis, the logs, the temporary folder, or looks from the clinic next door:
of patients, nothing.

Everything that carries a person runs once, against real processes: pages, API, bad requests, messages out and in. Each
word that would tell on a patient is then looked for in every spelling, in clear, in hexadecimal and inside sessions.
"""

import base64
import os
import re
import subprocess
import zlib
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.contrib.sessions.models import Session

from medspa.embedded.postgres import install_folder
from messaging.models import Message
from patients.models import Person
from scheduling.models import Appointment
from tenants.context import enter
from tests.running import Product, open_slots, running
from tests.servers import database_names

pytestmark = pytest.mark.own_clinic
BOOKINGS, PATIENTS = "/api/v1/bookings/", "/api/v1/patients/"


@dataclass(frozen=True)
class Canary:
    """A patient whose every word is found nowhere else."""

    first: str
    last: str
    mail: str
    phone: str  # ten digits
    born: str
    note: str

    @property
    def typed(self) -> dict[str, str]:
        return {"first_name": self.first, "last_name": self.last, "email": self.mail, "phone": self.phone,
                "date_of_birth": self.born}  # fmt: skip

    @property
    def words(self) -> list[str]:
        area, office, line = self.phone[:3], self.phone[3:6], self.phone[6:]
        year, month, day = self.born.split("-")
        phones = (self.phone, f"({area}) {office}-{line}", f"{area}-{office}-{line}", f"{area}.{office}.{line}",
                  f"{area} {office} {line}", f"%2B1{self.phone}")  # fmt: skip
        births = (self.born, f"{month}/{day}/{year}", f"{day}.{month}.{year}", f"{year}{month}{day}")
        mails = (self.mail, self.mail.replace("@", "%40"), self.mail.partition("@")[0])
        return [self.first, self.last, *mails, *phones, *births, self.note]


GLOW = [
    Canary("Zephyrine", "Quacksalver", "zephyrine.q@canarymail.example", "3125550147", "1931-07-29", "kumquat allergy"),
    Canary("Balthazarius", "Pumpernickel", "balthazarius@canarymail.example", "2125550158", "1933-11-05", "wooden leg"),
    Canary("Philomenata", "Snollygoster", "philomenata@canarymail.example", "6465550163", "1935-02-17", "faints at noon"),
]  # fmt: skip
RIVAL = [
    Canary(
        "Clodomirus",
        "Whiffenpoof",
        "clodomirus@otherbird.example",
        "4155550171",
        "1937-05-13",
        "hates mangosteen",
    ),
]
# Said in places where words of people do not belong: addresses, headers, broken bodies.
STRAY = Canary(
    "Ermengarde", "Flibbertigibbet", "ermengarde@straybird.example", "7735550189", "1939-09-19", "stray note"
)
EVERYBODY = [*GLOW, *RIVAL, STRAY]


@pytest.fixture(scope="module")
def product(django_db_setup):
    with running(doors=True, PUBLIC_RATE_LIMIT="0", LOG_LEVEL="DEBUG") as product:
        product.connect()
        product.web(processes=1, threads=8)
        yield product


@pytest.mark.promise("P62")
@pytest.mark.promise("P141")
@pytest.mark.promise("P145")
@pytest.mark.promise("P154")
@pytest.mark.promise("P158")
def test_no_word_of_a_patient_outside_the_vault(product, new_clinic):
    glow, rival = new_clinic("glow"), new_clinic("rival")
    product.connect(glow, rival)
    for house, people in ((glow, GLOW), (rival, RIVAL)):
        live(product, house, people)
    stray(product, glow)
    in_the_queue = redis_text(product)
    assert "send_messages" in in_the_queue  # what waits for the worker is there, and only by its id
    assert told(in_the_queue) == []
    product.worker()
    product.sweep()
    answer_by_text(product, glow, rival)
    for house, people in ((glow, GLOW), (rival, RIVAL)):
        everything_happened(house, people)
    mine = look_around(product, glow)
    assert {canary.last for canary in GLOW} <= set(told(mine))
    theirs = look_around(product, rival)
    assert found(theirs, [*GLOW, STRAY]) == []
    assert found(mine, RIVAL) == []
    for name, text in stores(product, glow, rival).items():
        assert told(text) == [], name


def told(text: str) -> list[str]:
    return found(text, EVERYBODY)


def found(text: str, canaries: list[Canary]) -> list[str]:
    """Words of these people in the text: in any case, and as bytes written in hexadecimal."""
    lower = text.lower()
    words = [word for canary in canaries for word in canary.words]
    return [word for word in words if word.lower() in lower or word.encode().hex() in lower]


# --- Everything that carries a person ----------------------------------------------------------------------


def live(product: Product, house: Any, people: list[Canary]) -> None:
    """Booked by API, by the pages, and by the desk; read, searched, changed, cancelled."""
    browser = product.browser(house)
    version = browser.get("/api/v1/booking-texts/").json["service_sms"]["version"]
    consents = {"service_sms": True, "text_version": version}
    slots = open_slots(browser, house, "consultation", first=3, days=3)
    first, *others = people
    body = {"slot": slots[0]["token"], "patient": first.typed, "consents": consents, "notes": first.note}
    booked = browser.post(BOOKINGS, body, **{"Idempotency-Key": f"{first.first}-books"})
    assert booked.status == 201, booked.body
    if others:
        by_the_pages(product, house, others[0], slots[7]["token"])
        by_the_desk(product, house, others[1], slots[14])
    owner = product.api(house)
    for canary in people:
        for query in (canary.first, canary.last[:4], canary.mail, canary.phone):
            assert canary.last in owner.get(PATIENTS, q=query).text
    person = owner.get(PATIENTS, q=first.mail).json["results"][0]["id"]
    assert owner.ask("PATCH", f"{PATIENTS}{person}/", b'{"language": "es"}', JSON).status == 200
    token = booked.json["manage_url"].rstrip("/").rpartition("/")[2]
    cancel = browser.post(f"{BOOKINGS}{token}/cancel/", {"reason": first.note})
    assert cancel.status == 200, cancel.body


JSON = {"Content-Type": "application/json"}


def by_the_pages(product: Product, house: Any, canary: Canary, slot: str) -> None:
    """Once with a mistake, so that the form comes back filled in."""
    browser = product.browser(house)
    service = house.cast.services["consultation"].uid
    browser.open(f"/book/{service}/time/")
    held = browser.submit(f"/book/{service}/time/", slot=slot)
    assert held.status == 303, held.text[-2000:]
    path = held.headers["location"]
    for born in ("31/31/1931", canary.born):
        page = browser.open(path)
        typed = {**hidden(page), **canary.typed, "date_of_birth": born, "notes": canary.note}
        answer = browser.submit(path, **typed)
    assert answer.status == 303, answer.text[-3000:]
    assert browser.get(answer.headers["location"]).status == 200


def hidden(page: str) -> dict[str, str]:
    """What the form carries along by itself."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def by_the_desk(product: Product, house: Any, canary: Canary, slot: dict) -> None:
    cast, desk = house.cast, product.api(house, "front_desk")
    made = desk.post(PATIENTS, canary.typed)
    assert made.status == 201, made.body
    body = {
        "service": str(cast.services["consultation"].uid),
        "provider": slot["provider"]["id"],
        "start": slot["start"],
        "patient": made.json["id"],
        "notes": canary.note,
    }
    booked = desk.post("/api/v1/appointments/", body)
    assert booked.status == 201, booked.body
    assert (
        desk.post(f"/api/v1/appointments/{booked.json['id']}/cancel/", {"reason": canary.note}).status == 200
    )


def stray(product: Product, house: Any) -> None:
    """Where nobody should put them: query strings, paths, headers, broken bodies, and while the vault is away."""
    browser, owner = product.browser(house, User_Agent=f"{STRAY.first} {STRAY.mail}"), product.api(house)
    for word in STRAY.words:
        quoted = word.replace(" ", "+")
        assert owner.get(PATIENTS, q=word).status == 200
        assert browser.get("/book/", name=word).status == 200
        assert browser.get(f"/{quoted}/").status == 404
        assert browser.get(f"{BOOKINGS}{quoted}/", **{"from": word}).status == 404
        assert browser.ask("POST", BOOKINGS, f'{{"patient": "{word}'.encode(), JSON).status == 400
        assert browser.post(BOOKINGS, {"slot": word, "patient": STRAY.typed}).status == 422
        assert browser.get("/api/v1/availability/", service=word, **{"from": word, "to": word}).status == 422
    for path in (
        f"/desk/?q={STRAY.mail}",
        f"/desk/patients/?q={STRAY.first}",
        f"/desk/sign-in/?next=/{STRAY.last}/",
    ):
        assert browser.get(path).status in (200, 302)
    browser.form("/desk/sign-in/", email=STRAY.mail, password=STRAY.note)
    assert product.vault is not None
    slot = open_slots(browser, house, "consultation")[30]["token"]
    product.vault.shut()
    assert browser.post(BOOKINGS, {"slot": slot, "patient": STRAY.typed, "notes": STRAY.note}).status in (
        201,
        503,
    )
    product.vault.open()
    product.wait_until(lambda: product.browser("localhost").get("/readyz").status == 200, "the vault")


def answer_by_text(product: Product, glow: Any, rival: Any) -> None:
    for house, canary in ((glow, GLOW[0]), (rival, RIVAL[0])):
        product.wait_until(lambda canary=canary: product.sent(to=f"+1{canary.phone}", kind="sms"), "a text")
        for text in (f"This is {canary.first} {canary.last}, {canary.note}", "HELP", "STOP"):
            assert product.text_in(house, f"+1{canary.phone}", text)["status"] == 200


def everything_happened(house: Any, people: list[Canary]) -> None:
    """Else there would be nothing to find."""
    with enter(house.clinic):
        there = {person.last_name: person for person in Person.objects.all()}
        for canary in people:
            assert there[canary.last].first_name == canary.first
            assert str(there[canary.last].date_of_birth) == canary.born
        assert people[0].note in {visit.note for visit in Appointment.objects.all()}
        bodies = {message.body for message in Message.objects.filter(direction="in")}
        assert any(people[0].note in body for body in bodies)


# --- Where to look -----------------------------------------------------------------------------------------


def look_around(product: Product, house: Any) -> str:
    """What the staff and the public of a clinic can see, asked with everybody's names, numbers and addresses."""
    paths = [
        "/",
        "/book/",
        f"/book/{house.cast.services['consultation'].uid}/time/",
        "/desk/",
        "/desk/patients/",
    ]
    browser, api = house.client(house.cast.owner), product.api(house)
    bodies = [browser.get(path).content.decode() for path in paths]
    lists = [
        PATIENTS,
        "/api/v1/audit-events/",
        "/api/v1/appointments/?from=2026-01-01&to=2026-03-31",
        "/api/v1/services/",
    ]
    bodies += [api.get(path).text for path in lists]
    for canary in EVERYBODY:
        for query in (canary.first, canary.last, canary.mail, canary.phone):
            bodies += [one["last_name"] + one["email"] for one in api.get(PATIENTS, q=query).json["results"]]
            answer = browser.get("/desk/search/", {"q": query}, headers={"HX-Request": "true"})
            bodies.append(answer.content.decode().replace(query, ""))
    return "\n".join(bodies)


def stores(product: Product, *houses: Any) -> dict[str, str]:
    files = [path for name in ("tmp", "var", "log") for path in sorted((product.folder / name).rglob("*"))]
    texts = {str(path): path.read_bytes().decode("latin-1") for path in files if path.is_file()}
    assert any(path.endswith("web.log") and "/api/v1/" in text for path, text in texts.items())
    return texts | {
        "Redis": redis_text(product),
        "the main database": dump("MEDSPA_TEST_MAIN_SUPERUSER", database_names()[0]),
        "the vault": dump("MEDSPA_TEST_VAULT_SUPERUSER", database_names()[1]),
        "the sessions": "".join(sessions_of(house) for house in houses),
    }


def dump(superuser: str, database: str) -> str:
    url = urlsplit(os.environ[superuser])._replace(path=f"/{database}").geturl()
    program: Path = install_folder() / "bin" / "pg_dump"
    done = subprocess.run([str(program), url], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "COPY " in text
    return text


def redis_text(product: Product) -> str:
    """Every key with its value, of the cache and of the queue; tasks unpacked."""
    lines = []
    for number in (0, 1):
        client = redis.Redis.from_url(product.redis.url.replace("db=0", f"db={number}"))
        for key in client.scan_iter():
            read = {b"string": client.get, b"hash": client.hgetall, b"set": client.smembers,
                    b"list": lambda key: client.lrange(key, 0, -1), b"zset": lambda key: client.zrange(key, 0, -1)}  # noqa: B023  # fmt: skip
            lines.append(f"{key!r} {read[client.type(key)](key)!r}")
    text = "\n".join(lines)
    bodies = [
        base64.b64decode(body).decode("latin-1") for body in re.findall(r'"body": "([A-Za-z0-9+/=]+)"', text)
    ]
    return text + "\n".join(bodies)


def sessions_of(house: Any) -> str:
    """As the server reads them: packed, they would hide a word."""
    with enter(house.clinic):
        packed = list(Session.objects.values_list("session_data", flat=True))
    return "".join(unpacked(one) for one in packed)


def unpacked(session: str) -> str:
    payload, is_packed = session.lstrip(".").split(":")[0], session.startswith(".")
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return (zlib.decompress(raw) if is_packed else raw).decode()
