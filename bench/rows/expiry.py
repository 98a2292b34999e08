"""Row 9: the time of the sweep with a long history of holds, and of one that finds nothing."""

from __future__ import annotations

import asyncio
import json

from bench.buyers import Buyer
from bench.client import Connection
from bench.results import Result, at_least, at_most
from bench.servers import Servers

FEW, MANY = 20_000, 400_000

HISTORY = """
INSERT INTO reservations_hold (showtime_id, holder, address, started_at, expires_at, cap_at, ended_at, "end", labels, changed_at)
SELECT %(showtime)s, 'past-' || number, '127.0.0.1', at, at, at, at, 'LAPSED', '{A1,A2}', at
  FROM generate_series(%(first)s::int, %(last)s::int) AS number, (SELECT clock_timestamp() - interval '30 days' AS at) AS clock
"""
LAPSED_SEAT = """
WITH lapsed AS (
    INSERT INTO reservations_hold (showtime_id, holder, address, started_at, expires_at, cap_at, "end", labels, changed_at)
    SELECT %(showtime)s, 'gone', '', at - interval '10 min', at - interval '1 s', at + interval '10 min', '', '{}', at
      FROM (SELECT clock_timestamp() AS at) AS clock RETURNING id, expires_at)
UPDATE reservations_showtimeseat SET hold_id = lapsed.id, held_until = lapsed.expires_at
  FROM lapsed WHERE showtime_id = %(showtime)s AND label = 'A1'
"""


def expiry(servers: Servers) -> list[Result]:
    sold = asyncio.run(_buy_lapsed(servers))
    few = _time_sweeps(servers, first=1, last=FEW)
    many = _time_sweeps(servers, first=FEW + 1, last=MANY)
    print(
        f"  sweep of 200 lapsed holds: {few['batch']:.0f} ms after {FEW:,} holds, {many['batch']:.0f} ms after {MANY:,}"
    )
    return [
        at_most(9, f"sweep after {MANY:,} holds", 1.5, many["batch"] / few["batch"], unit=f" × after {FEW:,}"),
        at_most(9, "sweep that finds nothing", 1, many["empty"], unit=" ms"),
        at_least(9, "a lapsed seat sells with the sweeper stopped", 1, float(sold)),
    ]


def _time_sweeps(servers: Servers, *, first: int, last: int) -> dict[str, float]:
    showtime = servers.world.checkouts[1]
    servers.sql(HISTORY, {"showtime": showtime, "first": first, "last": last})
    servers.sql("VACUUM ANALYZE reservations_hold, reservations_showtimeseat")
    code = f"import django; django.setup(); from bench.sweeping import time_sweeps; print(time_sweeps({showtime}))"
    return dict(json.loads(servers.run_python(code)))


async def _buy_lapsed(servers: Servers) -> bool:
    showtime = servers.world.checkouts[1]
    servers.sql(LAPSED_SEAT, {"showtime": showtime})
    buyer, connection = Buyer(servers.site.host), Connection(servers.site.port)
    await buyer.open_map(connection, showtime)
    answer = await buyer.take(connection, showtime, ["A1"])
    connection.close()
    return answer.status == 200
