"""Mails of the account pages and invitations, as the workers send them."""

from django.core import mail

from accounts.services.account_mail import send_due_mail


def letters() -> list[mail.EmailMessage]:
    """All that was sent in this test, after what is due."""
    send_due_mail()
    return mail.outbox


def last_letter_to(address: str) -> mail.EmailMessage:
    found = [message for message in letters() if address in message.to]
    assert found, f"no mail to {address}"
    return found[-1]
