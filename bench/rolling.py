"""`make test-rolling`: two sites behind HAProxy are restarted one after the other under load, and nobody is refused.

Needs Debian's haproxy (deploy/haproxy.cfg says how it is set). Ends with 1 when a request was refused.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from signal import SIGTERM

from bench.buyers import Buyer
from bench.client import Connection
from bench.servers import CHECKOUT, Servers, Web
from dev import processes

READERS, BUYERS, MAPS = 4, 4, 10
ROUNDS = 2
STOPS_WITHIN = 20
GOOD = {200, 303}


@dataclass
class Witness:
    """What the clients saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    maps_opened: int = 0
    is_over: bool = False

    @property
    def refused(self) -> int:
        return self.errors.total() + sum(count for status, count in self.statuses.items() if status not in GOOD)


def main() -> int:
    with Servers(sales=1) as servers:
        port = processes.free_port()
        sites = [servers.site, servers.start_another_site("site-b")]
        balancer = _start_haproxy(port, sites, host=servers.site.host)
        try:
            witness, stops = asyncio.run(_roll(servers, sites, port))
        finally:
            processes.end(balancer.pid, SIGTERM, seconds=5)
    print(f"{ROUNDS * len(sites)} restarts, stopped after {', '.join(f'{seconds:.1f} s' for seconds in stops)}")
    print(
        f"answers {dict(witness.statuses)}, errors {dict(witness.errors)}; live maps opened {witness.maps_opened} times"
    )
    print(f"{witness.refused} refused")
    return int(witness.refused > 0 or max(stops) > STOPS_WITHIN)


def _start_haproxy(port: int, sites: list[Web], *, host: str) -> subprocess.Popen[bytes]:
    addresses = {"SITE": f"127.0.0.1:{port}", "SITE_HOST": host}
    addresses |= {f"WEB_{name}": f"127.0.0.1:{site.port}" for name, site in zip("AB", sites, strict=True)}
    command = ["haproxy", "-db", "-f", str(CHECKOUT / "deploy" / "haproxy.cfg")]
    balancer = subprocess.Popen(command, env={"PATH": "/usr/sbin:/usr/bin", **addresses})
    if not processes.wait_until(lambda: not processes.is_port_free(port), seconds=10):
        raise RuntimeError("HAProxy did not start")
    return balancer


async def _roll(servers: Servers, sites: list[Web], port: int) -> tuple[Witness, list[float]]:
    witness = Witness()
    # Each map keeps a thread; the restarts need one too.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MAPS + 4))
    clients = [
        *(_read(servers, port, witness) for _ in range(READERS)),
        *(_buy(servers, port, witness, number) for number in range(BUYERS)),
        *(asyncio.to_thread(_watch_map, servers, port, witness) for _ in range(MAPS)),
    ]
    load = asyncio.gather(*clients)
    try:
        stops = await _restart_in_turn(servers, sites)
    finally:
        witness.is_over = True
        await load
    return witness, stops


async def _restart_in_turn(servers: Servers, sites: list[Web]) -> list[float]:
    """Returns the seconds that each took to stop."""
    await asyncio.sleep(1)
    stops = []
    for _ in range(ROUNDS):
        for at, site in enumerate(sites):
            began = time.monotonic()
            await asyncio.to_thread(servers.end, site.pid)
            stops.append(time.monotonic() - began)
            sites[at] = await asyncio.to_thread(servers.start_again, site)
            await asyncio.sleep(2)  # until HAProxy has seen that it is back
    return stops


async def _read(servers: Servers, port: int, witness: Witness) -> None:
    connection, buyer = Connection(port), Buyer(servers.site.host)
    while not witness.is_over:
        await _note(witness, buyer.get(connection, servers.world.few_listing))


async def _buy(servers: Servers, port: int, witness: Witness, number: int) -> None:
    """Take a seat and give it back, again and again."""
    connection, buyer = Connection(port), Buyer(servers.site.host)
    showtime, label = servers.world.checkouts[1], servers.world.seats_300[number]
    await buyer.open_map(connection, showtime)
    path = f"/showtimes/{showtime}/seats/"
    while not witness.is_over:
        await _note(witness, buyer.post(connection, path, [("take", label)]))
        await _note(witness, buyer.post(connection, path, [("release", label)]))


async def _note(witness: Witness, sending: asyncio.Future) -> None:  # type: ignore[type-arg]
    try:
        witness.statuses[(await sending).status] += 1
    except (OSError, TimeoutError) as error:
        witness.errors[type(error).__name__] += 1


def _watch_map(servers: Servers, port: int, witness: Witness) -> None:
    """As a browser does: when the stream ends it opens it anew."""
    while not witness.is_over:
        connection = HTTPConnection("127.0.0.1", port, timeout=3)
        try:
            path = f"/showtimes/{servers.world.checkouts[1]}/events/"
            connection.request("GET", path, headers={"Host": servers.site.host})
            answer = connection.getresponse()
            witness.maps_opened += answer.status == 200
            while not witness.is_over and answer.read1(1000):
                pass
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
