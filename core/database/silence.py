"""Notices a database server that does not answer at all, and lets a slow one take its time (docs/adr/0077).

A statement may take as long as its time-out allows. A server that is frozen keeps no time-outs, and its connection looks
like that of a long statement. So when a statement has taken a moment, the process asks the same server on another connection;
only when that gets no answer either, and no other thread of the process has heard anything, the server counts as gone.
"""

import math
import threading
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout as WaitTimeout
from psycopg.waiting import Ready, Wait

from core.database.sessions import CONNECT_SECONDS

# The first question goes out after a second and a half; with SILENT_TURNS of half a second that makes 4 s.
QUIET_SECONDS = 1.5
TURN_SECONDS = 0.5
SILENT_TURNS = 5


class Server:
    """A database server, as this process hears it."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._is_asked = threading.Lock()
        self.answers = 0

    def wait(
        self, connection: Any, wait: Callable[..., Any], at_most: float | None, statement: Any, **asked: Any
    ) -> Any:
        """Wait for the end of a statement, as psycopg's `wait` does. Raises WaitTimeout when the server is silent, or after
        `at_most` seconds; the connection is in an unknown state then, and closed.
        """
        if asked.get("timeout"):
            return wait(statement, **asked)
        try:
            answer = wait(statement, timeout=min(QUIET_SECONDS, at_most or QUIET_SECONDS))
        except WaitTimeout:
            answer = self._wait_on(connection, wait, at_most, statement)
        self.answers += 1
        return answer

    def _wait_on(self, connection: Any, wait: Callable[..., Any], at_most: float | None, statement: Any) -> Any:
        turns = math.inf if at_most is None else (at_most - QUIET_SECONDS) / TURN_SECONDS
        done = silent = 0
        while silent < SILENT_TURNS and done < turns:
            before = self.answers
            self._ask()
            try:
                return wait(_resumed(statement), timeout=TURN_SECONDS)
            except WaitTimeout:
                done += 1
                silent = silent + 1 if self.answers == before else 0
        connection.pgconn.finish()
        raise WaitTimeout("The database server does not answer.")

    def _ask(self) -> None:
        """Ask the server whether it is there, in a thread; not if a question is under way."""
        if self._is_asked.acquire(blocking=False):
            threading.Thread(target=self._listen, name="database-question", daemon=True).start()

    def _listen(self) -> None:
        try:
            with self._connect() as connection:
                connection.wait = _bounded(connection.wait)
                connection.execute("SELECT 1")
        except (psycopg.errors.ConnectionTimeout, WaitTimeout):
            return
        except psycopg.Error:
            pass  # "too many clients", or any other word: it is there
        finally:
            self._is_asked.release()
        self.answers += 1


def _bounded(wait: Callable[..., Any]) -> Callable[..., Any]:
    return lambda statement, **asked: wait(statement, **{"timeout": CONNECT_SECONDS} | asked)


def _resumed(statement: Any) -> Generator[Wait, Ready, Any]:
    """A statement whose wait ended before it did, to be waited for again."""
    ready = yield Wait.RW
    while True:
        try:
            wanted = statement.send(ready)
        except StopIteration as done:
            return done.value
        ready = yield wanted
