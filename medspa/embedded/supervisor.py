"""Runs parts as children: starts them, watches them, revives some, stops all in order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from medspa.embedded.process import ServerError, spawn, stop

TICK = 0.1
_TAIL_BYTES = 4000
_CRASHES_ALLOWED, _CRASH_WINDOW = 5, 60.0
_STOP_PYTHON = ((signal.SIGTERM, 12.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))

Launch = Callable[[IO[bytes]], "subprocess.Popen[bytes]"]


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM."""


class PartDiedError(ServerError):
    """A part ended that must not, or again and again."""


@dataclass
class Part:
    """One child. `group` is its place in the order of stopping; equal ones stop together."""

    name: str
    launch: Launch
    group: int
    revivable: bool = False
    halt: Sequence[tuple[signal.Signals, float]] = _STOP_PYTHON
    after: Callable[[], None] | None = None  # once it is stopped: give locks back
    process: subprocess.Popen[bytes] | None = None
    crashes: list[float] = field(default_factory=list)
    again_at: float | None = None

    def fell(self, code: int, now: float) -> bool:
        """Plan the revival; False when it crashed too often for that."""
        if code == -signal.SIGKILL:  # killed from outside: no sign that the next one would fail
            self.again_at = now + TICK
            return True
        self.crashes = [moment for moment in self.crashes if moment > now - _CRASH_WINDOW] + [now]
        self.again_at = now + min(0.25 * 2 ** len(self.crashes), 8.0)
        return len(self.crashes) < _CRASHES_ALLOWED


@dataclass(frozen=True)
class Step:
    """One child that is expected to end, and its log as far as it was shown."""

    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]


class Supervisor:
    """Only for the main thread: children die with the thread that forked them."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self.logs = logs
        self.say = say
        self.parts: list[Part] = []
        self.steps: list[Step] = []
        self.settled = False  # from then on, what may be revived is
        self._asked = False

    def listen(self) -> None:
        """Before the first child: a signal during a slow start must find its handler."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self._on_signal)

    def start(self, part: Part) -> None:
        rotate(self.log_of(part.name))
        self._launch(part)
        self.parts.append(part)

    def wait(self, done: Callable[[], bool], what: str, *, seconds: float) -> None:
        """Until `done()`, while everything that was started still lives."""
        deadline = time.monotonic() + seconds
        while not done():
            self.tick()
            if time.monotonic() > deadline:
                raise ServerError(f"{what} was not ready after {seconds:.0f} s; see {self.logs}")
            time.sleep(TICK / 4)

    def run_step(self, name: str, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self.finish(self.begin(name, argv, env, cwd))

    def begin(self, name: str, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> Step:
        """A child with an end; what it prints goes to its log and to the terminal."""
        log = self.log_of(name)
        rotate(log)
        with log.open("wb") as output:
            child = spawn(argv, death_signal=signal.SIGTERM, env=env, cwd=cwd, output=output)
        step = Step(name, child, log.open("rb"))
        self.steps.append(step)
        return step

    def finish(self, step: Step) -> None:
        """Wait for its end; a failure is said aloud."""
        while step.process.poll() is None:
            self.tick()
            time.sleep(TICK / 4)
        self._echo(step)
        self._forget(step)
        if step.process.returncode:
            log = self.log_of(step.name)
            raise ServerError(
                f"{step.name} failed ({_ending(step.process.returncode)}); all of it is in {log}"
            )

    def tick(self) -> None:
        """One look at the signals and at every child."""
        if self._asked:
            raise StopAskedError
        for part in self.parts:
            self._look_after(part, time.monotonic())
        for step in self.steps:
            self._echo(step)

    def watch(self) -> None:
        """Until asked to stop, or until a part is beyond help."""
        self.settled = True
        while True:
            self.tick()
            time.sleep(TICK)

    def stop_all(self) -> None:
        """Group by group; within one, all are asked first and then waited for."""
        for step in list(self.steps):
            stop(step.process, _STOP_PYTHON)
            self._forget(step)
        for group in sorted({part.group for part in self.parts}):
            together = [part for part in self.parts if part.group == group]
            for part in together:
                if part.process is not None and part.process.poll() is None:
                    part.process.send_signal(part.halt[0][0])
            for part in together:
                self._finish(part)
        self.parts.clear()

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _finish(self, part: Part) -> None:
        if part.process is not None:
            patience = (part.halt[0][0], part.halt[0][1])
            gently = _wait(part.process, patience[1]) or stop(part.process, part.halt[1:])
            self.say(f"{part.name} stopped" if gently else f"{part.name} had to be killed")
        if part.after is not None:
            part.after()

    def _look_after(self, part: Part, now: float) -> None:
        if part.again_at is not None:
            if now >= part.again_at:
                part.again_at = None
                self._launch(part)
                self.say(f"{part.name} started again")
            return
        code = part.process.poll() if part.process is not None else None
        if code is None:
            return
        if not (self.settled and part.revivable and part.fell(code, now)):
            log = self.log_of(part.name)
            raise PartDiedError(f"{part.name} ended ({_ending(code)}). The end of {log}:\n{tail(log)}")
        self.say(f"{part.name} ended ({_ending(code)})")

    def _launch(self, part: Part) -> None:
        with self.log_of(part.name).open("ab") as output:
            part.process = part.launch(output)

    def _forget(self, step: Step) -> None:
        step.log.close()
        self.steps.remove(step)

    def _echo(self, step: Step) -> None:
        for line in step.log.read().decode(errors="replace").splitlines():
            if line.strip():
                self.say(f"  {line.rstrip()}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked = True


def rotate(log: Path) -> None:
    """Keep the run before this one."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    log.touch()


def tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()[-15:]
    return "\n".join(f"    {line}" for line in lines)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
