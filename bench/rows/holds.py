"""Rows 1 to 3: taking three seats, a buyer's way to them, and a showtime that everybody wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from urllib.parse import urlencode

from bench.buyers import Buyer
from bench.client import Connection, request
from bench.load import Load, Step, run_load
from bench.results import Result, at_least, at_most
from bench.rounds import Rounds
from bench.servers import Servers

CLIENTS = 16
SEATS = 3
CEILING_SHOWS = range(3, 63)
# Browsers that have not paid may hold half of the room of 3,000; both sides of row 3 do the same number.
MOST_HOLDS = 490

Wish = tuple[int, list[str]]


def wishes(showtimes: Sequence[int], labels: Sequence[str]) -> Iterator[Wish]:
    """Three seats side by side, another showtime each time, until all are taken."""
    for at in range(0, len(labels) - SEATS + 1, SEATS):
        for showtime in showtimes:
            yield showtime, list(labels[at : at + SEATS])


def give_all_back(servers: Servers) -> None:
    """An empty house, as after VACUUM: a run must not pay for the one before it."""
    servers.sql("UPDATE reservations_showtimeseat SET hold_id = NULL, held_until = NULL WHERE hold_id IS NOT NULL")
    servers.sql(
        "DELETE FROM reservations_hold hold WHERE NOT EXISTS (SELECT FROM reservations_booking WHERE hold_id = hold.id)"
    )
    servers.sql(
        "UPDATE ceiling_showseat SET holder = NULL, held_until = NULL WHERE show_id = ANY(%(shows)s)",
        {"shows": list(CEILING_SHOWS)},
    )
    servers.sql("VACUUM ANALYZE reservations_showtimeseat, reservations_hold, ceiling_showseat")


def ceiling_holds(servers: Servers, action: str, seconds: float) -> Load:
    give_all_back(servers)
    web, left = servers.ceiling, wishes(CEILING_SHOWS, servers.world.seats_300)

    async def step(connection: Connection) -> int | None:
        wanted = next(left, None)
        if wanted is None:
            return None
        body = urlencode([("take", label) for label in wanted[1]]).encode()
        answer = await connection.send(request("POST", f"/shows/{wanted[0]}/{action}/", host=web.host, body=body))
        return answer.status

    return run_load([step] * CLIENTS, web=web, seconds=seconds).only(200)


def site_holds(servers: Servers, showtimes: Sequence[int], labels: Sequence[str], seconds: float) -> Load:
    """Each click is the first one of a browser that has the page open."""
    give_all_back(servers)
    web, left, allowed = servers.site, wishes(showtimes, labels), count()
    buyers = [Buyer(web.host) for _ in range(CLIENTS)]

    def open_pages(buyer: Buyer, number: int) -> Step:
        # Clients are on the processes in turn: this way each process has every page opened once.
        group, groups = number // len(web.workers), CLIENTS // len(web.workers)
        mine = showtimes[group::groups] or showtimes

        async def step(connection: Connection) -> None:
            for showtime in mine:
                await buyer.open_map(connection, showtime)

        return step

    def take(buyer: Buyer) -> Step:
        async def step(connection: Connection) -> int | None:
            wanted = next(left, None)
            if wanted is None or next(allowed) >= MOST_HOLDS:
                return None
            buyer.become_somebody_new()
            return (await buyer.take(connection, *wanted)).status

        return step

    return run_load(
        [take(buyer) for buyer in buyers],
        web=web,
        seconds=seconds,
        before=[open_pages(buyer, number) for number, buyer in enumerate(buyers)],
    ).only(200)


def holds(servers: Servers, *, rounds: int, seconds: float) -> list[Result]:
    world = servers.world
    many, hot = (
        partial(site_holds, servers, world.many, world.seats_300),
        partial(site_holds, servers, [world.hot], world.seats_3000),
    )
    many(0.5), hot(0.5)
    measured = Rounds(
        {
            "ceiling, by ORM": partial(ceiling_holds, servers, "hold", seconds),
            "site, many showtimes": partial(many, seconds),
            "site, one hot showtime": partial(hot, seconds),
            "ceiling, by one statement": partial(ceiling_holds, servers, "hold-in-one", seconds),
        },
        count=rounds,
    )
    print("\n".join(measured.lines()))
    return [
        at_least(1, "hold of 3 seats", 0.6, measured.ratio("site, many showtimes", "ceiling, by ORM"), unit=" × ORM"),
        at_least(
            1,
            "hold of 3 seats, stretch",
            1,
            measured.ratio("site, many showtimes", "ceiling, by one statement"),
            unit=" × one statement",
        ),
        at_least(
            3,
            "hot showtime",
            0.9,
            measured.ratio("site, one hot showtime", "site, many showtimes"),
            unit=" × many showtimes",
        ),
        at_most(
            3,
            "hot showtime, p99",
            1.5,
            measured.percentile_ratio("site, one hot showtime", "site, many showtimes", 99),
            unit=" × many showtimes",
        ),
    ]


def ceiling_buyers(servers: Servers, action: str, seconds: float) -> Load:
    give_all_back(servers)
    web, left = servers.ceiling, wishes(CEILING_SHOWS, servers.world.seats_300)

    async def step(connection: Connection) -> int | None:
        wanted = next(left, None)
        if wanted is None:
            return None
        await connection.send(request("GET", f"/shows/{wanted[0]}/", host=web.host))
        body = urlencode([("take", label) for label in wanted[1]]).encode()
        answer = await connection.send(request("POST", f"/shows/{wanted[0]}/{action}/", host=web.host, body=body))
        return answer.status

    return run_load([step] * CLIENTS, web=web, seconds=seconds).only(200)


def site_buyers(servers: Servers, seconds: float) -> Load:
    give_all_back(servers)
    web, left = servers.site, wishes(servers.world.many, servers.world.seats_300)

    async def step(connection: Connection) -> int | None:
        wanted = next(left, None)
        if wanted is None:
            return None
        buyer = Buyer(web.host)
        await buyer.open_map(connection, wanted[0])
        return (await buyer.take(connection, *wanted)).status

    return run_load([step] * CLIENTS, web=web, seconds=seconds).only(200)


def buyers(servers: Servers, *, rounds: int, seconds: float) -> list[Result]:
    measured = Rounds(
        {
            "ceiling, page + hold by ORM": partial(ceiling_buyers, servers, "hold", seconds),
            "site, page + hold": partial(site_buyers, servers, seconds),
        },
        count=rounds,
    )
    print("\n".join(measured.lines()))
    ratio = measured.ratio("site, page + hold", "ceiling, page + hold by ORM")
    return [at_least(2, "buyer: page and 3 seats", 0.5, ratio, unit=" × ceiling")]
