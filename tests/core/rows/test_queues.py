"""Every task has a queue, every queue has processes, and only the processes of the mail queue talk to the mail server."""

import ast

import pytest
from django.conf import settings

from config.celery import app
from config.queues import CHECKS, MAIL, MONEY, PROCESSES, ROUTES, SEATS
from dev.state import CHECKOUT
from tests.core.rows.test_sweeps import product_files

app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))
# Who calls them: send_due_mail of bookings and of accounts, tell_of_broken_checks (with pause_alerts), tell_of_differences (with
# key_rights and event_alarms). No web request sends a mail, because allauth's mails go through the adapter into the outbox. The
# one exception is the first day's page, where a person waits for the mail server's answer.
SENDERS = {
    "core/letters/outbox.py", "payments/books/invariant_runs.py", "payments/books/pause_alerts.py",
    "payments/books/comparison_runs.py", "payments/books/key_rights.py", "payments/books/event_alarms.py",
    "core/letters/mail_trial.py",
}  # fmt: skip


def queue_of(task: str, **options) -> str:
    return app.amqp.router.route(options, task)["queue"].name


def test_every_task_has_a_queue_by_name():
    for task in TASKS:
        patterns = [pattern for pattern in ROUTES if pattern == task or pattern == f"{task.split('.')[0]}.*"]
        assert patterns, f"{task} would go to the default queue: give it a line in config/queues.py"
        assert queue_of(task) in PROCESSES, task


def test_what_is_sent_and_named_exists():
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(TASKS)
    assert {name for name in ROUTES if not name.endswith(".*")} <= set(TASKS)


def test_every_queue_has_processes_and_says_when_they_are_silent():
    assert {queue.name for queue in app.conf.task_queues} == set(PROCESSES) == set(settings.WORKER_QUEUES)
    assert all(count > 0 for count in PROCESSES.values()) and not app.conf.task_create_missing_queues
    beats = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == "core.heartbeat"]
    assert {(entry["options"]["queue"], entry["kwargs"]["queue"]) for entry in beats} == {(q, q) for q in PROCESSES}


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("payments.settle_event", MONEY),
        ("payments.sweep_payments", MONEY),
        ("payments.sweep_refunds", MONEY),
        ("payments.send_refund", MONEY),
        ("payments.close_due_sessions", MONEY),
        ("reservations.sweep_holds", SEATS),
        ("reservations.release_house_seats", SEATS),
        ("reservations.offer_waiting_seats", SEATS),
        ("reservations.send_due_mail", MAIL),
        ("accounts.send_due_mail", MAIL),
        ("payments.tell_of_broken_checks", MAIL),
        ("payments.check_invariants", CHECKS),
        ("payments.forget_client_addresses", CHECKS),
        ("payments.forget_old_data", CHECKS),
    ],
)
def test_money_seats_mail_and_long_checks_do_not_share_a_queue(task, queue):
    assert queue_of(task) == queue


def test_a_hint_goes_to_the_queue_of_its_task(monkeypatch):
    """Hints are sent by name, from processes that may not know the task."""
    from core.rows import hints

    sent = []
    monkeypatch.setattr(app.amqp, "send_task_message", lambda *args, **options: sent.append(options["queue"].name))
    hints._publish("payments.send_refund", {"refund_id": 1})
    hints._publish("reservations.send_due_mail", {})
    assert sent == [MONEY, MAIL]


def sends_mail(call: ast.Call) -> bool:
    """Whether this is `compose(…).send()`, or one of Django's functions that send."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "send":
        return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
    return name in {"send_messages", "send_mail", "send_mass_mail", "mail_admins", "mail_managers"}


def test_mail_leaves_by_the_mail_queue_alone():
    """A new place that sends mail has to belong to a task of the mail queue; then it is added to SENDERS."""
    found = {
        str(path.relative_to(CHECKOUT))
        for path in product_files()
        if any(isinstance(node, ast.Call) and sends_mail(node) for node in ast.walk(ast.parse(path.read_text())))
    }
    assert found == SENDERS
    for task in (
        "reservations.send_due_mail",
        "accounts.send_due_mail",
        "payments.tell_of_broken_checks",
        "payments.tell_of_differences",
    ):
        assert queue_of(task) == MAIL
