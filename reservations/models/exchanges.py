"""A customer gives tickets back for others of the same theater: chosen, paid for where they are dearer, then done at once."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.columns import MONEY, TAX
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from reservations.models.bookings import Booking, Ticket
from reservations.models.cancellations import Cancellation
from reservations.models.holds import Hold
from reservations.states import ExchangeStatus
from sales.states import PaidWith
from theaters.models import Seat, Showtime, TicketType

NOTHING_AGREED = empty("hold", "agreed_at", "payable_until", "cancellation", "made_booking")


class Exchange(models.Model):
    """An exchange of tickets of one booking for as many seats at a showtime of the same theater.

    Until it is done the old tickets stay as they are. Then its lines have the new tickets, and `cancellation` the old
    ones.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="exchanges")
    holder = models.CharField(max_length=64, db_index=True, help_text="The browser in which the seats are chosen.")
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="exchanges", help_text="The new one.")
    ticket_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=8, choices=ExchangeStatus, default=ExchangeStatus.CHOOSING)
    hold = models.ForeignKey(
        Hold,
        null=True,
        on_delete=models.PROTECT,
        related_name="exchanges",
        db_index=False,
        help_text="Has the new seats from when the customer agreed.",
    )
    started_at = models.DateTimeField(db_default=ClockTimestamp())
    agreed_at = models.DateTimeField(null=True)
    payable_until = models.DateTimeField(null=True, help_text="Then its payment session closes.")
    ended_at = models.DateTimeField(null=True)
    cancellation = models.OneToOneField(
        Cancellation, null=True, on_delete=models.PROTECT, related_name="exchange", help_text="Of the old tickets."
    )
    made_booking = models.OneToOneField(
        Booking,
        null=True,
        on_delete=models.PROTECT,
        related_name="made_by",
        help_text="Where the sale had no booking for the new showtime.",
    )
    paid_with = models.CharField(
        max_length=8,
        choices=PaidWith,
        blank=True,
        default="",
        db_default="",
        help_text="How the counter took the difference; empty: online, or nothing was to be paid.",
    )
    cash_rounding = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="What coins made more of the difference, or less, in cash."
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            *status_rules(
                "exchange",
                ExchangeStatus,
                StatusRule(
                    "choosing",
                    (ExchangeStatus.CHOOSING,),
                    NOTHING_AGREED & empty("ended_at"),
                    "While seats are chosen nothing is agreed.",
                ),
                StatusRule(
                    "paying",
                    (ExchangeStatus.PAYING,),
                    filled("hold", "agreed_at", "payable_until") & empty("ended_at", "cancellation", "made_booking"),
                    "While the difference is paid a hold has the new seats.",
                ),
                StatusRule(
                    "done",
                    (ExchangeStatus.DONE,),
                    filled("hold", "agreed_at", "ended_at", "cancellation"),
                    "An exchange that is done has a cancellation of the old tickets.",
                ),
                StatusRule(
                    "ended",
                    (ExchangeStatus.ENDED,),
                    filled("ended_at") & empty("cancellation", "made_booking"),
                    "An exchange that ended changed nothing, and says when.",
                ),
            ),
            models.CheckConstraint(
                condition=Q(cash_rounding=0) | Q(paid_with=PaidWith.CASH),
                name="exchange_rounding_is_of_cash",
                violation_error_message="Only cash is rounded to coins.",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(status=ExchangeStatus.PAYING),
                name="exchange_one_paying_per_booking",
                violation_error_message="An exchange of this booking is being paid for already.",
            ),
            models.UniqueConstraint(
                fields=["booking", "holder"],
                condition=Q(status=ExchangeStatus.CHOOSING),
                name="exchange_one_choice_per_browser",
                violation_error_message="This browser is choosing other seats for this booking already.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["payable_until"], condition=Q(status=ExchangeStatus.PAYING), name="exchange_being_paid"
            ),
        ]

    def __str__(self) -> str:
        return f"Exchange {self.pk}"


class ExchangedTicket(models.Model):
    """A ticket and the one that takes its place, with the price and tax to which the customer agreed."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="lines")
    old_ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="exchanges")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="+", db_index=False)
    price = models.DecimalField(**MONEY)
    discount = models.DecimalField(**MONEY, default=Decimal(0), db_default=0)
    list_price = models.DecimalField(
        **MONEY, null=True, help_text="Before price rules and discount; empty where nobody wrote it down."
    )
    price_changes = models.JSONField(default=list, db_default=[], editable=False)
    tax = models.DecimalField(**TAX)
    fee = models.DecimalField(**MONEY)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=5)
    most_percent = models.PositiveSmallIntegerField(
        null=True, help_text="What the old tickets gave back when it was agreed to; empty: all of their price."
    )
    new_ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="came_by")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["exchange", "old_ticket"], name="exchanged_once_per_exchange"),
            models.UniqueConstraint(fields=["exchange", "seat"], name="exchanged_for_different_seats"),
        ]

    def __str__(self) -> str:
        return f"Exchanged ticket {self.old_ticket_id}"
