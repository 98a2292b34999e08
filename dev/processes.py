"""Processes of this machine: is it still the one we started, how does it end, which port is free.

Standard library only: the servers must start before anything of the product can be imported.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

# Below Linux's ephemeral range, so that no outgoing connection takes a port we wrote down for the next start.
INTERNAL_PORTS = range(20_000, 32_000)
PR_SET_PDEATHSIG = 1
HAS_PROC = Path("/proc/self/stat").exists()
REAPED_SECONDS = 5

# Popen objects of our own children: only their parent can reap them, and an unreaped one looks alive.
_children: dict[int, subprocess.Popen[bytes]] = {}


class ServerFailed(Exception):
    """A server cannot run here; the text says why and what to do."""


def spawn(
    command: Sequence[object],
    *,
    output: IO[bytes] | int,
    dies_with_us: signal.Signals | None = None,
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own; `dies_with_us` is what the kernel sends it when we are killed.

    Own session: Ctrl-C in a terminal reaches us alone, and we end the children in order.
    """
    child = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=None if environment is None else dict(environment),
        start_new_session=True,
        preexec_fn=_prepare_child(dies_with_us),  # noqa: PLW1509 (takes no lock, imports nothing)
        **options,
    )
    _children[child.pid] = child
    return child


def _prepare_child(last_signal: signal.Signals | None) -> Callable[[], None]:
    """What the child does between fork and exec; everything it needs is looked up before the fork."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if last_signal is not None and HAS_PROC else None

    def prepare() -> None:
        # A shell's background job hands SIGINT down as ignored, and ignored signals stay ignored over exec.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if libc is not None and last_signal is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def started_at(pid: int) -> str | None:
    """When the kernel says this process began: with the pid it names one process for good. None: not running."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        return None
    if HAS_PROC:
        try:
            # The name in brackets may itself hold spaces and brackets: count the fields from the last one.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def is_alive(pid: int) -> bool:
    return started_at(pid) is not None


def command_line(pid: int) -> str:
    """The arguments a process was started with, joined by spaces; empty when it is gone."""
    if HAS_PROC:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Wait until a condition is true or the time is over; returns whether it is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True


def send(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def end(pid: int, *signals: signal.Signals, seconds: float) -> None:
    """Send each signal in turn, giving the process `seconds` after each, and SIGKILL when none helped."""
    for what in (*signals, signal.SIGKILL):
        if not is_alive(pid):
            break
        send(pid, what)
        if wait_until(lambda: not is_alive(pid), seconds=seconds):
            break
    forget(pid)


def forget(pid: int) -> None:
    """Reap the process, if it was our child and has ended. Of several threads the first may end a moment before the
    others.
    """
    child = _children.get(pid)
    if child is None or is_alive(pid):
        return
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(REAPED_SECONDS)
        del _children[pid]


def is_port_free(port: int, hosts: Sequence[str] = ("127.0.0.1",)) -> bool:
    for host in hosts:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            # A machine without IPv6 has nothing listening there.
            if family == socket.AF_INET6 and error.errno not in (13, 98, 48):
                continue
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The port used last time when nobody has it now, else any free internal one."""
    for port in _candidates(preferred):
        if is_port_free(port):
            return port
    raise ServerFailed("No free port between 20000 and 32000 on 127.0.0.1.")


def _candidates(preferred: int | None) -> Iterator[int]:
    if preferred is not None:
        yield preferred
    yield from random.sample(INTERNAL_PORTS, k=500)
