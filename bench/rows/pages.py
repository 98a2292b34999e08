"""Rows 5 and 6: the seat page, the listing, the movie page."""

from __future__ import annotations

from functools import partial

from bench.client import Connection, request
from bench.load import Load, Step, run_load
from bench.results import Result, at_least, at_most
from bench.rounds import Rounds
from bench.servers import Servers, Web
from bench.statements import count_statements

CLIENTS = 16


def get_page(web: Web, path: str, seconds: float) -> Load:
    """The same page again and again, as a new visitor sees it."""
    raw = request("GET", path, host=web.host)

    async def step(connection: Connection) -> int:
        return (await connection.send(raw)).status

    steps: list[Step] = [step] * CLIENTS
    run_load(steps, web=web, seconds=0.3)
    return run_load(steps, web=web, seconds=seconds).only(200)


def seat_pages(servers: Servers, *, rounds: int, seconds: float) -> list[Result]:
    site, ceiling, world = servers.site, servers.ceiling, servers.world
    paths = {300: f"/showtimes/{world.page_300}/", 1500: f"/showtimes/{world.page_1500}/"}
    measured = Rounds(
        {
            "ceiling, 300 seats": partial(get_page, ceiling, "/shows/1/", seconds),
            "site, 300 seats": partial(get_page, site, paths[300], seconds),
            "ceiling, 1,500 seats": partial(get_page, ceiling, "/shows/2/", seconds),
            "site, 1,500 seats": partial(get_page, site, paths[1500], seconds),
        },
        count=rounds,
    )
    print("\n".join(measured.lines()))
    queries = max(count_statements(servers, site, path).queries for path in paths.values())
    return [
        at_least(
            5, "seat page, 300 seats", 0.5, measured.ratio("site, 300 seats", "ceiling, 300 seats"), unit=" × ceiling"
        ),
        at_least(
            5,
            "seat page, 1,500 seats",
            0.5,
            measured.ratio("site, 1,500 seats", "ceiling, 1,500 seats"),
            unit=" × ceiling",
        ),
        at_most(5, "1,500 seats cost", 4, measured.ratio("site, 300 seats", "site, 1,500 seats"), unit=" × 300 seats"),
        at_most(5, "seat page, queries at any size", 4, queries),
    ]


def listings(servers: Servers, *, rounds: int, seconds: float) -> list[Result]:
    site, ceiling, world = servers.site, servers.ceiling, servers.world
    measured = Rounds(
        {
            "ceiling, one query": partial(get_page, ceiling, "/", seconds),
            "site, listing of 10": partial(get_page, site, world.few_listing, seconds),
            "site, movie with 10": partial(get_page, site, world.few_movie, seconds),
            "site, large house": partial(get_page, site, world.large_listing, seconds),
        },
        count=rounds,
    )
    print("\n".join(measured.lines()))
    queries = {
        path: count_statements(servers, site, path).queries
        for path in (world.few_listing, world.many_listing, world.large_listing, world.few_movie, world.many_movie)
    }
    return [
        at_least(6, "listing", 0.5, measured.ratio("site, listing of 10", "ceiling, one query"), unit=" × ceiling"),
        at_least(6, "movie page", 0.5, measured.ratio("site, movie with 10", "ceiling, one query"), unit=" × ceiling"),
        at_least(
            6,
            "a filtered day of a house with 40 movies, 8 auditoriums, 14 days",
            0.5,
            measured.ratio("site, large house", "ceiling, one query"),
            unit=" × ceiling",
        ),
        at_most(6, "the same, queries", 5, queries[world.large_listing]),
        at_most(6, "listing, queries with 10 or 500", 3, max(queries[world.few_listing], queries[world.many_listing])),
        at_most(6, "movie page, queries with 10 or 500", 5, max(queries[world.few_movie], queries[world.many_movie])),
    ]
