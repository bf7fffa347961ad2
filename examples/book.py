"""Books a visit by the API, moves it, and cancels it. Needs Python 3.11 and nothing else.

    python examples/book.py http://glow.localhost:8000
    python examples/book.py https://glow.example.com --service Consultation --keep

docs/api.md explains each step.
"""

import argparse
import http.client
import json
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

TRIES = 4


class Refused(Exception):
    """A problem (RFC 9457): `kind` for programs, the rest for people."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.kind = str(problem.get("type", "")).rpartition("/")[2]
        self.errors = problem.get("errors", [])
        said = [str(problem.get("title", "")), str(problem.get("detail", ""))]
        said += [f"{one['field']}: {one['message']}" for one in self.errors]
        super().__init__(f"{status} {self.kind}: " + " ".join(filter(None, said)))


class Api:
    """The API of one clinic."""

    def __init__(self, site: str, token: str = "") -> None:
        self.site = urlsplit(site)
        self.token = token

    def get(self, path: str, **query: str) -> Any:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, value: dict[str, Any]) -> Any:
        """The key makes it safe to ask again when an answer was lost: nothing is booked twice."""
        return self.ask("POST", path, value, {"Idempotency-Key": str(uuid.uuid4())})

    def ask(self, method: str, path: str, value: Any = None, headers: dict[str, str] | None = None) -> Any:
        headers = {"Accept": "application/json", "Host": self.site.netloc, **(headers or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None
        if value is not None:
            body, headers["Content-Type"] = json.dumps(value), "application/json"
        for attempt in range(TRIES):
            try:
                status, wait, text = self.send(method, f"/api/v1{path}", body, headers)
            except OSError:
                if attempt == TRIES - 1:
                    raise
                status, wait, text = 503, 1 + attempt, "{}"
            if status not in (429, 503) or attempt == TRIES - 1:
                break
            time.sleep(wait)
        if status >= 400:
            raise Refused(status, json.loads(text))
        return json.loads(text) if text else None

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, int, str]:
        host = self.site.hostname or ""
        # Names below .localhost are this machine, though few resolvers know them.
        dialled = "127.0.0.1" if host.endswith(".localhost") else host
        https = self.site.scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = kind(dialled, self.site.port or (443 if https else 80), timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, int(answer.getheader("Retry-After") or 1), answer.read().decode()
        finally:
            connection.close()


def slots_of(api: Api, service: str) -> list[dict[str, Any]]:
    """Free times from three days on, so that the visit can still be moved and cancelled online."""
    first = datetime.now(UTC).date() + timedelta(days=3)
    span = {"from": first.isoformat(), "to": (first + timedelta(days=20)).isoformat()}
    found: list[dict[str, Any]] = api.get("/availability/", service=service, **span)["slots"]
    if not found:
        raise SystemExit("There is no free time in these three weeks.")
    return found


def take(slots: list[dict[str, Any]], attempt: Any) -> Any:
    """The first slot that is still free when we come: others book too."""
    for slot in slots:
        try:
            return attempt(slot["token"])
        except Refused as refused:
            if refused.kind not in {"slot-taken", "slot-expired"}:
                raise
    raise SystemExit("All these times have just been taken.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("site", help="the clinic's address, such as http://glow.localhost:8000")
    parser.add_argument("--service", default="", help="its name; the first of the list without it")
    parser.add_argument("--token", default="", help="an API token; the public part needs none")
    parser.add_argument("--keep", action="store_true", help="leave the visit in the calendar")
    given = parser.parse_args()
    api = Api(given.site, given.token)

    services = api.get("/services/")["results"]
    for one in services:
        price = one["price"]
        print(
            f"  {one['name']}, {one['duration_minutes']} min, {price['amount'] / 100:.2f} {price['currency']}"
        )
    chosen = next((one for one in services if given.service in ("", one["name"])), None)
    if chosen is None:
        raise SystemExit(f"There is no service “{given.service}”.")

    texts = api.get("/booking-texts/")
    details: dict[str, Any] = {
        "patient": {
            "first_name": "Wanda",
            "last_name": "Webb",
            "email": "wanda.webb@example.com",
            "phone": "+13125550147",
            "date_of_birth": "1990-04-23",
        },
        "notes": "Booked by examples/book.py",
    }
    if texts["service_sms"]:  # here a real program shows the text and asks
        details["consents"] = {"service_sms": True, "text_version": texts["service_sms"]["version"]}

    slots = slots_of(api, chosen["id"])
    booked = take(slots, lambda slot: api.post("/bookings/", {"slot": slot, **details}))
    print(f"booked     {booked['service']['name']} on {booked['start']} with {booked['provider']['name']}")
    print(f"           {booked['manage_url']}")

    token = booked["manage_url"].rstrip("/").rpartition("/")[2]
    others = [slot for slot in reversed(slots_of(api, chosen["id"])) if slot["start"] != booked["start"]]
    moved = take(others, lambda slot: api.post(f"/bookings/{token}/reschedule/", {"slot": slot}))
    print(f"moved to   {moved['start']}, to be changed until {moved['changeable_until']}")
    if given.keep:
        return
    cancelled = api.post(f"/bookings/{token}/cancel/", {"reason": "It was only an example"})
    print(f"{cancelled['status']}  {cancelled['start']}")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"refused: {refused}")
