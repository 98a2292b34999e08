"""Row 7: the statements of a sale, from the first click to the webhook."""

from __future__ import annotations

import asyncio

from bench.buyers import Buyer, session_of
from bench.client import Connection
from bench.results import Result, at_most
from bench.servers import Servers
from bench.statements import Statements, Watch, answers

TRIES = 3


def statements(servers: Servers) -> list[Result]:
    with Watch(servers, servers.site.name) as watch:
        hold, pay, webhook = asyncio.run(_sell(servers, watch))
    for name, counted in (("hold", hold), ("Pay", pay), ("webhook", webhook)):
        print(f"  {name}: {counted.all} statements")
        for text in counted.texts:
            print(f"    {' '.join(text.split())[:110]}")
    return [
        at_most(7, "hold, statements with BEGIN and COMMIT", 6, hold.all),
        at_most(7, "Pay, statements with BEGIN and COMMIT", 20, pay.all),
        at_most(7, "webhook, statements with BEGIN and COMMIT", 10, webhook.all),
    ]


async def _sell(servers: Servers, watch: Watch) -> tuple[Statements, Statements, Statements]:
    """Several sales of three seats; the least of each step, for the first ones find cold caches."""
    counted: list[tuple[Statements, Statements, Statements]] = []
    for number in range(TRIES):
        connection = Connection(servers.site.port)
        labels = servers.world.seats_300[number * 3 : number * 3 + 3]
        counted.append(await _sell_once(servers, watch, connection, labels))
        connection.close()
    hold, pay, webhook = (min(step, key=lambda found: found.all) for step in zip(*counted, strict=True))
    return hold, pay, webhook


async def _sell_once(
    servers: Servers, watch: Watch, connection: Connection, labels: list[str]
) -> tuple[Statements, Statements, Statements]:
    showtime, buyer = servers.world.checkouts[0], Buyer(servers.site.host)
    sessions: list[str] = []
    await buyer.open_map(connection, showtime)

    async def press_pay() -> None:
        answer = answers(await buyer.post(connection, path, form, by_htmx=False), 302, 303)
        sessions.append(session_of(answer) or "")

    async def take() -> None:
        answers(await buyer.take(connection, showtime, labels), 200)

    async def pay_at_stripe() -> None:
        await asyncio.to_thread(servers.pay_at_stripe, sessions[0])
        await asyncio.sleep(1)

    hold = await watch.count(take)
    path, form = await buyer.fill_in(connection, showtime)
    return hold, await watch.count(press_pay), await watch.count(pay_at_stripe)
