"""The rules of each call to a provider: never inside a transaction, within the time limit of a page, not while sales
are paused after a restore.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from core.pauses import is_stopped_after_restore
from core.web.request_arrival import seconds_since_arrival
from payments.providers.errors import Unknown

# The most seconds that a page waits for providers in all; with the rest of its work it answers within 12 s.
PAGE_SECONDS = 11.5
_deadline: ContextVar[float | None] = ContextVar("provider_deadline", default=None)
_only_looks: ContextVar[bool] = ContextVar("only_looks", default=False)


@contextmanager
def page_budget() -> Iterator[None]:
    """Context for calls while somebody waits for a page: PAGE_SECONDS after the request arrived they raise Unknown."""
    token = _deadline.set(time.monotonic() + PAGE_SECONDS - seconds_since_arrival())
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float | None:
    """Seconds that the waiting page still has for provider calls; None when no page waits."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()


@contextmanager
def only_looking() -> Iterator[None]:
    """Context for calls that only read lists and settle nothing: they are allowed while sales are paused after a
    restore.
    """
    token = _only_looks.set(True)
    try:
        yield
    finally:
        _only_looks.reset(token)


def require_call_allowed() -> None:
    """Forbid calls to providers: RuntimeError inside a transaction, Unknown in a pause after a restore."""
    # The transaction that pytest-django opens around a test is ignored.
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(
            "A call to a provider inside a transaction would hold its locks for as long as the network likes."
        )
    if not _only_looks.get() and is_stopped_after_restore():
        # In such a pause the database may be too old to act on an answer.
        raise Unknown("sales are paused after a restore")
