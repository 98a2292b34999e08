"""Row 4: rushes and sell-outs. No seat twice, no partial hold, no deadlock, no error of the server's.

Some seats belong to browsers that went away and lapse while everybody clicks; the sweeper runs beside it.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from bench.buyers import Buyer, seats_on, session_of
from bench.client import Answer, Connection
from bench.results import Result, at_most
from bench.servers import Servers

RUSH_BUYERS, RUSH_SEATS = 50, 10
SELL_OUT_CLIENTS = 64
PATIENCE_SECONDS = 25
LOOK_AGAIN_SECONDS = 0.25
SETTLE_SECONDS = 30

# Holds of somebody else that run out one after the other, each on some of the seats.
PHANTOMS = """
WITH phantom AS (
    INSERT INTO reservations_hold (showtime_id, holder, address, started_at, expires_at, cap_at, "end", labels, changed_at)
    SELECT %(showtime)s, 'phantom-' || number, '', clock_timestamp(), clock_timestamp() + number * %(pause)s * interval '1 s',
           clock_timestamp() + interval '20 min', '', '{}', clock_timestamp() FROM generate_series(1, %(count)s) AS number
    RETURNING id, expires_at, split_part(holder, '-', 2)::int AS number)
UPDATE reservations_showtimeseat AS seat SET hold_id = phantom.id, held_until = phantom.expires_at
  FROM phantom WHERE seat.showtime_id = %(showtime)s
   AND seat.label = (%(labels)s::text[])[phantom.number]
"""
SOLD_BEFORE = """
UPDATE reservations_showtimeseat SET house_reason = 'Sold before' WHERE showtime_id = %(showtime)s AND label <> ALL(%(labels)s)
"""
HOLDERS = """
SELECT seat.label, hold.holder FROM reservations_showtimeseat seat JOIN reservations_hold hold ON hold.id = seat.hold_id
 WHERE seat.showtime_id = %(showtime)s AND seat.held_until > clock_timestamp()
"""
CONFIRMED = """
SELECT ticket_seat.label, booking.holder FROM reservations_ticket ticket
  JOIN reservations_booking booking ON booking.id = ticket.booking_id
  JOIN theaters_seat ticket_seat ON ticket_seat.id = ticket.seat_id
 WHERE ticket.showtime_id = %(showtime)s AND ticket.status = 'VALID'
