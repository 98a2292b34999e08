"""The outbox."""

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.clock import ClockTimestamp
from core.columns import RandomHex
from reservations.models.bookings import Booking
from reservations.states import MailKind


def new_message_key() -> str:
    """Random: the purpose names primary keys, which come again after a restore of the database."""
    return secrets.token_hex(16)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=True, gave_up_at__isnull=True, try_at__lte=ClockTimestamp())


class OutgoingMail(models.Model):
    """The outbox. The purpose is unique, so the same mail is never written twice; a lease keeps two workers apart."""

    purpose = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=MailKind)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="mails")
    to = models.EmailField()
    facts = models.JSONField(default=dict, db_default={}, help_text="What it tells beyond its booking, as written.")
    message_key = models.CharField(
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

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], condition=Q(sent_at__isnull=True, gave_up_at__isnull=True), name="mail_due")
        ]

    def __str__(self) -> str:
        return self.purpose
