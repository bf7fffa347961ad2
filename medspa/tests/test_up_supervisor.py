"""The supervisor stops in order, revives what may die, names what may not, and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

import pytest

from medspa.embedded.process import ServerError, spawn
from medspa.embedded.supervisor import Part, PartDiedError, StopAskedError, Supervisor, rotate

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
FAILING = "print('no such table'); raise SystemExit(3)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Supervisor:
    return Supervisor(tmp_path / "log", said.append)


def part(name: str, code: str = SLEEPER, *, group: int = 1, revivable: bool = False) -> Part:
    def launch(output: IO[bytes]) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", code]
        return spawn(argv, death_signal=signal.SIGTERM, env=os.environ, cwd=Path("/"), output=output)

    return Part(name, launch, group, revivable=revivable)


def until(done: Callable[[], bool], supervisor: Supervisor | None = None, seconds: float = 8) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        if supervisor is not None:
            supervisor.tick()
        time.sleep(0.02)


def is_replaced(part: Part, before: "subprocess.Popen[bytes]") -> bool:
    return part.process is not before


def test_groups_stop_in_order(supervisor: Supervisor, said: list[str]) -> None:
    for name, group in (("postgres", 90), ("web", 10), ("worker", 30), ("provision", 30), ("redis", 80)):
        supervisor.start(part(name, group=group))
    supervisor.stop_all()
    assert said == [f"{name} stopped" for name in ("web", "worker", "provision", "redis", "postgres")]


def test_a_vital_part_that_dies_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    supervisor.start(part("postgres", "print('disk full', flush=True); import os; os.abort()"))
    try:
        with pytest.raises(PartDiedError, match=r"postgres ended \(killed by SIGABRT\)[^$]*disk full"):
            until(lambda: False, supervisor)
    finally:
        supervisor.stop_all()


def test_a_killed_worker_is_back_however_often(supervisor: Supervisor, said: list[str]) -> None:
    worker = part("worker", revivable=True)
    supervisor.start(worker)
    supervisor.settled = True
    for _ in range(7):
        before = worker.process
        assert before is not None
        before.kill()
        until(partial(is_replaced, worker, before), supervisor)
    assert said.count("worker started again") == 7
    supervisor.stop_all()


def test_a_worker_that_cannot_start_is_given_up(supervisor: Supervisor, said: list[str]) -> None:
    worker = part("worker", FAILING, revivable=True)
    worker.crashes = [time.monotonic()] * 3
    supervisor.start(worker)
    supervisor.settled = True
    with pytest.raises(PartDiedError, match=r"worker ended \(exit code 3\)[^$]*no such table"):
        until(lambda: False, supervisor, seconds=20)
    assert said == ["worker ended (exit code 3)", "worker started again"]
    supervisor.stop_all()


def test_before_all_runs_a_death_is_final(supervisor: Supervisor) -> None:
    supervisor.start(part("web", FAILING, revivable=True))
    with pytest.raises(PartDiedError, match="web ended"):
        until(lambda: False, supervisor)
    supervisor.stop_all()


def test_a_signal_ends_the_wait(supervisor: Supervisor) -> None:
    kept = {sig: signal.getsignal(sig) for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopAskedError):
            supervisor.wait(lambda: False, "never", seconds=5)
    finally:
        for sig, handler in kept.items():
            signal.signal(sig, handler)


def test_a_wait_ends_with_a_name(supervisor: Supervisor) -> None:
    with pytest.raises(ServerError, match="the web server was not ready after 0 s"):
        supervisor.wait(lambda: False, "the web server", seconds=0.1)


def test_a_step_shows_what_it_prints_and_fails_aloud(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    fine = [sys.executable, "-c", "print('clinic 1 of 2'); print('clinic 2 of 2')"]
    supervisor.run_step("demo", fine, os.environ, tmp_path)
    assert said == ["  clinic 1 of 2", "  clinic 2 of 2"]
    with pytest.raises(ServerError, match=r"demo failed \(exit code 3\)"):
        supervisor.run_step("demo", [sys.executable, "-c", FAILING], os.environ, tmp_path)
    assert said[-1] == "  no such table"


def test_a_step_beside_the_rest_is_stopped_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    step = supervisor.begin("collectstatic", [sys.executable, "-c", SLEEPER], os.environ, tmp_path)
    supervisor.stop_all()
    assert step.process.returncode is not None


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("yesterday")
    rotate(log)
    assert (tmp_path / "web.log.1").read_text() == "yesterday"
    assert log.read_text() == ""


CRASHING = """
import os, signal, sys, time
from pathlib import Path
from medspa.embedded.process import spawn
from medspa.embedded.supervisor import Part, Supervisor
supervisor = Supervisor(Path(sys.argv[1]), print)
supervisor.listen()
def launch(output):
    code = "import time; time.sleep(60)"
    argv = [sys.executable, "-c", code]
    return spawn(argv, death_signal=signal.SIGTERM, env=os.environ, cwd=Path("/"), output=output)
parts = [Part(f"child{n}", launch, n) for n in range(3)]
for part in parts:
    supervisor.start(part)
print(*[part.process.pid for part in parts], flush=True)
supervisor.watch()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PDEATHSIG is Linux's")
def test_nobody_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", CRASHING, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = [int(pid) for pid in process.stdout.readline().split()]
        assert len(children) == 3
        process.kill()
        process.wait()
    until(lambda: all(is_gone(pid) for pid in children), seconds=5)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
