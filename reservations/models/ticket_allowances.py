"""How many tickets a person may have beyond the usual limit."""

from django.core.validators import MinValueValidator
from django.db import models

from core.clock import ClockTimestamp
from core.letters.mailboxes import AddressField
from theaters.models import Showtime


class TicketAllowance(models.Model):
    """Staff let one person have more tickets for a showtime than TICKETS_PER_PERSON_AND_SHOWTIME. The audit log says who."""

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="ticket_allowances")
    email = AddressField("e-mail", help_text="The address the person books with.")
    customer = models.CharField(max_length=254, help_text="The e-mail address without case and alias.")
    most = models.PositiveSmallIntegerField(
        "tickets in all",
        validators=[MinValueValidator(1)],
        help_text="All tickets of this person for the showtime, with those bought already.",
    )
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["-pk"]
        verbose_name = "ticket allowance"
        constraints = [
            models.UniqueConstraint(fields=["showtime", "customer"], name="ticket_allowance_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.most} tickets"
