"""Requests of Django's test client have the database rights of the web, as in production; the tests own the tables.

So a page that writes what the web may not write fails in its own test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.test import Client
from psycopg.pq import TransactionStatus


@contextmanager
def with_rights_of_web(role: str) -> Iterator[None]:
    send = Client.request

    def request(self: Client, **environ: Any) -> Any:
        with _as(role):
            return send(self, **environ)

    Client.request = request  # type: ignore[method-assign]
    try:
        yield
    finally:
        Client.request = send  # type: ignore[method-assign]


@contextmanager
def _as(role: str) -> Iterator[None]:
    """Switch the role past Django's cursor, because tests count queries. A test without a database stays as it is."""
    try:
        connection.ensure_connection()
    except (RuntimeError, DatabaseError):  # not allowed in this test, or out of reach
        yield
        return
    session = connection.connection
    if session.info.transaction_status == TransactionStatus.INERROR:
        yield
        return
    back = _way_back(session)
    session.execute(f'SET ROLE "{role}"')
    try:
        yield
    finally:
        # After an error the transaction is rolled back, and the role with it.
        if not session.closed and session.info.transaction_status != TransactionStatus.INERROR:
            session.execute(back)


def _way_back(session: Any) -> str:
    """The statement that gives back the present role. PostgreSQL tells without being asked whether it is a superuser's: then
    it is the owner, and no test has taken another role.
    """
    if session.info.parameter_status("is_superuser") == "on":
        return "RESET ROLE"
    return f'SET ROLE "{session.execute("SELECT current_user").fetchone()[0]}"'
