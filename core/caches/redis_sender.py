"""Sends commands of a request to Redis through a bounded queue and one thread. They are dropped when Redis does not
answer.

A frozen Redis blocks a direct publish for seconds (measured: 5.6 s with socket_timeout=1). Nothing sent this way may be
needed for correctness: hints and live changes are both repaired by a sweep or a reload.
"""

import os
import queue
import threading
from collections.abc import Callable

import structlog

logger = structlog.get_logger(__name__)

_MOST_WAITING = 1000
_lock = threading.Lock()
_queue: queue.Queue[Callable[[], object]] = queue.Queue(maxsize=_MOST_WAITING)
_owner_pid: int | None = None


def put(job: Callable[[], object]) -> bool:
    """Queue a job for the thread; False when it was dropped because too much is waiting."""
    _ensure_thread()
    try:
        _queue.put_nowait(job)
    except queue.Full:
        return False
    return True


def _ensure_thread() -> None:
    # A fork (gunicorn, Celery) copies the queue but not the thread.
    global _owner_pid, _queue
    if _owner_pid == os.getpid():
        return
    with _lock:
        if _owner_pid != os.getpid():
            _queue = queue.Queue(maxsize=_MOST_WAITING)
            threading.Thread(target=_work, args=(_queue,), name="outbound", daemon=True).start()
            _owner_pid = os.getpid()


def _work(jobs: queue.Queue[Callable[[], object]]) -> None:
    while True:
        job = jobs.get()
        try:
            job()
        except Exception as error:
            logger.warning("outbound_dropped", error=type(error).__name__)
