"""Races with real threads. Each thread opens its connection before the barrier, because one that connects later would not
race.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from django.db import connection, transaction

from core.refusals import Refusal
from payments.books.invariants import check_invariants
from reservations.locks import TakeOutcome
from reservations.models import ShowtimeSeat

PATIENCE = 20


class Racer(threading.Thread):
    """One thread with an open connection; a refusal is an outcome, any other error is raised by `outcome()`."""

    def __init__(self, job: Callable[[], Any], barrier: threading.Barrier | None = None) -> None:
        super().__init__(daemon=True)
        self.job, self.barrier = job, barrier
        self.result: Any = None
        self.error: BaseException | None = None
        self.pid = 0

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            if self.barrier is not None:
                self.barrier.wait(PATIENCE)
            self.result = self.job()
        except Refusal as refusal:
            self.result = type(refusal).__name__
        except BaseException as error:
            self.error = error
        finally:
            connection.close()

    def outcome(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "a racer never came home"
        if self.error is not None:
            raise self.error
        return self.result


def run_all(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same time; returns their outcomes in order."""
    barrier = threading.Barrier(len(jobs))
    racers = [Racer(job, barrier) for job in jobs]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(PATIENCE)
    return [racer.outcome() for racer in racers]


def start(job: Callable[[], Any]) -> Racer:
    racer = Racer(job)
    racer.start()
    return racer


def start_and_block(job: Callable[[], Any]) -> Racer:
    """Start a job and return when it waits for a lock."""
    racer = start(job)
    until(lambda: racer.pid and _is_blocked(racer.pid))
    return racer


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for never happened"


def _is_blocked(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return cursor.fetchone()[0]


@contextmanager
def seats_locked(showtime: Any, *labels: str) -> Iterator[None]:
    """Hold the locks of these seats' rows until the block ends."""
    with transaction.atomic():
        rows = ShowtimeSeat.objects.filter(showtime=showtime, label__in=labels)
        assert len(rows.order_by("pk").select_for_update(no_key=True)) == len(labels)
        yield


def as_word(call: Callable[[], Any], word: str) -> Callable[[], str]:
    """Make a job that returns this word if the call succeeds."""

    def job() -> str:
        call()
        return word

    return job


def taken(is_taken: bool, **facts: Any) -> TakeOutcome:
    """The answer of a test's own way of taking seats; facts that are not given are 0."""
    return TakeOutcome(**dict.fromkeys((field.name for field in fields(TakeOutcome)), 0) | {"taken": is_taken} | facts)


def broken_invariants() -> set[str]:
    return {finding.name for finding in check_invariants() if not finding.is_clean}
