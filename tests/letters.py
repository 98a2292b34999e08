"""Mails of the account pages and invitations, sent as the workers send them."""

from django.core import mail

from accounts.services.account_mail import send_due_mail


def letters() -> list[mail.EmailMessage]:
    """Send what is due; returns all mails of this test."""
    send_due_mail()
    return mail.outbox


def last_letter_to(address: str) -> mail.EmailMessage:
    found = [message for message in letters() if address in message.to]
    assert found, f"no mail to {address}"
    return found[-1]
