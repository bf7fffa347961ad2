"""CPU time of process trees, load from a few clients, and the line that each benchmark prints."""

import http.client
import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.stage import Served

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of the processes and of all their children, also of those that ended."""
    parents: dict[int, int] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            times[int(entry.name)] = sum(int(value) for value in fields[11:15]) / TICK
    wanted = set(pids)
    while found := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= found
    return sum(times.get(pid, 0.0) for pid in wanted)


class Client:
    """One keep-alive connection to a host name, dialled on loopback."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        sent = {"Host": f"{self.host}:{self.port}", **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        try:
            self.connection.request(method, path, data, sent)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            self.connection.request(method, path, data, sent)
            answer = self.connection.getresponse()
            return answer.status, answer.read()


def in_parallel(count: int, work: Callable[[int], object]) -> None:
    """`work(0)` … `work(count - 1)` at once; the first error of any of them is raised here."""
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work, number) for number in range(count)]:
            done.result()


def cost(served: Served, host: str, path: str, requests: int, shared: Iterable[int] = ()) -> float:
    """CPU milliseconds a request by two clients, the server and the databases that it shares together."""
    clients, port, pids = 2, served.port, [served.pid, *shared]

    def load(number: int) -> None:
        client = Client(port, host)
        for _ in range(requests // clients):
            status, body = client.call("GET", path)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}: {body[:200]!r}")

    in_parallel(8, lambda number: Client(port, host).call("GET", path))
    before = cpu_seconds(pids)
    in_parallel(clients, load)
    time.sleep(0.1)
    return (cpu_seconds(pids) - before) * 1000 / requests


def report(
    name: str, value: float, unit: str, limit: float, target: float, *, ratio: float | None = None
) -> bool:
    """One JSON object a line; `ok` is whether the ratio holds its target."""
    found = value / limit if ratio is None else ratio
    ok = found <= target
    line = {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "limit": round(limit, 3),
        "ratio": round(found, 3),
        "target": target,
        "ok": ok,
    }
    print(json.dumps(line), flush=True)
    return ok