"""


@dataclass
class Sale:
    """The answers that the buyers of one showtime got."""

    showtime: int
    wanted: int
    most: int
    """Seats that one buyer takes."""
    deadline: float = field(default_factory=lambda: time.monotonic() + PATIENCE_SECONDS)
    chance: random.Random = field(default_factory=lambda: random.Random(4))
    given: list[tuple[str, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    partial: int = 0

    @property
    def is_over(self) -> bool:
        return len(self.given) >= self.wanted or time.monotonic() > self.deadline

    def note(self, buyer: Buyer, labels: list[str], answer: Answer) -> bool:
        """Whether the buyer has them all; some of them would be a partial hold."""
        self.statuses[answer.status] += 1
        if answer.status != 200:
            return False
        mine = [label for label, state in seats_on(answer.text()).items() if state == "mine" and label in labels]
        self.partial += len(mine) != len(labels)
        self.given += [(label, _holder(buyer)) for label in mine]
        return True

    @property
    def sold_twice(self) -> int:
        return len(self.given) - len({label for label, _ in self.given})


def sales(servers: Servers) -> list[Result]:
    deadlocks = _deadlocks(servers)
    worker = servers.start_worker()
    try:
        rushes = [_rush(servers, showtime) for showtime in servers.world.rushes]
        sell_outs = [_sell_out(servers, showtime) for showtime in servers.world.sell_outs]
        unsettled = sum(_unsettled(servers, sale) for sale in rushes)
    finally:
        servers.end(worker)
    wrong = sum(_not_as_told(servers, sale) for sale in sell_outs)
    clean, broken = _invariants(servers)
    every = [*rushes, *sell_outs]
    errors = sum(sum(n for status, n in sale.statuses.items() if status not in {200, 409}) for sale in every)
    return [
        at_most(4, "seats given twice or not to whom it was said", 0, sum(sale.sold_twice for sale in every) + wrong),
        at_most(4, "seats left over or paid and not confirmed", 0, unsettled + sum(_left(sale) for sale in every)),
        at_most(4, "partial holds", 0, sum(sale.partial for sale in every)),
        at_most(4, "deadlocks", 0, _deadlocks(servers) - deadlocks),
        at_most(4, "answers other than yes or taken", 0, errors),
        at_most(4, "broken invariants", 0, 0 if clean else max(1, len(broken)), note=", ".join(broken)),
    ]


def _rush(servers: Servers, showtime: int) -> Sale:
    labels = servers.world.seats_300[-RUSH_SEATS:]
    servers.sql(SOLD_BEFORE, {"showtime": showtime, "labels": labels})
    _phantoms(servers, showtime, labels[::3], pause=0.6)
    sale = Sale(showtime, RUSH_SEATS, most=1)
    began = time.monotonic()
    asyncio.run(_all(servers, sale, RUSH_BUYERS, paying=True))
    print(
        f"  rush of {RUSH_BUYERS} for {RUSH_SEATS}: {time.monotonic() - began:.1f} s, {dict(sale.statuses)}", flush=True
    )
    return sale


def _sell_out(servers: Servers, showtime: int) -> Sale:
    labels = servers.world.seats_300
    _phantoms(servers, showtime, labels[::7], pause=0.05)
    # Nobody pays: beyond half of the room only the first two seats of an address are given.
    sale = Sale(showtime, len(labels), most=2)
    began = time.monotonic()
    asyncio.run(_all(servers, sale, SELL_OUT_CLIENTS, paying=False))
    print(
        f"  {len(labels)} seats by {SELL_OUT_CLIENTS} clients: {time.monotonic() - began:.1f} s, {dict(sale.statuses)}",
        flush=True,
    )
    return sale


def _phantoms(servers: Servers, showtime: int, labels: list[str], *, pause: float) -> None:
    servers.sql(PHANTOMS, {"showtime": showtime, "count": len(labels), "pause": pause, "labels": labels})


async def _all(servers: Servers, sale: Sale, count: int, *, paying: bool) -> None:
    await asyncio.gather(*(_client(servers, sale, paying=paying) for _ in range(count)))


async def _client(servers: Servers, sale: Sale, *, paying: bool) -> None:
    """Buyer after buyer: each looks at the map, wants some free seats, and wants others when they are gone."""
    connection = Connection(servers.site.port)
    while not sale.is_over:
        buyer = Buyer(servers.site.host)
        answer = await buyer.open_map(connection, sale.showtime)
        if await _choose(connection, buyer, sale, answer) and paying:
            await _pay(servers, connection, buyer, sale)
            break
    connection.close()


async def _choose(connection: Connection, buyer: Buyer, sale: Sale, answer: Answer) -> bool:
    while not sale.is_over:
        free = [label for label, state in seats_on(answer.text()).items() if state == "free"]
        if not free:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            answer = await buyer.open_map(connection, sale.showtime)
            continue
        wanted = sale.chance.randint(min(2, sale.most), sale.most)
        labels = sale.chance.sample(free, min(len(free), wanted))
        answer = await buyer.take(connection, sale.showtime, labels)
        if sale.note(buyer, labels, answer):
            return True
    return False


async def _pay(servers: Servers, connection: Connection, buyer: Buyer, sale: Sale) -> None:
    answer = await buyer.pay(connection, sale.showtime)
    if session_id := session_of(answer):
        await asyncio.to_thread(servers.pay_at_stripe, session_id)
    else:
        sale.statuses[answer.status] += 1


def _unsettled(servers: Servers, sale: Sale) -> int:
    """Seats of a rush that were paid for and did not become tickets of their buyer in time."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        missing = set(sale.given) - set(servers.sql(CONFIRMED, {"showtime": sale.showtime}))
        if not missing or time.monotonic() > deadline:
            return len(missing)
        time.sleep(0.5)


def _not_as_told(servers: Servers, sale: Sale) -> int:
    """Differences between what the database says and what the buyers were told."""
    return len(set(sale.given) ^ set(servers.sql(HOLDERS, {"showtime": sale.showtime})))


def _left(sale: Sale) -> int:
    return max(0, sale.wanted - len(sale.given))


def _holder(buyer: Buyer) -> str:
    return sha256(buyer.cookies["holder"].encode()).hexdigest()


def _deadlocks(servers: Servers) -> int:
    return int(servers.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0])


def _invariants(servers: Servers) -> tuple[bool, list[str]]:
    code, printed = servers.manage("check_invariants", "--json")
    return code == 0, [one["name"] for one in json.loads(printed) if not one["ok"]]
