"""W8: one more clinic when there are 10, and when there are 60: provision, migrate with nothing to do, one request."""

import statistics
import time

from benchmarks.measure import cost, report
from benchmarks.stage import Stage

FEW, MANY = 10, 60


def run(stage: Stage) -> bool:
    from django.core.management import call_command

    from tenants import provisioning

    made: list[str] = []

    def grow_to(count: int) -> float:
        """The median time of the last five."""
        times = []
        while len(made) < count:
            slug = f"grown-{len(made)}"
            began = time.perf_counter()
            provisioning.create_clinic(slug=slug, name=slug)
            times.append(time.perf_counter() - began)
            made.append(slug)
        return statistics.median(times[-5:]) * 1000

    def migrate() -> float:
        """The median of nine, since one takes a few milliseconds only."""
        times = []
        for _ in range(9):
            began = time.perf_counter()
            call_command("migrate", verbosity=0)
            times.append(time.perf_counter() - began)
        return statistics.median(times) * 1000

    web = stage.serve("medspa.wsgi:application")
    shared = stage.database_pids()

    def request() -> float:
        return cost(web, f"{made[-1]}.localhost", "/api/v1/services/", 400, shared)

    few = grow_to(FEW), migrate(), request()
    many = grow_to(MANY), migrate(), request()
    names = ("W8 provision", "W8 migrate with nothing to do", "W8 request")
    units = ("ms", "ms", "CPU ms")
    found = [
        report(f"{name}, {MANY} against {FEW} clinics", after, unit, before, 1.5)
        for name, unit, before, after in zip(names, units, few, many, strict=True)
    ]
    return all(found)
