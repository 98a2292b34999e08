"""Prepared statements for the few that every click runs: PostgreSQL plans them once a connection, not every time.

Planning is most of what such a statement costs there (docs/performance.md).
"""

from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg import _queries

# psycopg reads the placeholders of a longer statement anew each time, which costs a click as much as a round trip.
LONGEST_STATEMENT = 8192
_queries.MAX_CACHED_STATEMENT_LENGTH = LONGEST_STATEMENT

# The stubs know this class by name only.
_Cursor: Any = ServerBindingCursor


class PreparedCursor(_Cursor):
    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)


def prepared_cursor() -> CursorWrapper:
    """Open a cursor for statements with server-side types, in other ways like `connection.cursor()`."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(PreparedCursor(connection.connection))  # type: ignore[attr-defined]
