"""Hints to workers: "look now" at a row that is due. They may be lost; the sweep of the schedule is the truth."""

from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction

from core.caches import redis_sender


def send(task: str, **keys: int | str) -> None:
    """Ask a worker to run a task by name; never raises, never waits for Redis."""
    if getattr(settings, "HINTS_ENABLED", True):
        redis_sender.put(partial(_publish, task, keys))


def on_commit(task: str, **keys: int | str) -> None:
    """Ask a worker to run a task once the transaction has committed. Never raises or waits."""
    transaction.on_commit(partial(send, task, **keys), robust=True)


def _publish(task: str, keys: dict[str, int | str]) -> None:
    current_app.send_task(task, kwargs=keys, retry=False, ignore_result=True, expires=60)
