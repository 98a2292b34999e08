"""The Celery app and its schedule. Tasks are hints: every one of them looks for rows that are due."""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import worker_init, worker_process_init
from kombu import Queue

from config import heartbeats, queues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


class QuietTask(Task):
    """The base of all tasks: late acknowledgement, so the task of a killed worker runs again, and every task may run
    twice.
    """

    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True
    # A new task waits for the end of a pause after a restore, unless it says that it goes on.
    goes_on_after_restore = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from core.pauses import is_stopped_after_restore

        if not self.goes_on_after_restore and is_stopped_after_restore():
            return None
        return super().__call__(*args, **kwargs)


app = Celery("marquee", task_cls=QuietTask)
app.config_from_object("django.conf:settings", namespace="CELERY")  # read when first needed: CELERY_BROKER_URL alone
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 60,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "retry_on_timeout": False,
    },
    task_default_queue=queues.SEATS,
    task_queues=[Queue(name) for name in queues.PROCESSES],
    task_create_missing_queues=False,
    task_routes=queues.ROUTES,
    task_ignore_result=True,
    task_time_limit=120,
    task_soft_time_limit=90,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        "release expired holds": {"task": "reservations.sweep_holds", "schedule": 2.0, "options": {"expires": 2}},
        "fullness of showtimes": {"task": "reservations.refresh_fullness", "schedule": 5.0, "options": {"expires": 5}},
        "send due mail": {"task": "reservations.send_due_mail", "schedule": 5.0, "options": {"expires": 5}},
        "send mail of accounts": {"task": "accounts.send_due_mail", "schedule": 5.0, "options": {"expires": 5}},
        "sessions that are over": {"task": "accounts.sweep_sessions", "schedule": 600.0, "options": {"expires": 600}},
        "close payment sessions": {"task": "payments.close_due_sessions", "schedule": 3.0, "options": {"expires": 3}},
        "settle what was missed": {"task": "payments.sweep_payments", "schedule": 10.0, "options": {"expires": 10}},
        "provider events": {"task": "payments.sweep_events", "schedule": 5.0, "options": {"expires": 5}},
        "refunds": {"task": "payments.sweep_refunds", "schedule": 10.0, "options": {"expires": 10}},
        "disputes": {"task": "payments.sweep_disputes", "schedule": 3600.0, "options": {"expires": 600}},
        "events that providers could not deliver": {
            "task": "payments.fetch_undelivered_events",
            "schedule": 120.0,
            "options": {"expires": 60},
        },
        "nightly check of seats and money": {
            "task": "payments.check_invariants",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "nightly comparison with providers": {
            "task": "payments.compare_with_providers",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "mail to staff about differences from providers": {
            "task": "payments.tell_of_differences",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "addresses of customers are forgotten": {
            "task": "payments.forget_client_addresses",
            "schedule": crontab(hour=4, minute=10),
            "options": {"expires": 3600},
        },
        "personal data whose term is over": {
            "task": "payments.forget_old_data",
            "schedule": crontab(hour=4, minute=30),
            "options": {"expires": 3600},
        },
        "house seats on sale": {
            "task": "reservations.release_house_seats",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "waiting lists": {"task": "reservations.serve_waiting_lists", "schedule": 30.0, "options": {"expires": 30}},
        "favorites": {"task": "reservations.tell_of_sales", "schedule": 60.0, "options": {"expires": 60}},
        "older than the provider or the file": {
            "task": "payments.check_database_age",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "changed showtimes": {"task": "payments.carry_out_changes", "schedule": 5.0, "options": {"expires": 5}},
        "mail to staff about broken checks": {
            "task": "payments.tell_of_broken_checks",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        **{
            f"heartbeat of {name}": {
                "task": "core.heartbeat",
                "schedule": 10.0,
                "kwargs": {"queue": name},
                "options": {"expires": 10, "queue": name},
            }
            for name in queues.PROCESSES
        },
    },
)
app.autodiscover_tasks(["core", "accounts", "reservations", "payments"])


@worker_init.connect
def _compare_database_age(**kwargs: object) -> None:
    """Compare the database with its marker before the first task, and pause after a restore."""
    from django.db import connections

    from payments.sessions.database_age import compare_at_start

    compare_at_start()
    connections.close_all()


@worker_process_init.connect
def _begin_process(**kwargs: object) -> None:
    from django.db import connections

    connections.close_all()
    heartbeats.begin()
