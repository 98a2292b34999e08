"""Tasks for the workers."""

from celery import shared_task

from accounts.services import account_mail, account_sessions, staff_notices


@shared_task(name="accounts.send_due_mail")
def send_due_mail(**_: object) -> None:
    staff_notices.send_due_notices()
    account_mail.send_due_mail()


@shared_task(name="accounts.sweep_sessions", goes_on_after_restore=True)
def sweep_sessions(**_: object) -> None:
    account_sessions.sweep_sessions()
