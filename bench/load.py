"""Runs many clients at once for a bounded time, and measures them."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.client import Connection
from bench.servers import Web, children

CONNECT_TRIES = 40

# One step of one client: it sends what it wants and returns the status that counts, or None when nothing is left to do.
Step = Callable[[Connection], Awaitable[int | None]]


@dataclass(frozen=True)
class Load:
    """What one run of load measured; times in milliseconds."""

    count: int
    seconds: float
    times: list[float] = field(repr=False)
    statuses: Counter[int] = field(default_factory=Counter)
    client_share: float = 0.0
    """Of one core, used by the clients themselves."""
    server_ms: float = 0.0
    """Processor time of the web server's processes for each step."""
    database_ms: float = 0.0

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0

    def only(self, *expected: int) -> Load:
        """Return the load if every answer had an expected status, because a rate of refusals means nothing. Else raises
        RuntimeError.
        """
        if set(self.statuses) - set(expected):
            raise RuntimeError(f"answers other than {expected}: {dict(self.statuses)}")
        return self


def run_load(steps: Sequence[Step], *, web: Web, seconds: float, before: Sequence[Step] = ()) -> Load:
    """Each step is a client of its own, repeated until the time is over or it returns None.

    `before` is what each client does once before anything is measured.
    """
    return asyncio.run(_run(steps, web, seconds, before))


async def _run(steps: Sequence[Step], web: Web, seconds: float, before: Sequence[Step]) -> Load:
    connections = await open_evenly(web.port, len(steps), web.workers)
    await asyncio.gather(*(step(connection) for step, connection in zip(before, connections, strict=False)))
    # Connections to the database come with the first requests: whoever serves it is counted from here on.
    database = children(web.database)
    times: list[float] = []
    statuses: Counter[int] = Counter()
    gc.collect()
    gc.disable()
    used, served, asked = time.process_time(), _used_by(web.workers), _used_by(database)
    began = time.perf_counter()
    deadline = began + seconds
    try:
        await asyncio.gather(
            *(
                _client(step, connection, deadline, times, statuses)
                for step, connection in zip(steps, connections, strict=True)
            )
        )
        took, used = time.perf_counter() - began, time.process_time() - used
        served, asked = _used_by(web.workers) - served, _used_by(children(web.database)) - asked
    finally:
        gc.enable()
        for connection in connections:
            connection.close()
    count = max(1, len(times))
    return Load(len(times), took, times, statuses, used / took, served * 1000 / count, max(0.0, asked) * 1000 / count)


async def _client(
    step: Step, connection: Connection, deadline: float, times: list[float], statuses: Counter[int]
) -> None:
    while (began := time.perf_counter()) < deadline:
        status = await step(connection)
        if status is None:
            return
        times.append((time.perf_counter() - began) * 1000)
        statuses[status] += 1


async def open_evenly(port: int, count: int, workers: Sequence[int]) -> list[Connection]:
    """Connections spread evenly over the server's processes.

    Whichever process wakes first takes a new connection: with a dozen of them luck would be most of what is measured.
    """
    if len(workers) < 2 or not Path("/proc/net/tcp").exists():
        connections = [Connection(port) for _ in range(count)]
        for connection in connections:
            await connection.open()
        return connections
    most = -(-count // len(workers))
    chosen: dict[int, list[Connection]] = {pid: [] for pid in workers}
    for _ in range(CONNECT_TRIES * count):
        connection = Connection(port)
        await connection.open()
        owner = await _owner(connection, workers)
        if owner is not None and len(chosen[owner]) < most:
            chosen[owner].append(connection)
        else:
            connection.close()
        if sum(map(len, chosen.values())) >= count:
            break
    else:
        raise RuntimeError("one process of the server takes no connections")
    # Turn by turn, so that any number of the first clients is spread evenly as well.
    return [group[at] for at in range(most) for group in chosen.values() if at < len(group)][:count]


async def _owner(connection: Connection, workers: Sequence[int]) -> int | None:
    """The process that has the other end; it takes a moment to accept it."""
    local = f"{connection.local_port:04X}"
    for _ in range(20):
        await asyncio.sleep(0.001)
        inode = _inode(f"{connection.port:04X}", local)
        for pid in workers:
            if inode and inode in _sockets(pid):
                return pid
    return None


def _inode(server_port: str, client_port: str) -> str | None:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{server_port}") and fields[2].endswith(f":{client_port}"):
            return fields[9] if fields[9] != "0" else None
    return None


def _sockets(pid: int) -> set[str]:
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    return inodes


def _used_by(pids: Sequence[int]) -> float:
    """Seconds of processor time, as the kernel counts it."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
