"""PostgreSQL and Valkey without installing either: for `make run`, the tests and the benchmarks.

In a program::

    postgres = start_postgres(Path(".dev"))
    valkey = start_valkey(Path(".dev"))
    ...
    stop_valkey(valkey)
    stop_postgres(postgres)

In tests: pytest loads `dev.pytest_servers` before Django reads its settings; in the controlling process it does what
the docstring of `ensure_test_servers` says.

Importable without Django. A server lives no longer than the process that started it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dev.postgres import Postgres, start_postgres, stop_postgres
from dev.processes import ServerFailed
from dev.state import read_run
from dev.valkey import Valkey, start_valkey, stop_valkey

__all__ = [
    "Postgres",
    "ServerFailed",
    "TestServers",
    "Valkey",
    "ensure_test_servers",
    "running_urls",
    "start_postgres",
    "start_valkey",
    "stop_postgres",
    "stop_valkey",
]


# Races of 200 buyers run beside another worker of pytest-xdist with a site of its own.
MOST_TEST_CONNECTIONS = 400


def running_urls(checkout: Path) -> dict[str, str] | None:
    """`database_url` and `redis_url` of the system that `make run` has up in this checkout."""
    run = read_run(checkout)
    return None if run is None else {"database_url": run.database_url, "redis_url": run.redis_url}


@dataclass
class TestServers:
    """Throw-away servers of one test run; addresses that were given from outside are passed on as they are."""

    __test__ = False

    database_url: str
    redis_url: str
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    lock: IO[str] | None = None

    def stop(self) -> None:
        if self.valkey is not None:
            stop_valkey(self.valkey)
        if self.postgres is not None:
            stop_postgres(self.postgres)
        if self.lock is not None:
            self.lock.close()
        self.valkey = self.postgres = self.lock = None


def ensure_test_servers(state_dir: Path) -> TestServers:
    """Fast servers that forget: DATABASE_URL and REDIS_URL win where set, the rest is started.

    The caller owns what was started and calls `stop()` at its end. It puts both addresses in its environment before
    it starts workers: a pytest-xdist worker then finds them given and starts nothing. Two test runs at once in one
    checkout never share a server: each locks a numbered place below `state_dir`; the next run uses its cluster again.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if database_url and redis_url:
        return TestServers(database_url, redis_url)
    place, lock = _take_place(state_dir)
    servers = TestServers(database_url or "", redis_url or "", lock=lock)
    try:
        if not database_url:
            servers.postgres = _start_forgetful(place)
            servers.database_url = servers.postgres.url
        if not redis_url:
            servers.valkey = start_valkey(place, persist=False)
            servers.redis_url = servers.valkey.url
    except BaseException:
        servers.stop()
        raise
    return servers


def _start_forgetful(place: Path) -> Postgres:
    try:
        return start_postgres(place, durable=False, max_connections=MOST_TEST_CONNECTIONS)
    except ServerFailed:
        # Written without fsync: after a power cut it may be broken, and nobody misses it.
        shutil.rmtree(place / "postgres", ignore_errors=True)
        return start_postgres(place, durable=False, max_connections=MOST_TEST_CONNECTIONS)


def _take_place(state_dir: Path) -> tuple[Path, IO[str]]:
    for number in range(1, 100):
        place = state_dir / str(number)
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
        else:
            return place, lock
    raise ServerFailed(f"Every place in {state_dir} is taken by a running test run.")
