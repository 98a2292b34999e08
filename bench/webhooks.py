"""Row 11: a flood of deliveries from the payment provider, each of them five times and out of order.

python -m bench.webhooks [--seconds 30]

Real sales are made and paid while the sandbox keeps its deliveries back. Then they come all at once, beside a worker that acts on
them, each as often as a provider repeats one that it believes lost. Ends with 1 when an answer was not 2xx, when a delivery was
stored twice or not at all, or when a sale has not exactly its ticket.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from bench.buyers import Buyer, session_of
from bench.client import Connection, request
from bench.results import at_most, table
from bench.servers import Servers
from dev.sandbox.webhooks import signed

RATE = 100
COPIES = 5
OUT_OF_ORDER = 40
"""By how many places a copy may come too early or too late."""
BUYERS_AT_ONCE = 8
SETTLE_SECONDS = 60
PATH = "/payments/stripe/webhook/"

STORED = "SELECT provider_id, count(*) FROM payments_providerevent WHERE provider_id = ANY(%(ids)s) GROUP BY 1"
TICKETS = """
SELECT booking.sale_id, count(*) FROM reservations_ticket ticket
  JOIN reservations_booking booking ON booking.id = ticket.booking_id WHERE ticket.status = 'VALID' GROUP BY 1
"""


@dataclass
class Flood:
    """What the provider was answered; times in milliseconds."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def percentile(self, percent: int) -> float:
        return sorted(self.times)[min(len(self.times) - 1, len(self.times) * percent // 100)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.webhooks", description="A flood of deliveries.")
    parser.add_argument("--seconds", type=int, default=30)
    wanted = RATE * parser.parse_args().seconds // COPIES
    with Servers(sales=1) as servers:
        worker = servers.start_worker()
        try:
            _control(servers, "webhooks/pause")
            sales = asyncio.run(_sell(servers, sales=wanted // 2))
            events = _events(servers)[:wanted]
            print(f"{sales} sales were paid; {len(events)} deliveries, each {COPIES} times", flush=True)
            flood = asyncio.run(_flood(servers, _mixed(events)))
            settled = _seconds_until_settled(servers, sales)
        finally:
            servers.end(worker)
        stored = dict(servers.sql(STORED, {"ids": [event["id"] for event in events]}))
        tickets = Counter(count for _, count in servers.sql(TICKETS))
    print(f"answers {dict(flood.statuses)}; median {flood.percentile(50):.0f} ms, slowest {max(flood.times):.0f} ms")
    print(f"sales by their tickets: {dict(tickets)}, {settled:.0f} s after the last delivery")
    results = [
        at_most(11, "acknowledged, p95", 100, flood.percentile(95), unit=" ms"),
        at_most(11, "answers other than 200", 0, len(flood.times) - flood.statuses["200"]),
        at_most(11, "deliveries not stored once", 0, sum(stored.get(event["id"]) != 1 for event in events)),
        at_most(11, "sales without exactly one ticket", 0, sales + tickets.total() - 2 * tickets[1]),
    ]
    print(table(results))
    return int(not all(one.is_met for one in results[1:]))


async def _sell(servers: Servers, *, sales: int) -> int:
    """One seat each, over many showtimes. How many were paid."""
    seats = [(showtime, label) for label in servers.world.seats_300 for showtime in servers.world.many]
    left = iter(seats[:sales])

    async def buy() -> int:
        connection, paid = Connection(servers.site.port), 0
        for showtime, label in left:
            buyer = Buyer(servers.site.host)
            await buyer.open_map(connection, showtime)
            await buyer.take(connection, showtime, [label])
            session_id = session_of(await buyer.pay(connection, showtime))
            if session_id is None:
                raise RuntimeError(f"no payment page for {label} of {showtime}")
            await asyncio.to_thread(servers.pay_at_stripe, session_id)
            paid += 1
        connection.close()
        return paid

    return sum(await asyncio.gather(*(buy() for _ in range(BUYERS_AT_ONCE))))


def _mixed(events: Sequence[dict[str, Any]]) -> list[str]:
    """All copies of all deliveries, some of them before what happened earlier."""
    chance = random.Random(11)
    copies = [
        (number * COPIES + chance.uniform(0, OUT_OF_ORDER), json.dumps(event))
        for number, event in enumerate(events)
        for _ in range(COPIES)
    ]
    return [body for _, body in sorted(copies)]


async def _flood(servers: Servers, bodies: Sequence[str]) -> Flood:
    """Each delivery at its moment, whether or not those before it were answered."""
    flood, idle = Flood(), list[Connection]()
    secret = servers.environment["STRIPE_WEBHOOK_SECRET"]

    async def deliver(body: str) -> None:
        connection = idle.pop() if idle else Connection(servers.site.port)
        headers = {"Stripe-Signature": signed(body, secret, at=int(time.time()))}
        began = time.monotonic()
        try:
            answer = await connection.send(
                request("POST", PATH, host=servers.site.host, headers=headers, body=body.encode())
            )
            flood.statuses[str(answer.status)] += 1
            idle.append(connection)
        except (OSError, TimeoutError) as error:
            flood.statuses[type(error).__name__] += 1
        flood.times.append(1000 * (time.monotonic() - began))

    async with asyncio.TaskGroup() as tasks:
        began = time.monotonic()
        for number, body in enumerate(bodies):
            await asyncio.sleep(max(0, began + number / RATE - time.monotonic()))
            tasks.create_task(deliver(body))
    for connection in idle:
        connection.close()
    return flood


def _seconds_until_settled(servers: Servers, sales: int) -> float:
    began = time.monotonic()
    while len(servers.sql(TICKETS)) < sales and time.monotonic() - began < SETTLE_SECONDS:
        time.sleep(0.2)
    return time.monotonic() - began


def _events(servers: Servers) -> list[dict[str, Any]]:
    return json.loads(_control(servers, "events", method="GET"))  # type: ignore[no-any-return]


def _control(servers: Servers, path: str, *, method: str = "POST") -> bytes:
    url = f"http://127.0.0.1:{servers.sandbox_port}/_control/{path}"
    with urlopen(Request(url, method=method, data=b"" if method == "POST" else None), timeout=30) as answer:
        return bytes(answer.read())


if __name__ == "__main__":
    sys.exit(main())
