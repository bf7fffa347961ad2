"""Trouble on order: errors, silence and cut connections for the next calls to a provider."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.wire import BadRequest, ConnectionCut, Response

PROVIDERS = ("twilio", "resend", "openai")
LONGEST_HANG = 300
MOST_TIMES = 100_000


@dataclass(frozen=True)
class Fault:
    """`accepted`: the provider did take the message although the caller never learns it."""

    provider: str
    times: int
    status: int | None = None
    code: str = ""
    hang_seconds: float = 0
    reset: bool = False
    accepted: bool = False
    every_call: bool = False  # otherwise only those that send

    def play(self, answer: Callable[[], Response], refuse: Callable[[int, str], Response]) -> Response:
        response = answer() if self.accepted else None
        time.sleep(self.hang_seconds)
        if self.reset:
            raise ConnectionCut
        if self.status is not None:
            return refuse(self.status, self.code)
        return response or refuse(503, self.code)

    def shown(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "times": self.times,
            "status": self.status,
            "hang_seconds": self.hang_seconds,
            "reset": self.reset,
            "accepted": self.accepted,
            "calls": "all" if self.every_call else "send",
        }


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """In order of arrival; zero times takes away what was armed for the provider."""
        with self._lock:
            if fault.times:
                self._armed.append(fault)
            else:
                self._armed = [other for other in self._armed if other.provider != fault.provider]

    def take(self, provider: str, *, sending: bool) -> Fault | None:
        with self._lock:
            for place, fault in enumerate(self._armed):
                if fault.provider == provider and (sending or fault.every_call):
                    left = replace(fault, times=fault.times - 1)
                    self._armed[place : place + 1] = [left] if left.times else []
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._armed = []

    def shown(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.shown() for fault in self._armed]


def read_fault(order: dict[str, Any]) -> Fault:
    """A fault from the JSON of POST /simulate/fault, or every reason why not."""
    problems = []
    status, hang, reset = order.get("status"), order.get("hang_seconds"), order.get("reset", False)
    times = order.get("times", 1)
    unknown = set(order) - {
        "provider",
        "status",
        "hang_seconds",
        "reset",
        "times",
        "code",
        "accepted",
        "calls",
    }
    if unknown:
        problems.append(f"Unknown: {', '.join(sorted(unknown))}.")
    if order.get("provider") not in PROVIDERS:
        problems.append("provider must be one of twilio, resend, openai.")
    if not _whole(times, 0, MOST_TIMES):
        problems.append(f"times must be a whole number from 0 to {MOST_TIMES}.")
    if status is not None and not _whole(status, 400, 599):
        problems.append("status must be an HTTP error status, 400 to 599.")
    if hang is not None and not _number(hang, LONGEST_HANG):
        problems.append(f"hang_seconds must be a number above 0, at most {LONGEST_HANG}.")
    if not isinstance(reset, bool):
        problems.append("reset must be true or false.")
    if times != 0 and status is None and hang is None and reset is not True:
        problems.append("One of status, hang_seconds, reset is needed.")
    if order.get("calls", "send") not in {"send", "all"}:
        problems.append('calls must be "send" or "all".')
    if not isinstance(order.get("accepted", False), bool):
        problems.append("accepted must be true or false.")
    if problems:
        raise BadRequest(*problems)
    return Fault(
        provider=order["provider"],
        times=times,
        status=status,
        code=str(order.get("code", "")),
        hang_seconds=hang or 0,
        reset=reset,
        # Without an error status the worst case: taken, and the sender cannot know.
        accepted=order.get("accepted", status is None),
        every_call=order.get("calls") == "all",
    )


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most
