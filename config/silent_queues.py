"""While no task reaches a queue, because Valkey is frozen or away or beat is dead, this process of the workers runs the
queue's sweeps itself (docs/adr/0081-workers-sweep-while-no-task-comes.md).

A queue is silent when its heartbeat, a task of beat, is old. Sweeps look for rows that are due and may run twice.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection

import structlog
from django.db import close_old_connections, connections

from config import heartbeats
from config.celery import app
from config.queues import MAIL, MONEY, SEATS
from core.clock import from_now
from core.models import Heartbeat

SILENT_AFTER_SECONDS = 30
LOOK_SECONDS = 5
# Nobody waits for the checks and what runs at night.
SWEPT = (MONEY, SEATS, MAIL)

log = structlog.get_logger(__name__)


def run(queues: Collection[str]) -> int:
    """Look after these queues until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeats.begin()
    look_after(queues, stop.wait)
    return 0


def look_after(queues: Collection[str], wait: Callable[[float], bool]) -> None:
    """Sweep for each queue that is silent, in a thread of its own, until `wait`, which takes seconds, says True.

    Beat has the time at the beginning to be heard for the first time.
    """
    known: set[str] = set()
    sweeping: dict[str, threading.Thread] = {}
    is_over = wait(SILENT_AFTER_SECONDS)
    while not is_over:
        found = set(_silent_or_none(queues))
        for queue in sorted(found - known):
            log.warning("queue_is_silent", queue=queue)
        for queue in sorted(known - found):
            log.info("queue_is_heard", queue=queue)
        for queue in found:
            if queue not in sweeping or not sweeping[queue].is_alive():
                sweeping[queue] = threading.Thread(target=_sweep_and_close, args=(queue,), name=f"sweeps of {queue}")
                sweeping[queue].start()
        known = found
        is_over = wait(LOOK_SECONDS)


def silent(queues: Collection[str]) -> list[str]:
    """The queues whose workers have had no task for a while."""
    names = {queue: f"worker {queue}" for queue in queues if queue in SWEPT}
    lately = Heartbeat.objects.filter(name__in=names.values(), at__gt=from_now(-SILENT_AFTER_SECONDS))
    alive = set(lately.values_list("name", flat=True))
    return [queue for queue, name in names.items() if name not in alive]


def sweeps_of(queue: str) -> list[str]:
    """The tasks that beat sends to this queue every few seconds, without its heartbeat."""
    entries = app.conf.beat_schedule.values()
    names = [entry["task"] for entry in entries if isinstance(entry["schedule"], float) and "kwargs" not in entry]
    return [name for name in names if app.amqp.router.route({}, name)["queue"].name == queue]


def sweep(queue: str) -> None:
    """Run the sweeps of a queue one after the other; one that fails does not stop the others."""
    for name in sweeps_of(queue):
        try:
            app.tasks[name]()
        except Exception:
            log.exception("sweep_failed", task=name)


def _silent_or_none(queues: Collection[str]) -> list[str]:
    close_old_connections()
    try:
        return silent(queues)
    except Exception:  # the database does not answer: sweeps could do nothing either
        log.exception("heartbeats_not_read")
        return []


def _sweep_and_close(queue: str) -> None:
    try:
        sweep(queue)
    finally:
        connections.close_all()
