"""The outbox of bookings."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.letters.mailboxes import AddressField
from core.letters.outbox import OutboxQuerySet, OutboxRow, UniqueMail, new_message_key
from reservations.models.bookings import Booking
from reservations.states import MailKind
from sales.models import Contact

# Migrations name it here.
__all__ = ["LinkRequest", "OutgoingMail", "new_message_key"]


class OutgoingMail(UniqueMail):
    """A mail about a booking.

    A customer's address stands in the contact of the sale alone; mails to an earlier address refer to another contact.
    """

    kind = models.CharField(max_length=12, choices=MailKind)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="mails")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="mails", help_text="The customer it goes to."
    )
    to = AddressField(blank=True, default="", db_default="", help_text="The address of staff; empty for customers.")
    facts = models.JSONField(default=dict, db_default={}, help_text="What it tells beyond its booking, as written.")

    objects = OutboxQuerySet.as_manager()

    class Meta(OutboxRow.Meta):
        constraints = [
            *OutboxRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(contact__isnull=False, to="") | Q(contact=None) & ~Q(to=""),
                name="outgoingmail_to_a_contact_or_staff",
                violation_error_message="A mail goes to a customer's contact, or to an address of staff.",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(sent_at__isnull=True, gave_up_at__isnull=True), name="mail_due")
        ]

    @property
    def recipient(self) -> str:
        """The address it goes to; empty once its contact is erased."""
        return self.contact.email if self.contact else self.to


class LinkRequest(models.Model):
    """Somebody asked for the link of a booking. A worker answers by mail and deletes the row.

    It is written for every request, so that the answer of the page does not reveal whether there is such a booking.
    """

    asked_for = models.CharField(max_length=254, help_text="A booking's reference or an e-mail address, as typed.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    def __str__(self) -> str:
        return f"Link request {self.pk}"
