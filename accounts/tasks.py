"""Entry points of the workers."""

from celery import shared_task

from accounts.services import account_mail


@shared_task(name="accounts.send_due_mail")
def send_due_mail(**_: object) -> None:
    account_mail.send_due_mail()
