"""Outboxes: mails that are rows first and are sent by the workers of the mail queue. Each mail is leased, sent and
marked as sent by itself.

A killed worker's mail is due again after the lease. The app that owns the table composes its mails.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Self

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.clock import ClockTimestamp, from_now
from core.columns import CheckedCharField, RandomHex
from core.pauses import is_stopped_after_restore
from core.rows.due import BackOff, Waiting
from core.rows.sweeps import next_row_on_error

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 60
RETRIES = BackOff(first=5, longest=3600)
MAILS = Waiting(Q(sent_at__isnull=True, gave_up_at__isnull=True), tries="attempts")
MOST_ATTEMPTS = 40
SERVER_AWAY_SECONDS = 30
PERMANENT = 500  # SMTP: replies from 500 on are final, those below are tried again


class NoMailServer(Exception):
    """The mail server refused the connection or the login."""


class AddressRefused(Exception):
    """Django's mailer cannot send to this address."""


class MailOutcome(StrEnum):
    SENT = "sent"
    NOT_SENT = "not sent"
    NOT_DUE = "not due"
    NO_CONNECTION = "no connection"


def new_message_key() -> str:
    """A random key, because primary keys repeat after a restore of the database."""
    return secrets.token_hex(16)


class OutboxQuerySet(models.QuerySet[Any]):
    def due(self) -> Self:
        return MAILS.due(self)


class OutboxRow(models.Model):
    """A mail to send. A worker leases it by moving `try_at` on, so that no other sends it."""

    message_key = CheckedCharField(
        max_length=32, default=new_message_key, db_default=RandomHex(), help_text="In the Message-ID of every try."
    )
    created_at = models.DateTimeField(db_default=Now())
    try_at = models.DateTimeField(db_default=ClockTimestamp(), help_text="Due from this moment; a lease moves it on.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    is_refused = models.BooleanField(
        default=False, db_default=False, help_text="Given up because the receiving server refused it for good."
    )
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(gave_up_at=None),
                name="%(class)s_sent_or_given_up",
                violation_error_message="A mail was sent or was given up, not both.",
            ),
            models.CheckConstraint(
                condition=Q(is_refused=False) | Q(gave_up_at__isnull=False),
                name="%(class)s_refused_is_given_up",
                violation_error_message="A mail that was refused for good is given up.",
            ),
        ]


class UniqueMail(OutboxRow):
    """A mail with a unique purpose, so that the same mail is never written twice."""

    purpose = models.CharField(max_length=80, unique=True)

    class Meta(OutboxRow.Meta):
        abstract = True
        default_permissions = ()
        indexes = [models.Index(fields=["try_at"], condition=MAILS.rows, name="%(class)s_due")]

    def __str__(self) -> str:
        return self.purpose


type Compose = Callable[[Any], EmailMultiAlternatives]


def send_due_rows(mails: OutboxQuerySet, compose: Compose, *, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent. The first connection failure ends it, so a server that
    hangs costs one time-out.
    """
    sent = 0
    for mail_id in MAILS.longest_due(mails, most=most):
        sending = MailOutcome.NOT_SENT
        with next_row_on_error("mail_not_sent", mail=mail_id):
            sending = try_to_send(mails, mail_id, compose)
        if sending == MailOutcome.NO_CONNECTION:
            break
        sent += sending == MailOutcome.SENT
    return sent


def try_to_send(mails: OutboxQuerySet, mail_id: int, compose: Compose) -> MailOutcome:
    """Send a due mail unless another worker has it. Nothing is sent after a restore."""
    if is_stopped_after_restore():
        return MailOutcome.NOT_DUE
    if not MAILS.claim(mails, mail_id, seconds=LEASE_SECONDS):
        return MailOutcome.NOT_DUE
    mine = mails.filter(pk=mail_id)
    mail = mine.get()
    try:
        _deliver(compose(mail))
    except SoftTimeLimitExceeded:
        raise
    except NoMailServer as error:
        _wait_for_server(mine, error)
        return MailOutcome.NO_CONNECTION
    except Exception as error:  # whatever went wrong: the next try waits longer each time
        _note_failure(mine, mail, error)
        return MailOutcome.NO_CONNECTION if is_connection_failure(error) else MailOutcome.NOT_SENT
    mine.update(sent_at=ClockTimestamp(), last_error="")
    return MailOutcome.SENT


def _deliver(message: EmailMultiAlternatives) -> None:
    """Send a message. Raises NoMailServer, AddressRefused, or the server's error."""
    server = mailers.default
    try:
        _open(server)
        server.send_messages([message])
    except ValueError as error:
        raise AddressRefused(str(error)) from error
    finally:
        with suppress(OSError):
            server.close()  # what was opened before a login was refused, too


def _open(server: BaseEmailBackend) -> None:
    try:
        server.open()
    except OSError as error:
        raise NoMailServer(f"{type(error).__name__}: {error}") from error


def is_connection_failure(error: Exception) -> bool:
    """Whether the next mail would fail the same way: no answer, no login, a conversation that broke off."""
    if isinstance(error, SMTPRecipientsRefused):
        return False
    if isinstance(error, SMTPResponseException):
        return not isinstance(error, SMTPDataError)
    return isinstance(error, (SMTPException, OSError))


def is_refused_for_good(error: Exception) -> bool:
    """Whether no repeat will help: a final reply (5xx) for every recipient or the content, or an invalid address."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, AddressRefused) or (isinstance(error, SMTPDataError) and error.smtp_code >= PERMANENT)


def _wait_for_server(mine: OutboxQuerySet, error: NoMailServer) -> None:
    """Try again later without counting a try, however long the server is away."""
    logger.warning("mail_server_away", error=str(error)[:200])
    mine.update(try_at=from_now(SERVER_AWAY_SECONDS), attempts=F("attempts") - 1, last_error=str(error)[:200])


def _note_failure(mine: OutboxQuerySet, mail: OutboxRow, error: Exception) -> None:
    logger.warning("mail_not_sent", mail=str(mail), error=type(error).__name__)
    refused = is_refused_for_good(error)
    pause = RETRIES.seconds(mail.attempts)
    given_up = {"gave_up_at": ClockTimestamp()} if refused or mail.attempts >= MOST_ATTEMPTS else {}
    mine.update(try_at=from_now(pause), last_error=_words(error)[:200], is_refused=refused, **given_up)


def _words(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        # Only the server's reply, without the address, which the row names already.
        replies = [f"{code} {reply.decode(errors='replace')}" for code, reply in error.recipients.values()]
        return f"Refused by the receiving server: {'; '.join(replies)}"
    return f"{type(error).__name__}: {error}"
