"""Django's PostgreSQL backend, which checks each new session: without its time-outs and isolation level it is not used.

Whatever stands between us and PostgreSQL (another role, a pooler that drops options, a server with other defaults), a
session is as DESIGN 8 says, or it is refused with a sentence.
"""

from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL


class WrongSession(OperationalError):
    """The message says what is set, what must be, and what to do."""


class DatabaseWrapper(PostgreSQL):
    connection: Any

    def init_connection_state(self) -> None:
        super().init_connection_state()
        try:
            self._check_session()
        except BaseException:
            # Django takes a connection that is there for one that is ready.
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
        """A pooler stands in between: the next transaction may run in another session of PostgreSQL's."""
        self.connection.prepare_threshold = None
        self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
