"""The outbox of bookings."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.mailboxes import AddressField
from core.outbox import OutboxQuerySet, OutboxRow, new_message_key
from reservations.models.bookings import Booking
from reservations.states import MailKind

# Migrations name it here.
__all__ = ["LinkRequest", "OutgoingMail", "new_message_key"]


class OutgoingMail(OutboxRow):
    """A mail about a booking. The purpose is unique, so the same mail is never written twice."""

    purpose = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=MailKind)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="mails")
    to = AddressField()
    facts = models.JSONField(default=dict, db_default={}, help_text="What it tells beyond its booking, as written.")

    objects = OutboxQuerySet.as_manager()

    class Meta(OutboxRow.Meta):
        indexes = [
            models.Index(fields=["try_at"], condition=Q(sent_at__isnull=True, gave_up_at__isnull=True), name="mail_due")
        ]

    def __str__(self) -> str:
        return self.purpose


class LinkRequest(models.Model):
    """Somebody asked for the link of a booking. A worker answers by mail and deletes the row.

    It is written for every question, so that the answer of the page tells nobody whether there is such a booking.
    """

    asked_for = models.CharField(max_length=254, help_text="A booking's reference or an e-mail address, as typed.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    def __str__(self) -> str:
        return f"Link request {self.pk}"
