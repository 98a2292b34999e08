"""Refunds."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.clock import ClockTimestamp, from_now
from core.columns import MONEY, CheckedCharField
from core.rows.due import Waiting
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from payments.models.disputes import Dispute
from payments.models.keys import PROVIDER, PROVIDER_ID, new_key, once
from payments.models.payments import Payment
from payments.states import BY_HAND_METHODS, COUNTER, COUNTER_METHODS, MOVED_IN, PaymentMethod, RefundStatus
from staff.models import Device

# After these times a person has to find out why a refund was not sent, or did not arrive.
UNSENT_SECONDS = 3600
PENDING_SECONDS = 10 * 24 * 3600
REFUNDS = Waiting(
    Q(
        method=PaymentMethod.ONLINE,
        status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.PENDING],
    ),
    moment="look_at",
)
STATUS_RULES = status_rules(
    "refund",
    RefundStatus,
    StatusRule(
        "unsent",
        (RefundStatus.REQUESTED, RefundStatus.SUBMITTED),
        empty("provider_id", "ended_at"),
        "A refund that its provider has not answered to has no id there and no end.",
    ),
    StatusRule(
        "pending",
        (RefundStatus.PENDING,),
        filled("provider_id") & empty("ended_at"),
        "A pending refund has its id at the provider and no end.",
    ),
    StatusRule(
        "succeeded",
        (RefundStatus.SUCCEEDED,),
        filled("ended_at") & (Q(method__in=BY_HAND_METHODS) | filled("provider_id")),
        "A refund that succeeded says when and, online, has its id at the provider.",
    ),
    StatusRule(
        "failed",
        (RefundStatus.FAILED,),
        filled("ended_at"),
        "A refund that failed says when.",
    ),
)


class RefundQuerySet(models.QuerySet["Refund"]):
    def waiting_at_counter(self) -> "RefundQuerySet":
        """Refunds that a person has to pay out at the counter."""
        return self.filter(method__in=BY_HAND_METHODS, status=RefundStatus.REQUESTED)

    def due(self) -> "RefundQuerySet":
        return REFUNDS.due(self)

    def needing_a_person(self) -> "RefundQuerySet":
        """Failed, and nothing newer brings the money; or waiting for longer than providers and banks take."""
        newer = Refund.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk"))
        failed = Q(status=RefundStatus.FAILED) & ~Exists(newer)
        at_home = Q(payment__captured_currency=None) | Q(payment__captured_currency=F("payment__currency"))
        owed = Q(payment__sale__refund_due__gt=_returned_of_sale())
        missing = (at_home & owed) | (~at_home & Q(payment__captured__gt=_refunded_of_payment()))
        unsent = Q(method=PaymentMethod.ONLINE, status__in=[RefundStatus.REQUESTED, RefundStatus.SUBMITTED])
        return self.filter(
            (failed & missing)
            | (unsent & Q(created_at__lt=from_now(-UNSENT_SECONDS)))
            | Q(status=RefundStatus.PENDING, created_at__lt=from_now(-PENDING_SECONDS))
        )


def _returned_of_sale() -> Combinable:
    """SQL: the money of a payment's sale that went back, by refunds that have not failed and lost disputes."""
    sale = OuterRef("payment__sale")
    refunds = Refund.objects.filter(payment__sale=sale, currency=OuterRef("payment__currency"))
    disputes = Dispute.objects.lost().filter(payment__sale=sale)
    return _sum_of(refunds.exclude(status=RefundStatus.FAILED), "payment__sale") + _sum_of(disputes, "payment__sale")


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
    provider = models.CharField(**PROVIDER)
    method = models.CharField(
        max_length=8,
        choices=PaymentMethod,
        default=PaymentMethod.ONLINE,
        db_default=PaymentMethod.ONLINE,
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
    device = models.ForeignKey(
        Device,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Out of which device's drawer it came; empty: of people signed in without one.",
    )
    key = CheckedCharField(max_length=32, unique=True, default=new_key)
    amount = models.DecimalField(**MONEY)
    rounding = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        help_text="What coins made more of it, or less, when it was handed out in cash.",
    )
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=120)
    provider_id = models.CharField(**PROVIDER_ID, null=True)
    bank_reference = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="By which the customer's bank finds it (ARN)."
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    look_at = models.DateTimeField(db_default=ClockTimestamp())
    looks = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            *STATUS_RULES,
            once("refund_provider_id_once", "provider_id"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="refund_amount_positive",
                violation_error_message="A refund is more than 0.",
            ),
            models.CheckConstraint(
                condition=Q(device=None) | Q(operator__isnull=False),
                name="refund_device_has_an_operator",
                violation_error_message="A refund at a device was paid out by its operator.",
            ),
            models.CheckConstraint(
                name="refund_online_or_of_the_counter",
                violation_error_message="A refund goes back online without an operator, or is given back by one by hand.",
                condition=Q(method=PaymentMethod.ONLINE, operator=None) & ~Q(provider__in=["", COUNTER, MOVED_IN])
                | Q(
                    method__in=BY_HAND_METHODS,
                    provider=COUNTER,
                    provider_id=None,
                    status__in=[RefundStatus.REQUESTED, RefundStatus.FAILED],
                )
                | Q(
                    method__in=BY_HAND_METHODS,
                    provider=COUNTER,
                    provider_id=None,
                    status=RefundStatus.SUCCEEDED,
                    operator__isnull=False,
                    ended_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="refund_rounding_is_of_cash",
                violation_error_message="Only cash is rounded to coins, when it is handed out.",
                condition=Q(rounding=0) | Q(method=PaymentMethod.CASH, status=RefundStatus.SUCCEEDED),
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

    @property
    def in_coins(self) -> Decimal:
        """What left the drawer: the amount, rounded to the coins of the country if it was cash."""
        return self.amount + self.rounding

    @property
    def is_online(self) -> bool:
        return self.method == PaymentMethod.ONLINE
