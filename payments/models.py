"""Money in and money out, as we asked for it and as Stripe answered."""

import secrets
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.clock import ClockTimestamp, from_now
from core.columns import MONEY
from payments.states import (
    COUNTER_METHODS,
    OPEN_PAYMENTS,
    DisputeStatus,
    PaymentMethod,
    PaymentStatus,
    RefundStatus,
)
from reservations.models import Booking

# From then on a person has to look why a refund was not sent, or did not arrive.
UNSENT_SECONDS = 3600
PENDING_SECONDS = 10 * 24 * 3600


def new_key() -> str:
    """An idempotency key: random, because a primary key could come again after a restore."""
    return secrets.token_hex(16)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        return self.filter(status__in=OPEN_PAYMENTS)

    def due_for_a_look(self) -> "PaymentQuerySet":
        """Open payments nobody has asked Stripe about lately; a lease moves `look_at` on."""
        return self.open().filter(look_at__lte=ClockTimestamp())


class Payment(models.Model):
    """One try to collect a booking's total. The row and its exact request exist before Stripe hears of it."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    status = models.CharField(max_length=10, choices=PaymentStatus, default=PaymentStatus.CREATED)
    method = models.CharField(
        max_length=8, choices=PaymentMethod, default=PaymentMethod.STRIPE, db_default=PaymentMethod.STRIPE
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Who took it.",
    )
    tendered = models.DecimalField(
        **MONEY, null=True, help_text="The cash that was handed over; empty: exactly enough."
    )
    key = models.CharField(max_length=32, unique=True, default=new_key)
    request = models.JSONField(help_text="The exact parameters sent; a repeat sends them again.")
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    captured = models.DecimalField(**MONEY, null=True, help_text="What Stripe really took; empty: the amount.")
    captured_currency = models.CharField(max_length=3, null=True)
    session_id = models.CharField(max_length=200, unique=True, null=True)
    intent_id = models.CharField(max_length=200, unique=True, null=True)
    till_url = models.URLField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    look_at = models.DateTimeField(help_text="When a sweep asks Stripe about it next.")
    looks = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("refund_payment", "Can give money back, up to the theater's limit"),
            ("approve_refund", "Can approve a refund above the limit that somebody else asked for"),
            ("retry_refund", "Can try a failed refund again"),
            ("pay_out", "Can pay money out at the counter"),
            ("export_ledger", "Can take sales and money out as a file for accounting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(status__in=OPEN_PAYMENTS), name="payment_one_open_per_booking"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                name="payment_of_stripe_or_of_the_counter",
                condition=Q(method=PaymentMethod.STRIPE, operator=None)
                | Q(
                    method__in=COUNTER_METHODS,
                    operator__isnull=False,
                    status=PaymentStatus.SUCCEEDED,
                    session_id=None,
                    intent_id=None,
                    till_url="",
                    captured=F("amount"),
                    captured_currency=F("currency"),
                    ended_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="payment_tendered_is_cash_and_enough",
                condition=Q(tendered=None) | Q(method=PaymentMethod.CASH, tendered__gte=F("amount")),
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(status__in=OPEN_PAYMENTS), name="payment_due"),
        ]

    def __str__(self) -> str:
        return f"Payment {self.pk}"

    @property
    def is_at_stripe(self) -> bool:
        return self.method == PaymentMethod.STRIPE

    @property
    def change(self) -> Decimal:
        """Cash that was given back over the counter at once."""
        return Decimal(0) if self.tendered is None else self.tendered - self.amount

    @property
    def taken(self) -> Decimal:
        """The money that came with it, once it came: what was asked for, but for accidents."""
        return self.amount if self.captured is None else self.captured

    @property
    def taken_currency(self) -> str:
        return self.captured_currency or self.currency

    @property
    def is_foreign(self) -> bool:
        """Money in another currency than the booking's: no account of it adds up with ours, and all of it goes back."""
        return self.taken_currency != self.currency


class RefundQuerySet(models.QuerySet["Refund"]):
    def waiting_at_counter(self) -> "RefundQuerySet":
        """Money that a person has to pay out."""
        return self.filter(method__in=COUNTER_METHODS, status=RefundStatus.REQUESTED)

    def due(self) -> "RefundQuerySet":
        return self.filter(
            method=PaymentMethod.STRIPE,
            status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.PENDING],
            look_at__lte=ClockTimestamp(),
        )

    def needing_a_person(self) -> "RefundQuerySet":
        """Failed, and nothing newer brings the money; or waiting for longer than Stripe and banks take."""
        newer = Refund.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk"))
        failed = Q(status=RefundStatus.FAILED) & ~Exists(newer)
        at_home = Q(payment__captured_currency=None) | Q(payment__captured_currency=F("payment__currency"))
        owed = Q(payment__booking__refund_due__gt=_returned_of_booking())
        missing = (at_home & owed) | (~at_home & Q(payment__captured__gt=_refunded_of_payment()))
        unsent = Q(method=PaymentMethod.STRIPE, status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED])
        return self.filter(
            (failed & missing)
            | (unsent & Q(created_at__lt=from_now(-UNSENT_SECONDS)))
            | Q(status=RefundStatus.PENDING, created_at__lt=from_now(-PENDING_SECONDS))
        )


