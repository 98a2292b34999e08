"""Hints may be lost, and never fail or slow down a request; the sweep finds what they missed."""

import queue
import threading
from contextlib import suppress

import pytest
import redis
from django.db import transaction

from core.caches import redis as our_redis
from core.caches import redis_sender
from core.live import seat_map_changes
from core.rows import hints


@pytest.fixture
def sent(settings, monkeypatch):
    settings.HINTS_ENABLED = True
    jobs = []
    monkeypatch.setattr(redis_sender, "put", jobs.append)
    return jobs


def test_a_hint_leaves_after_the_commit(db, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hints.on_commit("payments.send_refund", refund_id=7)
        assert sent == []
    assert [job.args for job in sent] == [("payments.send_refund", {"refund_id": 7})]


def test_a_hint_of_a_transaction_that_failed_never_leaves(db, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), suppress(ZeroDivisionError), transaction.atomic():
        hints.on_commit("payments.send_refund", refund_id=7)
        seat_map_changes.publish_on_commit(1, {"A1": "held"})
        1 / 0  # noqa: B018
    assert sent == []


def test_hints_may_be_switched_off(settings, sent):
    settings.HINTS_ENABLED = False
    hints.send("payments.send_refund", refund_id=7)
    assert sent == []


def test_an_empty_change_is_not_published(db, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        seat_map_changes.publish_on_commit(1, {})
    assert callbacks == [] and sent == []


def test_too_much_waiting_is_dropped_and_nobody_waits(monkeypatch):
    full = queue.Queue(maxsize=1)
    full.put("waiting")
    monkeypatch.setattr(redis_sender, "_ensure_thread", lambda: None)
    monkeypatch.setattr(redis_sender, "_queue", full)
    assert redis_sender.put(lambda: None) is False


def test_a_job_that_fails_does_not_stop_the_next():
    done = threading.Event()

    def fails():
        raise redis.ConnectionError

    assert redis_sender.put(fails) and redis_sender.put(done.set)
    assert done.wait(10)


def test_a_change_is_published_to_those_who_look_at_the_showtime():
    listener = our_redis.client().pubsub(ignore_subscribe_messages=True)
    listener.subscribe("showtime:77")
    seat_map_changes._publish(77, {"A1": "held"})
    assert next(message for message in listener.listen() if message)["data"] == b'{"A1":"held"}'
    listener.close()
