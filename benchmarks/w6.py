"""W6: a page with one query and a template, in a clinic, without tenancy, and the null answer."""

from statistics import median

from benchmarks.clinic import Bench
from benchmarks.measure import cost, report
from benchmarks.stage import Stage


def run(stage: Stage, bench: Bench) -> bool:
    host = f"{bench.clinic.slug}.localhost"
    schema = bench.clinic.schema_name
    tenancy = stage.serve("benchmarks.page:with_tenancy", DJANGO_SETTINGS_MODULE="benchmarks.page_tenancy")
    plain = stage.serve(
        "benchmarks.page:without_tenancy",
        DJANGO_SETTINGS_MODULE="benchmarks.page_plain",
        BENCH_SCHEMA=schema,
    )
    null = stage.serve("benchmarks.null:application")
    shared = stage.database_pids()
    # In turns, and each ratio from one turn alone, since the machine's speed drifts.
    rounds = [
        (
            cost(tenancy, host, "/", 800, shared),
            cost(plain, host, "/", 800, shared),
            cost(null, "localhost", "/", 1600),
        )
        for _ in range(9)
    ]
    page, bare, limit = (median(values) for values in zip(*rounds, strict=True))
    tenancy_ratio = median(page / bare for page, bare, _limit in rounds)
    null_ratio = median(page / limit for page, _bare, limit in rounds)
    unit = "CPU ms/request"
    first = report("W6 tenancy against none", page, unit, bare, 1.25, ratio=tenancy_ratio)
    return report("W6 page against null WSGI", page, unit, limit, 6, ratio=null_ratio) and first
