"""Ends the processes that a killed run left behind: those in its `run.json`, and those with its mark in their
environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from dev import processes

MARK = "MARQUEE_RUN"


def mark(state: Path) -> dict[str, str]:
    """Goes into the environment of every process of a run, and from there into all of its children."""
    return {MARK: str(state)}


def end_leftovers(state: Path, known: Mapping[str, str]) -> int:
    """End what an earlier run with this state left; `known` is pid to moment of start. How many there were."""
    found = {pid for pid, moment in known.items() if processes.started_at(int(pid)) == moment}
    pids = sorted({*map(int, found), *_marked(state)} - {os.getpid()})
    for pid in pids:
        with contextlib.suppress(PermissionError):
            processes.send(pid, signal.SIGTERM)
    processes.wait_until(lambda: not any(map(processes.is_alive, pids)), seconds=3)
    for pid in filter(processes.is_alive, pids):
        with contextlib.suppress(PermissionError):
            processes.send(pid, signal.SIGKILL)
    processes.wait_until(lambda: not any(map(processes.is_alive, pids)), seconds=3)
    return len(pids)


def _marked(state: Path) -> Iterator[int]:
    """Every process that inherited the mark of this very state directory: another checkout has another."""
    wanted = f"{MARK}={state}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0") and processes.is_alive(int(entry.name)):
                yield int(entry.name)
