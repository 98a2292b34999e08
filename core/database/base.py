"""Django's PostgreSQL backend, which refuses a new session that lacks the required time-outs and isolation level.

Whatever stands between us and PostgreSQL (another role, a pooler that drops options, a server with other defaults), a
session has the settings of core/database/sessions.py, or WrongSession says which are wrong.
"""

import select
from functools import partial
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg._preparing import PrepareManager

from core.database.silence import Server

# What this process hears of each server, by host and port.
_servers: dict[tuple[str, int], Server] = {}


class WrongSession(OperationalError):
    """A setting of the database session is wrong; the message says what to do."""


class KeptStatements(PrepareManager):
    """psycopg's memory of prepared statements, which it would empty at each rollback: every click after a refused one
    would have its five statements planned anew, which costs PostgreSQL six times as much as running them.

    It does so for the sake of tables that were made in the transaction. Only migrations make tables, and those run no
    prepared statement.
    """

    def clear(self) -> bool:
        return False


class DatabaseWrapper(PostgreSQL):
    connection: Any
    health_check_done: bool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        threshold = connection.prepare_threshold
        connection._prepared = KeptStatements()
        connection.prepare_threshold = threshold
        if self.settings_dict.get("NOTICES_SILENCE"):
            key = (connection.info.host, connection.info.port)
            server = _servers.setdefault(key, Server(lambda: psycopg.connect(**conn_params | {"autocommit": True})))
            at_most = self.settings_dict["ANSWERS_WITHIN_SECONDS"]
            connection.wait = partial(server.wait, connection, connection.wait, at_most)
        return connection

    def close_if_health_check_failed(self) -> None:
        """Check the connection only if the server has sent something unasked, as it does when it ends a session.

        Django would send a query in each request, which costs a round trip.
        """
        if self.connection is not None and not self.health_check_done and _is_silent(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        try:
            self._check_session()
        except BaseException:
            # Close it, because Django uses any connection that exists, whether or not its setup succeeded.
            self.connection.close()
            self.connection = None
            raise

    def _check_session(self) -> None:
        required: dict[str, str] = self.settings_dict.get("SESSION", {})
        columns = ", ".join(f"current_setting('{name}')" for name in required)
        *values, backend_pid = self.connection.execute(
            f"SELECT {columns}{', ' * bool(columns)}pg_backend_pid()"
        ).fetchone()
        found = dict(zip(required, values, strict=True))
        wrong = [f"{name} is {found[name]}, not {required[name]}" for name in required if found[name] != required[name]]
        if wrong:
            raise WrongSession(
                f"The database role {self.settings_dict['USER']} has the wrong settings: {'; '.join(wrong)}. "
                "Connect as the role that `manage.py grant_roles` made for this process."
            )
        if backend_pid != self.connection.info.backend_pid:
            self._do_without_state()

    def _do_without_state(self) -> None:
        """Use no prepared statements and server-side cursors: behind a pooler the next transaction may run in another
        session.
        """
        self.connection.prepare_threshold = None
        self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True


def _is_silent(connection: Any) -> bool:
    """Whether the server has sent nothing and has not closed the connection."""
    if connection.closed:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)
