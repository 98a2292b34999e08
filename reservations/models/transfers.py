"""Tickets that are given to somebody else: by a link, which makes a new code when it is taken up."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from reservations.models.bookings import Ticket


class Transfer(models.Model):
    """A link by which somebody else takes a ticket. `code` is the secret of the link.

    A ticket has one open link. Taken up it keeps both codes of the ticket: the old one is never any ticket's again.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="transfers")
    code = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField(db_default=ClockTimestamp())
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    holder = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="The browser in which it was taken up."
    )
    old_code = models.CharField(max_length=32, null=True, unique=True)
    new_code = models.CharField(max_length=32, null=True, unique=True)
    told_needs = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=[],
        help_text="What the person who took it needs, as they agreed to tell the staff.",
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(withdrawn_at=None, accepted_at=None),
                name="transfer_one_open_per_ticket",
                violation_error_message="There is a link for this ticket already.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, holder="", old_code=None, new_code=None)
                | Q(withdrawn_at=None, accepted_at__isnull=False, old_code__isnull=False, new_code__isnull=False)
                & ~Q(holder="")
                & ~Q(old_code=models.F("new_code")),
                name="transfer_taken_up_has_a_new_code",
                violation_error_message="A ticket that was taken up has a new code, and says in which browser.",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.accepted_at is None
