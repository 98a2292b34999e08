"""Helpers for the sweeps of workers: a row that fails, or that somebody has locked, does not stop the sweep."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

logger = structlog.get_logger(__name__)


def is_locked(error: BaseException) -> bool:
    """Whether the database says that another transaction has the row. The role's lock_timeout decides after how long."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected))


@contextmanager
def next_row_on_error(event: str, **facts: object) -> Iterator[None]:
    """Around the work on one row: its error is logged as `event`, and the sweep goes on with the next row.

    The soft time limit of the task is no fault of the row: it ends the sweep.
    """
    try:
        yield
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if is_locked(error):
            logger.info("row_is_locked", sweep=event, **facts)
        else:
            logger.exception(event, **facts)
