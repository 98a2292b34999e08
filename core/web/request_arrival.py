"""When the request that this thread answers arrived: how long somebody has been waiting for a page."""

import time
from contextvars import ContextVar

_arrived: ContextVar[float | None] = ContextVar("request_arrived", default=None)


def note_arrival() -> None:
    """Note when a request arrived, before it waits for anything. Threads that are started for it inherit the moment."""
    _arrived.set(time.monotonic())


def seconds_since_arrival() -> float:
    """Seconds since the request arrived; 0 when the web server did not record it."""
    noted = _arrived.get()
    return 0.0 if noted is None else time.monotonic() - noted
