"""Mails of the account pages and invitations: written in the request, sent by the workers of the mail queue.

So a mail server that hangs keeps no request waiting, and a page takes as long whether or not there is an account to
write to. Subject and text are encrypted while they wait, because their links open accounts; they are deleted when the
mail was sent, or with their links after three days.
"""

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q

from accounts.models import AccountMail
from core.clock import ClockTimestamp, from_now
from core.letters.mail_rendering import mail_headers
from core.letters.outbox import send_due_rows
from core.rows import hints

# How long the links of invitations and forgotten passwords work.
KEPT_SECONDS = 72 * 3600
# Kinds of mails to people whose address is stored nowhere else any more: the row is deleted when the mail was sent.
TO_ERASED_ADDRESS = "mail/data_erased"
# Rows of sent mails are deleted after this time.
ROWS_KEPT_SECONDS = 30 * 24 * 3600


class NotReadable(Exception):
    """A waiting mail cannot be decrypted: SECRET_KEY changed without SECRET_KEY_FALLBACKS."""


@dataclass(frozen=True)
class MailText:
    """A plain mail; `kind` is the name by which mails are counted and found."""

    kind: str
    to: str
    subject: str
    body: str
    html: str = ""
    sender: str = ""  # "": the sender of the installation


def queue_mail(text: MailText) -> AccountMail:
    content = json.dumps({"subject": text.subject, "body": text.body, "html": text.html, "sender": text.sender})
    mail = AccountMail.objects.create(kind=text.kind, to=text.to, sealed=_box().encrypt(content.encode()).decode())
    hints.on_commit("accounts.send_due_mail")
    return mail


def send_due_mail(*, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    _end_old_mails()
    sent = send_due_rows(AccountMail.objects.all(), _compose, most=most)
    AccountMail.objects.filter(_is_over()).exclude(sealed="").update(sealed="")
    AccountMail.objects.filter(_is_over(), created_at__lt=from_now(-ROWS_KEPT_SECONDS)).delete()
    AccountMail.objects.filter(_is_over(), kind=TO_ERASED_ADDRESS).delete()
    return sent


def _end_old_mails() -> None:
    """End mails whose links have expired."""
    old = AccountMail.objects.due().filter(created_at__lt=from_now(-KEPT_SECONDS))
    old.update(gave_up_at=ClockTimestamp(), last_error="Not sent within three days: its link is over.")


def _is_over() -> Q:
    return Q(sent_at__isnull=False) | Q(gave_up_at__isnull=False)


def _compose(mail: AccountMail) -> EmailMultiAlternatives:
    """Decrypt a mail and build its message. Raises NotReadable."""
    try:
        text = json.loads(_box().decrypt(mail.sealed.encode()))
    except InvalidToken:
        raise NotReadable("The text was encrypted with another SECRET_KEY.") from None
    message = EmailMultiAlternatives(
        subject=text["subject"],
        body=text["body"],
        from_email=text.get("sender") or None,
        to=[mail.to],
        headers=mail_headers(mail.message_key, site_url=settings.SITE_URL),
    )
    if text["html"]:
        message.attach_alternative(text["html"], "text/html")
    return message


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"accounts.account_mail:" + secret.encode()).digest())
