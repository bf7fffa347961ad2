"""W2: fifty clients at once want one slot, sixty times, through HTTP; audit and vault on."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from benchmarks.clinic import Bench
from benchmarks.measure import Client, in_parallel, report
from benchmarks.stage import Stage

CLIENTS, ROUNDS, ALONE = 50, 60, 40


def run(stage: Stage, bench: Bench) -> bool:
    port = stage.serve("medspa.wsgi:application").port
    host = f"{bench.clinic.slug}.localhost"
    first = Client(port, host)
    chosen = apart(open_slots(first, bench), ALONE + ROUNDS)
    clients = [Client(port, host) for _ in range(CLIENTS)]
    for client in clients:
        client.call("GET", "/api/v1/services/")
    alone = [timed(partial(book, first, slot["token"], 0)) for slot in chosen[:ALONE]]
    limit = sorted(alone)[len(alone) // 2]
    worst, wrong = 0.0, 0
    for number, slot in enumerate(chosen[ALONE:]):
        answers: Counter[str] = Counter()

        def attempt(index: int, token: str = slot["token"], into: Counter[str] = answers) -> None:
            into[book(clients[index], token, index)] += 1

        worst = max(worst, timed(lambda: in_parallel(CLIENTS, attempt)))
        if answers != Counter({"booked": 1, "taken": CLIENTS - 1}):
            wrong += 1
            print(json.dumps({"round": number, "answers": dict(answers)}), flush=True)
    right = report("W2 rounds without exactly one winner", wrong, "rounds", ROUNDS, 0)
    return report("W2 worst round", worst * 1000, "ms", limit * 1000, 15) and right


def open_slots(client: Client, bench: Bench) -> list[dict[str, str]]:
    """What is open in the four months after the tenth day; the API gives two at a time."""
    found: list[dict[str, str]] = []
    for begin in (10, 71):
        days = [bench.first_day + timedelta(days=begin + more) for more in (0, 60)]
        query = f"service={bench.service.uid}&from={days[0]}&to={days[1]}"
        found += json.loads(client.call("GET", f"/api/v1/availability/?{query}")[1])["slots"]
    random.Random(1).shuffle(found)
    return found


def apart(slots: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    """Slots of different days, so that no round takes another's provider, room or device."""
    found: dict[str, dict[str, str]] = {}
    for slot in slots:
        found.setdefault(slot["start"][:10], slot)
    chosen = list(found.values())[:count]
    if len(chosen) < count:
        raise RuntimeError(f"only {len(chosen)} slots apart")
    return chosen


def book(client: Client, token: str, index: int) -> str:
    person = {
        "first_name": "Race",
        "last_name": f"Runner {index}",
        "email": f"runner{index}@example.com",
        "phone": f"+1512555{1000 + index}",
        "date_of_birth": "1990-04-05",
    }
    status, body = client.call("POST", "/api/v1/bookings/", {"slot": token, "patient": person})
    if status == 201:
        return "booked"
    if status == 409 and b"slot-taken" in body:
        return "taken"
    return f"{status} {body[:120]!r}"


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
