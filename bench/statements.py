"""Counts the statements of a request in PostgreSQL's own log, where all of them appear."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Self

from bench.client import Answer, Connection, request
from bench.servers import Servers, Web

LINE = re.compile(r"^@(?P<application>\w*)@ \w+:  (?:statement|execute [^:]*): (?P<statement>.*)$")
WARM_UP = 4
COUNTED = 3
SETTLE_SECONDS = 0.2
CHECK = "SELECT 1"

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Statements:
    texts: tuple[str, ...]

    @property
    def all(self) -> int:
        """With BEGIN and COMMIT, without the question whether a kept connection is still alive."""
        return sum(text != CHECK for text in self.texts)

    @property
    def queries(self) -> int:
        return sum(text not in {CHECK, "BEGIN", "COMMIT", "ROLLBACK"} for text in self.texts)


class Watch:
    """`with Watch(servers, "site") as watch: counted = await watch.count(act)`."""

    def __init__(self, servers: Servers, application: str) -> None:
        self.servers, self.application = servers, application

    def __enter__(self) -> Self:
        for setting in ("log_statement = 'all'", "log_line_prefix = '@%a@ '"):
            self.servers.sql(f"ALTER SYSTEM SET {setting}")
        self.servers.sql("SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_: object) -> None:
        for setting in ("log_statement", "log_line_prefix"):
            self.servers.sql(f"ALTER SYSTEM RESET {setting}")
        self.servers.sql("SELECT pg_reload_conf()")

    async def count(self, act: Step) -> Statements:
        await asyncio.sleep(SETTLE_SECONDS)
        begin = self.servers.postgres.log.stat().st_size
        await act()
        await asyncio.sleep(SETTLE_SECONDS)
        with self.servers.postgres.log.open("rb") as log:
            log.seek(begin)
            lines = log.read().decode(errors="replace").splitlines()
        found = (match for line in lines if (match := LINE.match(line)))
        return Statements(tuple(one["statement"].strip() for one in found if one["application"] == self.application))

    async def least(self, acts: list[Step]) -> Statements:
        """Of several of the same: a fresh connection or a cold cache is not what a request costs."""
        return min([await self.count(act) for act in acts], key=lambda statements: statements.all)


def count_statements(servers: Servers, web: Web, path: str) -> Statements:
    """Of one GET that draws its page anew, once what is kept in memory besides pages is there."""
    numbers = count()

    async def get(connection: Connection) -> Answer:
        # Somebody who remembers another theater than anybody before: no kept page will do.
        headers = {"Cookie": f"theater=nowhere-{next(numbers)}"}
        return answers(await connection.send(request("GET", path, host=web.host, headers=headers)), 200)

    async def ask(watch: Watch) -> Statements:
        connection = Connection(web.port)
        for _ in range(WARM_UP):
            await get(connection)
        counted = await watch.least([partial(get, connection)] * COUNTED)
        connection.close()
        return counted

    with Watch(servers, web.name) as watch:
        return asyncio.run(ask(watch))


def answers(answer: Answer, *expected: int) -> Answer:
    """Raises RuntimeError for any other status: then there is nothing to count."""
    if answer.status not in expected:
        raise RuntimeError(f"answered {answer.status} instead of {expected}: {answer.text()[:300]}")
    return answer
