"""What the database is really asked, read from its own log: nothing of the framework's can hide there."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.client import Answer, Connection, request
from bench.servers import Servers, Web

LINE = re.compile(r"^@(?P<application>\w*)@ .*?(?:statement|execute [^:]*): (?P<statement>.*)$")
WARM_UP = 6
SETTLE_SECONDS = 0.3
CHECK = "SELECT 1"


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
    """`with Watch(servers, "site") as watch:` and then `watch.statements`."""

    def __init__(self, servers: Servers, application: str) -> None:
        self.servers, self.application = servers, application
        self.statements = Statements(())

    def __enter__(self) -> Watch:
        for setting in ("log_statement = 'all'", "log_line_prefix = '@%a@ '"):
            self.servers.sql(f"ALTER SYSTEM SET {setting}")
        self.servers.sql("SELECT pg_reload_conf()")
        time.sleep(SETTLE_SECONDS)
        self.begin = self.servers.postgres.log.stat().st_size
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(SETTLE_SECONDS)
        with self.servers.postgres.log.open("rb") as log:
            log.seek(self.begin)
            lines = log.read().decode(errors="replace").splitlines()
        for setting in ("log_statement", "log_line_prefix"):
            self.servers.sql(f"ALTER SYSTEM RESET {setting}")
        self.servers.sql("SELECT pg_reload_conf()")
        found = (match for line in lines if (match := LINE.match(line)))
        self.statements = Statements(
            tuple(match["statement"].strip() for match in found if match["application"] == self.application)
        )


def count_statements(servers: Servers, web: Web, path: str) -> Statements:
    """Of one GET, once what is kept in memory is there."""
    raw = request("GET", path, host=web.host)

    async def ask(times: int) -> None:
        for _ in range(times):
            await once(web, lambda connection: connection.send(raw))

    asyncio.run(ask(WARM_UP))
    with Watch(servers, web.name) as watch:
        asyncio.run(ask(1))
    return watch.statements


async def once(web: Web, act: Callable[[Connection], Awaitable[Answer]]) -> Answer:
    connection = Connection(web.port)
    try:
        return await act(connection)
    finally:
        connection.close()
