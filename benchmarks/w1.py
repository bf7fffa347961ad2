"""W1: free starts of one service, any provider, through HTTP, against a null WSGI answer of the same server."""

from datetime import timedelta

from benchmarks.clinic import Bench
from benchmarks.measure import cost, report
from benchmarks.stage import Stage


def run(stage: Stage, bench: Bench, wanted: set[str]) -> bool:
    web = stage.serve("medspa.wsgi:application")
    null = stage.serve("benchmarks.null:application")
    shared = stage.database_pids()
    limit = cost(null, "localhost", "/", 4000)
    ok = True
    for name, days, target, count in (("W1a", 29, 12, 200), ("W1b", 0, 6, 800)):
        if name in wanted:
            last = bench.first_day + timedelta(days=days)
            path = f"/api/v1/availability/?service={bench.service.uid}&from={bench.first_day}&to={last}"
            value = cost(web, f"{bench.clinic.slug}.localhost", path, count, shared)
            ok &= report(name, value, "CPU ms/request", limit, target)
    return ok
