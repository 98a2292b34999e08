"""Mails to owners about changes of who acts as staff and how they sign in. Triggers write the notices."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import StaffNotice
from core.letters.mail_rendering import letter_html, mail_headers, mail_language, render_mail, render_subject, signed
from core.letters.outbox import send_due_rows
from core.monitoring.security_log import SecurityEvent, account_hash, write_security_event

FACTORS = {"totp": "an authenticator app", "webauthn": "a passkey or security key", "recovery_codes": "recovery codes"}


def send_due_notices() -> int:
    """Send the notices that are due; returns how many were sent."""
    return send_due_rows(StaffNotice.objects.all(), compose)


def compose(notice: StaffNotice) -> EmailMultiAlternatives:
    """Render the mail. The first try also writes to the security log."""
    if notice.attempts == 1:
        facts = {"account": account_hash(notice.person), "database_role": notice.database_role, "notice": notice.pk}
        write_security_event(SecurityEvent.STAFF_CHANGED, **facts)
    happened = in_words(notice.what)
    link = settings.SITE_URL + reverse("admin:index")
    with mail_language(settings.LANGUAGE_CODE):
        subject = render_subject("mail/staff_notice_subject.txt", {})
        says = render_mail("mail/staff_notice.txt", {"notice": notice, "happened": happened, "link": link})
        message = EmailMultiAlternatives(
            subject=subject,
            body=signed(says),
            to=notice.to,
            headers=mail_headers(notice.message_key, site_url=settings.SITE_URL),
        )
        html = letter_html(says, headline=subject, link=link, label=gettext("Open the office"))
        message.attach_alternative(html, "text/html")
    return message


def in_words(what: str) -> str:
    """What a trigger noted, with the names of roles and second factors as people say them instead of their codes."""
    said = re.sub(r"(?<=\bthe role )[A-Z_]+", lambda code: code[0].replace("_", " ").lower(), what)
    return re.sub(r"(?<=second factor: )\w+", lambda code: FACTORS.get(code[0], code[0]), said)
