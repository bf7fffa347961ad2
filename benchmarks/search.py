"""Search by name among 20 000 patients through HTTP, in workers that have just started, while another client adds five a second."""

import random
import time
from threading import Event, Thread
from typing import Any

from benchmarks.measure import Client, report
from benchmarks.stage import Stage

PATIENTS, BATCH, SEARCHES, A_SECOND = 20_000, 500, 400, 5
TOKEN = "medspa-bench-search-token"
FIRST = [
    "Ana",
    "Ben",
    "Carla",
    "Dmitri",
    "Elena",
    "Farid",
    "Greta",
    "Hiro",
    "Ines",
    "Jonas",
    "Kira",
    "Liam",
    "Maya",
    "Noor",
    "Olga",
    "Pavel",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
]
LAST = [
    "Alvarez",
    "Brooks",
    "Chen",
    "Diaz",
    "Evans",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ito",
    "Jensen",
    "Kim",
    "Lopez",
    "Meyer",
    "Nguyen",
    "Okafor",
    "Park",
    "Quist",
    "Rossi",
]
ENDS = [
    "a",
    "e",
    "i",
    "o",
    "u",
    "son",
    "ton",
    "man",
    "ley",
    "ford",
    "berg",
    "well",
    "ham",
    "wood",
    "field",
    "stone",
]


def run(stage: Stage) -> bool:
    clinic, names = build()
    stage.settle()
    host = f"{clinic.slug}.localhost"
    limit = p95(Client(stage.serve("benchmarks.null:application").port, host), ["/"] * SEARCHES, {})
    port = stage.serve("medspa.wsgi:application").port  # nobody has asked it anything yet
    headers = {"Authorization": f"Bearer {TOKEN}"}
    stop = Event()
    adding = Thread(target=add, args=(Client(port, host), headers, stop))
    adding.start()
    dice = random.Random(7)
    asked = [f"/api/v1/patients/?q={query(dice.choice(names), dice)}" for _ in range(SEARCHES)]
    try:
        found = p95(Client(port, host), asked, headers)
    finally:
        stop.set()
        adding.join()
    return report("name search p95", found * 1000, "ms", limit * 1000, 12)


def build() -> tuple[Any, list[tuple[str, str]]]:
    from accounts.models import ApiToken, User
    from accounts.roles import permissions_of_role
    from accounts.tokens import token_hash
    from audit.actors import job
    from core.clock import now
    from patients import actions
    from patients.rules import Details
    from practice import actions as practice
    from tenants import provisioning
    from tenants.context import enter

    at, by, dice = now(), job("bench"), random.Random(3)
    clinic = provisioning.create_clinic(slug="search", name="Search", is_demo=True)
    provisioning.sign_baa(clinic, signer_name="Ben", at=at)
    names = [
        (dice.choice(FIRST) + dice.choice(ENDS), dice.choice(LAST) + dice.choice(ENDS))
        for _ in range(PATIENTS)
    ]
    with enter(clinic):
        practice.update_profile(name="Search", phone="+15125550100", by=by)
        practice.create_location(name="Main", timezone="America/Chicago", state="TX", by=by)
        user = User.objects.create(
            email="ben@search.example", display_name="Ben", role="front_desk", created_at=at
        )
        ApiToken.objects.create(
            user=user,
            name="bench",
            token_hash=token_hash(TOKEN),
            prefix=TOKEN[:10],
            scopes=sorted(permissions_of_role("front_desk")),
            created_at=at,
        )
        for start in range(0, PATIENTS, BATCH):
            many = [
                Details(first, last, f"p{start + number}@example.com", f"+1512{start + number:07d}")
                for number, (first, last) in enumerate(names[start : start + BATCH])
            ]
            actions.create_people(many, by=by, at=at)
    return clinic, names


def query(name: tuple[str, str], dice: random.Random) -> str:
    """As the desk types: the beginning of a last name, of both names, or a whole name."""
    first, last = name
    return dice.choice((last[:4], f"{first[:2]}+{last[:3]}", f"{first}+{last}"))


def p95(client: Client, paths: list[str], headers: dict[str, str]) -> float:
    """Seconds, the first answers of cold workers among them."""
    took = []
    for path in paths:
        began = time.perf_counter()
        status, body = client.call("GET", path, headers=headers)
        took.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {body[:200]!r}")
    return sorted(took)[int(len(took) * 0.95)]


def add(client: Client, headers: dict[str, str], stop: Event) -> None:
    number = 0
    while not stop.wait(1 / A_SECOND):
        number += 1
        body = {"first_name": "New", "last_name": f"Comer{number}", "email": f"new{number}@example.com"}
        status, answer = client.call("POST", "/api/v1/patients/", body, headers)
        if status != 201:
            raise RuntimeError(f"adding answered {status}: {answer[:200]!r}")
