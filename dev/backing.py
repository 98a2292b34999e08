"""The database and the Redis of a run: our own servers, kept alive, or those that the environment names."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from dev import processes
from dev.output import Follower
from dev.postgres import Postgres, start_postgres, stop_postgres
from dev.supervisor import RunFailed, note_death
from dev.valkey import Valkey, start_valkey, stop_valkey


class Backing[Server: (Postgres, Valkey)]:
    """A server that the rest of the run needs at the address it began with."""

    def __init__(
        self,
        state: Path,
        given: str | None,
        *,
        name: str,
        label: str,
        variable: str,
        start: Callable[[Path], Server],
        stop: Callable[..., None],
    ) -> None:
        self.state = state
        self.given = given
        self.name = name
        self.label = label
        self.variable = variable
        self.server: Server | None = None
        self.follower: Follower | None = None
        self.deaths: deque[float] = deque()
        self._start: Callable[[Path], Server] = start
        self._stop: Callable[..., None] = stop

    @property
    def url(self) -> str:
        return self.given or (self.server.url if self.server else "")

    @property
    def pid(self) -> int | None:
        return self.server.pid if self.server else None

    def start(self) -> str:
        """Start it; returns the line that says so."""
        if self.given:
            parts = urlsplit(self.given)
            return (
                f"{self.name}: the one in {self.variable} ({parts.hostname}:{parts.port or 'usual port'}{parts.path})"
            )
        self.server = self._start(self.state)
        self.follower = Follower(self.label, self.server.log)
        return f"{self.name}: port {self.server.port}, data in {self.server.data_dir}"

    def tend(self) -> None:
        """Show its log, and start it again when it died, at the same address, because the other processes know no
        other.
        """
        if self.server is None or self.follower is None:
            return
        self.follower.show_news()
        if processes.is_alive(self.server.pid):
            return
        note_death(self.deaths, f"{self.name} ended")
        before = self.server
        self.server = self._start(self.state)
        self.follower.position = None
        if self.server.url != before.url:
            raise RunFailed(f"{self.name} came back at another port, because somebody took its own. Start again.")

    def stop(self, *, seconds: float) -> None:
        if self.server is not None:
            self._stop(self.server, seconds=seconds)


def the_database(state: Path, given: str | None) -> Backing[Postgres]:
    return Backing(
        state,
        given,
        name="PostgreSQL",
        label="postgres",
        variable="DATABASE_URL",
        start=start_postgres,
        stop=stop_postgres,
    )


def the_redis(state: Path, given: str | None) -> Backing[Valkey]:
    return Backing(
        state, given, name="Valkey", label="valkey", variable="REDIS_URL", start=start_valkey, stop=stop_valkey
    )
