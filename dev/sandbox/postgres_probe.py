"""The probe's look into pg_stat_activity."""

import threading
from dataclasses import dataclass, field
from typing import Any

import psycopg

from dev.sandbox.probe import ProbeFailed, Sightings

IDLE = """
SELECT pid, state_change, application_name, state, left(query, 500) AS query
FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, %s)
  AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()
"""


@dataclass
class PostgresProbe:
    """Of connections to this database whose application_name begins with `application`."""

    database_url: str
    application: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _connection: psycopg.Connection[Any] | None = None

    def idle_transactions(self) -> Sightings:
        with self._lock:
            try:
                rows = self._connect().execute(IDLE, [self.application]).fetchall()
            except psycopg.Error as error:
                raise ProbeFailed(str(error)) from error
        names = ("pid", "state_change", "application_name", "state", "query")
        return {(row[0], row[1]): dict(zip(names, map(str, row), strict=True)) for row in rows}

    def _connect(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self.database_url, autocommit=True, connect_timeout=3, application_name="stripe sandbox probe"
            )
        return self._connection

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
