"""Mails that confirm an export or an erasure of data, to the address that was stored until then."""

from django.utils.translation import get_language

from accounts.services.account_mail import TO_ERASED_ADDRESS, MailText, queue_mail
from core.house_facts import current_house
from core.letters.mail_rendering import mail_language, render_mail, render_subject, signed

EXPORTED = "mail/data_exported"


def mail_of_export(to: str, *, reference: str) -> None:
    """Queue the mail that confirms a data export, in the current language and from the current house.

    `reference`: of the booking whose link and code were used; '' for an account.
    """
    _queue(EXPORTED, to, reference=reference)


def mail_of_erasure(to: str) -> None:
    """Queue the mail that confirms an erasure. Its row is deleted once it is sent: no address stays."""
    _queue(TO_ERASED_ADDRESS, to)


def _queue(template: str, to: str, **facts: str) -> None:
    house = current_house()
    with mail_language(get_language() or "en"):
        subject = render_subject(f"{template}_subject.txt", facts)
        body, html = signed(render_mail(f"{template}.txt", facts)), render_mail(f"{template}.html", facts)
    queue_mail(MailText(kind=template, to=to, subject=subject, body=body, html=html, sender=house.from_email))
