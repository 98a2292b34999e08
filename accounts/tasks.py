"""Entry points of the workers."""

from celery import shared_task

from accounts.services import account_mail, account_sessions


@shared_task(name="accounts.send_due_mail")
def send_due_mail(**_: object) -> None:
    account_mail.send_due_mail()


@shared_task(name="accounts.sweep_sessions", goes_on_after_restore=True)
def sweep_sessions(**_: object) -> None:
    account_sessions.sweep_sessions()
