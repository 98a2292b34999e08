"""Starts processes, shows their output, starts them again when they die, and ends them all in time.

One thread and one loop: the kernel ties a child's life to the thread that started it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dev import output, processes
from dev.output import Lines

RESTARTS = 5
WITHIN_SECONDS = 60.0
GRACE_SECONDS = 2.5
LOOK_SECONDS = 0.25


class StopRequested(BaseException):
    """Raised when the run is to end. Not an Exception, so that no `except Exception` catches it."""


class RunFailed(Exception):
    """The run cannot go on; the text says why."""


@dataclass
class Service:
    """A process of the run and how often it had to be started again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    lines: Lines = field(default_factory=Lines)
    deaths: deque[float] = field(default_factory=deque)
    start_again_at: float | None = None

    @property
    def pid(self) -> int:
        return 0 if self.process is None else self.process.pid


class Supervisor:
    def __init__(self, *, checkout: Path, parent_to_follow: int | None = None) -> None:
        self.checkout = checkout
        self.services: list[Service] = []
        self.watchers: list[Callable[[], None]] = []
        self._selector = selectors.DefaultSelector()
        self._parent = None if parent_to_follow is None else Parent(parent_to_follow)
        self._stopping = False
        self._looked_at = 0.0

    # Signals

    def listen(self) -> None:
        """SIGINT and SIGTERM end the run, even where a shell in the background had SIGINT ignored."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            raise StopRequested

    # Starting

    def start(self, service: Service) -> None:
        service.process = processes.spawn(
            service.command,
            output=subprocess.PIPE,
            dies_with_us=signal.SIGTERM,
            environment=service.environment,
            cwd=self.checkout,
        )
        assert service.process.stdout is not None
        self._selector.register(service.process.stdout, selectors.EVENT_READ, service)
        if service not in self.services:
            self.services.append(service)

    def run_step(self, step: Service) -> None:
        """Run a command to its end; what it said is shown when it failed."""
        self.start(step)
        self.services.remove(step)
        said: list[str] = []
        assert step.process is not None
        try:
            while step.process.poll() is None or self._is_open(step):
                self._read(0.1, into=said)
                self._look_at_parent()
        finally:
            processes.end(step.pid, signal.SIGTERM, seconds=1)
        if step.process.returncode != 0:
            for line in said:
                output.write(step.name, line)
            raise RunFailed(f"{step.name} failed ({_how_it_ended(step.process.returncode)}).")

    def wait_for(self, service: Service, is_up: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_up():
            self.turn(0.05)
            if time.monotonic() > deadline:
                raise RunFailed(f"{service.name} did not answer within {seconds:.0f} s.")

    # The loop

    def run(self) -> None:
        while True:
            self.turn(LOOK_SECONDS)

    def turn(self, seconds: float) -> None:
        """Show what was said, look who died, start again what is due."""
        self._read(seconds)
        if time.monotonic() - self._looked_at < LOOK_SECONDS / 2:
            return
        self._looked_at = time.monotonic()
        for look in self.watchers:
            look()
        for service in self.services:
            self._tend(service)
        self._look_at_parent()

    def _look_at_parent(self) -> None:
        if self._parent is not None and not self._stopping and self._parent.wants_an_end():
            self._stopping = True
            raise StopRequested

    def _read(self, seconds: float, *, into: list[str] | None = None) -> None:
        """Show what was said; a step, which is no service, says it into `into`."""
        for key, _ in self._selector.select(seconds):
            service: Service = key.data
            data = os.read(key.fd, 65536)
            if not data:
                self._close(key)
            for line in service.lines.feed(data) if data else service.lines.flush():
                if into is not None and service not in self.services:
                    into.append(line)
                else:
                    output.write(service.name, line)

    def _close(self, key: selectors.SelectorKey) -> None:
        self._selector.unregister(key.fileobj)
        if not isinstance(key.fileobj, int):
            key.fileobj.close()  # type: ignore[attr-defined]

    def _is_open(self, service: Service) -> bool:
        return any(key.data is service for key in self._selector.get_map().values())

    def _tend(self, service: Service) -> None:
        now = time.monotonic()
        if service.start_again_at is not None:
            if now >= service.start_again_at:
                service.start_again_at = None
                self.start(service)
            return
        if service.process is None or service.process.poll() is None:
            return
        ended = _how_it_ended(service.process.returncode)
        _end_group(service.pid, signal.SIGKILL)
        processes.forget(service.pid)
        note_death(service.deaths, f"{service.name} ended ({ended})")
        service.start_again_at = now + 0.2 * 2 ** (len(service.deaths) - 1)

    # Stopping

    def stop(self) -> None:
        """End every service: asked first, made to after a grace."""
        self._stopping = True
        running = [service for service in self.services if service.process and service.process.poll() is None]
        for service in running:
            processes.send(service.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(s.process and s.process.poll() is None for s in running):
            self._read(0.05)
        for service in running:
            _end_group(service.pid, signal.SIGKILL)
            if service.process is not None:
                service.process.wait()
            processes.forget(service.pid)
        self._read(0)
        for key in list(self._selector.get_map().values()):
            self._close(key)


class Parent:
    """The `make` that started us: when it is killed or interrupted, the run ends too.

    GNU make tells its children about SIGTERM but not about SIGINT: it takes for granted that a terminal told all.
    Told to end, it puts that signal back to its default and waits for us; that is what we can see.
    """

    ENDING = sum(1 << (number - 1) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._caught_at_first = self._caught()

    def wants_an_end(self) -> bool:
        return os.getppid() != self.pid or bool(self._caught_at_first & ~self._caught())

    def _caught(self) -> int:
        """Which of the signals that end a program it has a handler for, as a mask."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return 0
        mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
        return int(mask, 16) & self.ENDING


def note_death(deaths: deque[float], what: str) -> None:
    """Count a death, or give up when there were too many."""
    now = time.monotonic()
    while deaths and now - deaths[0] > WITHIN_SECONDS:
        deaths.popleft()
    deaths.append(now)
    if len(deaths) > RESTARTS:
        raise RunFailed(f"{what}, for the {len(deaths)}th time within a minute. Its last words are above.")
    output.say(f"{what}; starting it again ({len(deaths)} of {RESTARTS})")


def _end_group(leader: int, what: signal.Signals) -> None:
    # Each service leads a session of its own, so its workers are in its group even when it is gone.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, what)


def _how_it_ended(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
