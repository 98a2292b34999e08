"""Mails to owners about changes of who acts as staff and how they sign in. Triggers write the notices."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import StaffNotice
from core.outbox import send_due_rows
from core.security_log import SecurityEvent, account_hash, write_security_event


def send_due_notices() -> int:
    """The sweep; returns how many went out."""
    return send_due_rows(StaffNotice.objects.all(), letter_of)


def letter_of(notice: StaffNotice) -> EmailMultiAlternatives:
    """Its first try writes the line of the security log."""
    if notice.attempts == 1:
        facts = {"account": account_hash(notice.person), "database_role": notice.database_role, "notice": notice.pk}
        write_security_event(SecurityEvent.STAFF_CHANGED, **facts)
    host = settings.SITE_URL.split("://")[1].split(":", maxsplit=1)[0]
    return EmailMultiAlternatives(
        subject="A staff account was changed",
        body=render_to_string("mail/staff_notice.txt", {"notice": notice, "site_url": settings.SITE_URL}),
        to=notice.to,
        headers={"Message-ID": f"<{notice.message_key}@{host}>", "Auto-Submitted": "auto-generated"},
    )