def _returned_of_booking() -> Combinable:
    """What its refunds that have not failed bring, and what banks took for good."""
    booking = OuterRef("payment__booking")
    refunds = Refund.objects.filter(payment__booking=booking, currency=OuterRef("payment__currency"))
    disputes = Dispute.objects.lost().filter(payment__booking=booking)
    return _sum_of(refunds.exclude(status=RefundStatus.FAILED), "payment__booking") + _sum_of(
        disputes, "payment__booking"
    )


def _refunded_of_payment() -> Combinable:
    refunds = Refund.objects.filter(payment=OuterRef("payment")).exclude(status=RefundStatus.FAILED)
    return _sum_of(refunds, "payment")


def _sum_of(rows: models.QuerySet[Any], by: str) -> Coalesce:
    total = rows.order_by().values(by).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total), Decimal(0), output_field=models.DecimalField())


class Refund(models.Model):
    """Money going back. A retry of a failed refund is a new row."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.REQUESTED)
    method = models.CharField(
        max_length=8,
        choices=PaymentMethod,
        default=PaymentMethod.STRIPE,
        db_default=PaymentMethod.STRIPE,
        help_text="How it goes back. At the counter cash may become a card, and the other way round, until it is paid out.",
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Who paid it out.",
    )
    key = models.CharField(max_length=32, unique=True, default=new_key)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=120)
    stripe_id = models.CharField(max_length=200, unique=True, null=True)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    look_at = models.DateTimeField(db_default=ClockTimestamp())
    looks = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                name="refund_of_stripe_or_of_the_counter",
                condition=Q(method=PaymentMethod.STRIPE, operator=None)
                | Q(
                    method__in=COUNTER_METHODS, stripe_id=None, status__in=[RefundStatus.REQUESTED, RefundStatus.FAILED]
                )
                | Q(
                    method__in=COUNTER_METHODS,
                    stripe_id=None,
                    status=RefundStatus.SUCCEEDED,
                    operator__isnull=False,
                    ended_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_at"],
                condition=Q(status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.PENDING]),
                name="refund_due",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(method__in=COUNTER_METHODS, status=RefundStatus.REQUESTED),
                name="refund_waiting_at_counter",
            ),
        ]

    def __str__(self) -> str:
        return f"Refund {self.pk}"


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        return self.filter(status=DisputeStatus.OPEN)

    def lost(self) -> "DisputeQuerySet":
        return self.filter(status=DisputeStatus.LOST)


class Dispute(models.Model):
    """A customer's bank takes the money back and we may object: as Stripe told when it was asked."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    status = models.CharField(max_length=8, choices=DisputeStatus, default=DisputeStatus.NEW)
    stripe_id = models.CharField(max_length=200, unique=True)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, help_text="The bank's word for it.")
    answer_by = models.DateTimeField(null=True, help_text="Evidence is accepted until then.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    ended_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive")]

    def __str__(self) -> str:
        return f"Dispute {self.pk}"


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def due(self) -> "StripeEventQuerySet":
        return self.filter(done_at__isnull=True, try_at__lte=ClockTimestamp())


class StripeEvent(models.Model):
    """A delivery as it came. The id is unique for ever, so a copy is known days later; the payload is only a hint."""

    stripe_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=ClockTimestamp())
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=120, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["try_at"], condition=Q(done_at__isnull=True), name="event_due")]

    def __str__(self) -> str:
        return self.stripe_id


class InvariantRunQuerySet(models.QuerySet["InvariantRun"]):
    def finished(self) -> "InvariantRunQuerySet":
        return self.filter(finished_at__isnull=False)

    def to_tell(self) -> "InvariantRunQuerySet":
        """Runs that found something and of which nobody was told yet; a lease moves `tell_at` on."""
        return self.finished().filter(broken__gt=0, told_at__isnull=True, tell_at__lte=ClockTimestamp())


class InvariantRun(models.Model):
    """One check of all that must always be true: asked for by the night or by a person, and what it found."""

    asked_at = models.DateTimeField(db_default=ClockTimestamp())
    actor = models.CharField(max_length=60, help_text="The schedule, or who asked for it.")
    finished_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    checked = models.PositiveSmallIntegerField(default=0, help_text="How many rules.")
    broken = models.PositiveSmallIntegerField(default=0, help_text="How many of them found something.")
    findings = models.JSONField(default=list, help_text="Name, sentence and first rows of each broken rule.")
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = InvariantRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "check of seats and money"
        verbose_name_plural = "checks of seats and money"
        default_permissions = ["view"]
        permissions = [("run_invariants", "Can check now whether seats and money add up")]
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(finished_at=None), name="invariants_one_waiting_run"),
        ]

    def __str__(self) -> str:
        return f"Check {self.pk}"
