"""Row 13: one showtime that somebody keeps locked, while a crowd wants its seats and others look at the listing."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import psycopg

from bench.buyers import Buyer
from bench.client import Connection, request
from bench.load import open_evenly, run_load
from bench.results import Result, at_most
from bench.servers import Servers

TAKES = 96
READERS = 4
SECONDS = 5.0


def stuck_showtime(servers: Servers) -> list[Result]:
    free = _reading(servers)
    with psycopg.connect(servers.postgres.url) as connection:
        connection.execute("SELECT id FROM theaters_showtime WHERE id = %s FOR UPDATE", [servers.world.checkouts[1]])
        slow, takes, statuses = asyncio.run(_beside_takes(servers))
        connection.rollback()
    print(f"  listing p95 {free:.1f} ms, {slow:.1f} ms beside the locked showtime; takes {dict(statuses)}")
    return [
        at_most(13, f"listing p95 beside {TAKES} takes of a locked showtime", 2, slow / free, unit=" × without"),
        at_most(13, "slowest of these takes", 5, max(takes), unit=" s"),
    ]


def _reading(servers: Servers) -> float:
    """Milliseconds in which 95 of 100 listings are answered."""
    raw = request("GET", servers.world.few_listing, host=servers.site.host)

    async def step(connection: Connection) -> int:
        return (await connection.send(raw)).status

    return run_load([step] * READERS, web=servers.site, seconds=SECONDS).only(200).percentile(95)


async def _beside_takes(servers: Servers) -> tuple[float, list[float], Counter[int]]:
    connections = await open_evenly(servers.site.port, TAKES, servers.site.workers)
    buyers = [Buyer(servers.site.host) for _ in connections]
    showtime, took = servers.world.checkouts[1], list[float]()
    statuses: Counter[int] = Counter()
    for buyer, connection in zip(buyers, connections, strict=True):
        await buyer.open_map(connection, showtime)
    reading = asyncio.create_task(asyncio.to_thread(_reading, servers))
    await asyncio.sleep(0.5)

    async def take(buyer: Buyer, connection: Connection, label: str) -> None:
        began = time.perf_counter()
        statuses[(await buyer.take(connection, showtime, [label])).status] += 1
        took.append(time.perf_counter() - began)

    labels = servers.world.seats_300
    await asyncio.gather(*map(take, buyers, connections, labels))
    slow = await reading
    for connection in connections:
        connection.close()
    return slow, took, statuses
