"""Who in this process waits for a row lock of which showtime, and since when.

A showtime that somebody keeps locked (a manager's long change, a statement by hand) would take every thread
of the process: each request for it waits until the lock timeout, and all other pages wait behind them. So a request is
refused at once when another one has already waited for the same showtime longer than LOCK_WAIT_REFUSAL_SECONDS.
"""

import functools
import inspect
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import OperationalError

_lock = threading.Lock()
_started: dict[int, list[float]] = defaultdict(list)


# Set for a request that is refused if it needs the lock of any showtime (core/web/request_turns.py).
must_not_wait: ContextVar[bool] = ContextVar("must_not_wait", default=False)


class ShowtimeBusy(OperationalError):
    """Raised instead of waiting for a lock; answered with 503 like a lock timeout, nothing changed."""


def longest_wait(showtime_id: int) -> float:
    """Seconds for which the request that has waited longest for this showtime's locks is waiting; 0 when none is."""
    with _lock:
        started = _started.get(showtime_id)
        return time.monotonic() - started[0] if started else 0.0


def is_stuck(showtime_id: int) -> bool:
    limit: float = settings.LOCK_WAIT_REFUSAL_SECONDS
    return limit > 0 and longest_wait(showtime_id) > limit


def count_stuck() -> int:
    """The number of requests that have waited too long for the lock of a showtime, whichever it is."""
    limit: float = settings.LOCK_WAIT_REFUSAL_SECONDS
    now = time.monotonic()
    with _lock:
        return sum(now - start > limit > 0 for started in _started.values() for start in started)


@contextmanager
def waiting_for_showtime(showtime_id: int) -> Iterator[None]:
    """Context for a statement that locks rows of a showtime. Raises ShowtimeBusy at once if another request has waited
    for it too long.
    """
    if must_not_wait.get() or is_stuck(showtime_id):
        raise ShowtimeBusy("Another request has been waiting for this showtime's lock.")
    start = time.monotonic()
    with _lock:
        _started[showtime_id].append(start)
    try:
        yield
    finally:
        with _lock:
            _started[showtime_id].remove(start)
            if not _started[showtime_id]:
                del _started[showtime_id]


def locks_showtime[**P, R](lock: Callable[P, R]) -> Callable[P, R]:
    """Decorator for lock functions with an argument `showtime_id`: limits who waits for its rows."""
    signature = inspect.signature(lock)
    assert "showtime_id" in signature.parameters

    @functools.wraps(lock)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        showtime_id = kwargs["showtime_id"] if "showtime_id" in kwargs else args[0]
        assert isinstance(showtime_id, int)
        with waiting_for_showtime(showtime_id):
            return lock(*args, **kwargs)

    return counted
