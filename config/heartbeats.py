"""Heartbeats of processes on one machine: a file for each, touched by a thread of the process, so a frozen process stops.

They need neither Redis nor the database: a process that waits for one of them is healthy and keeps beating.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

DIRECTORY = "HEARTBEAT_DIRECTORY"
BEAT_SECONDS = 1.0
PR_SET_PDEATHSIG = 1


def begin() -> None:
    """Start the heartbeat of this process, which also ends with the process that forked it."""
    directory = os.environ.get(DIRECTORY)
    if directory:
        _die_with_parent()
        own = Path(directory) / str(os.getpid())
        own.touch()
        threading.Thread(target=_beat, args=(own,), name="heartbeat", daemon=True).start()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _beat(own: Path) -> None:
    while True:
        with suppress(OSError):
            os.utime(own)
        time.sleep(BEAT_SECONDS)


@dataclass
class Watch:
    """Which of the processes that beat in a directory have been silent for too long.

    What counts is how long a file was not seen to change, not what its date says: clocks are set.
    """

    directory: Path
    silent_after: float
    seen: dict[int, tuple[int, float]] = field(default_factory=dict)
    looked_at: float | None = None

    def silent(self, now: float) -> list[int]:
        """The process ids, by the monotonic clock `now`. After a pause of the watcher itself no process counts as
        silent.
        """
        if self.looked_at is None or now - self.looked_at > self.silent_after / 2:
            self.seen.clear()
        self.looked_at = now
        found = self._stamps()
        self.seen = {
            pid: self.seen[pid] if pid in self.seen and self.seen[pid][0] == stamp else (stamp, now)
            for pid, stamp in found.items()
        }
        return [pid for pid, (_, since) in self.seen.items() if now - since > self.silent_after]

    def _stamps(self) -> dict[int, int]:
        stamps = {}
        for file in self.directory.iterdir():
            pid = int(file.name)
            with suppress(FileNotFoundError):
                if is_running(pid):
                    stamps[pid] = file.stat().st_mtime_ns
                else:
                    file.unlink()
        return stamps


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _status(pid).get("State", "").startswith("Z")


def parent_of(pid: int) -> int | None:
    parent = _status(pid).get("PPid")
    return None if parent is None else int(parent)


def _status(pid: int) -> dict[str, str]:
    """The status of a process as Linux reports it; {} on other systems."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
