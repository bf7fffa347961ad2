"""Run the benchmarks named on the command line, or all of them. Exit 1 when a target is missed."""

import sys

from benchmarks import search, uploads, w1, w2, w3, w6, w7, w8
from benchmarks.clinic import build
from benchmarks.stage import Stage

ALL = {"W1a", "W1b", "W2", "W3", "W6", "W7", "W8", "search", "uploads"}


def main(names: list[str]) -> int:
    wanted = set(names) or ALL
    if wanted - ALL:
        print(f"There are {', '.join(sorted(ALL))}.", file=sys.stderr)
        return 2
    if "W7" in wanted and not w7.can_run():
        if names:
            return 2
        wanted -= {"W7"}  # it was said why
    stage = Stage()
    stage.enter_django()
    ok = True
    if "search" in wanted:
        ok &= search.run(stage)
    if "W3" in wanted:
        ok &= w3.run(stage)
    if "uploads" in wanted:
        ok &= uploads.run(stage)
    if "W7" in wanted:
        ok &= w7.run()
    if wanted - {"W3", "W7", "W8", "search", "uploads"}:
        bench = build()
        stage.settle()
        print(f"# {bench.booked} appointments in {bench.clinic.slug}", file=sys.stderr)
        if wanted & {"W1a", "W1b"}:
            ok &= w1.run(stage, bench, wanted)
        if "W2" in wanted:
            ok &= w2.run(stage, bench)
        if "W6" in wanted:
            stage.settle()
            ok &= w6.run(stage, bench)
    if "W8" in wanted:
        ok &= w8.run(stage)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
