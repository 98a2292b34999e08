"""While no task reaches the workers, because Valkey is frozen or away or beat is dead, they sweep by themselves: what was
paid is confirmed and mailed.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from structlog.testing import capture_logs

from config import silent_queues
from config.celery import app
from config.queues import CHECKS, PROCESSES
from core.clock import database_now
from core.models import Heartbeat
from payments.models import ProviderEvent
from tests.factories import begin_paying
from tests.payments.box_office import now_due, post

pytestmark = pytest.mark.django_db
app.loader.import_default_modules()


def heard(*queues, seconds_ago=0):
    for queue in queues:
        Heartbeat.objects.beat(f"worker {queue}", database_now() - timedelta(seconds=seconds_ago))


def test_a_queue_is_silent_when_its_heartbeat_is_old_or_there_is_none():
    heard("money", seconds_ago=29)
    heard("seats", seconds_ago=31)
    assert silent_queues.silent(list(PROCESSES)) == ["seats", "mail"]
    assert silent_queues.silent(["money", CHECKS]) == []


@pytest.mark.parametrize(
    ("queue", "names"),
    [
        ("money", {"close_due_sessions", "sweep_payments", "sweep_events", "sweep_refunds", "carry_out_changes"}),
        ("seats", {"sweep_holds", "refresh_fullness", "release_house_seats", "serve_waiting_lists", "tell_of_sales"}),
        ("mail", {"send_due_mail", "tell_of_differences", "tell_of_broken_checks"}),
    ],
)
def test_all_that_beat_asks_of_a_queue_is_swept_but_its_heartbeat(queue, names):
    assert {name.partition(".")[2] for name in silent_queues.sweeps_of(queue)} == names


def test_a_payment_of_which_only_news_tells_is_settled_and_its_ticket_mailed(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.pay(booking.sale.payments.get().session_id)
    sandbox.deliver_to(post)
    now_due(ProviderEvent, "try_at")
    silent_queues.sweep("money")
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"
    silent_queues.sweep("mail")
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]


class AtOnce:
    """A thread that runs while it is started."""

    def __init__(self, *, target, args, name):
        self.run = lambda: target(*args)

    def start(self):
        self.run()

    def is_alive(self):
        return False


def test_beat_has_time_to_be_heard_and_a_silence_is_told_once(monkeypatch):
    monkeypatch.setattr(silent_queues, "_silent_or_none", lambda queues: ["mail"] if len(waited) in (2, 3) else [])
    monkeypatch.setattr(silent_queues, "threading", SimpleNamespace(Thread=AtOnce))
    swept, waited = [], []
    monkeypatch.setattr(silent_queues, "_sweep_and_close", swept.append)

    def wait(seconds):
        waited.append(seconds)
        return len(waited) == 5

    with capture_logs() as lines:
        silent_queues.look_after(["mail"], wait)
    assert waited == [30, 5, 5, 5, 5] and swept == ["mail", "mail"]
    assert [(line["event"], line["queue"]) for line in lines] == [
        ("queue_is_silent", "mail"),
        ("queue_is_heard", "mail"),
    ]


def test_a_sweep_that_fails_stops_no_other(monkeypatch):
    ran = []

    def fails():
        raise OSError("the mail server hangs")

    first, *others = silent_queues.sweeps_of("money")
    monkeypatch.setitem(app.tasks, first, fails)
    for name in others:
        monkeypatch.setitem(app.tasks, name, lambda name=name: ran.append(name))
    silent_queues.sweep("money")
    assert ran == others
