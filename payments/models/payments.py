"""Money in: asked for on the payment page of a provider, or taken at the counter."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp, from_now
from core.columns import MONEY, CheckedCharField
from core.rows.due import Waiting
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from payments.models.keys import PROVIDER, PROVIDER_ID, new_key, once
from payments.states import (
    BY_HAND_METHODS,
    CAPTURED_PAYMENTS,
    COUNTER,
    COUNTER_METHODS,
    MOVED_IN,
    OPEN_PAYMENTS,
    PaymentMethod,
    PaymentStatus,
)
from reservations.models import Exchange
from sales.models import Sale
from staff.models import Device

# Providers answer a repeated request with the first answer for a day; the request may be emptied two days after the
# end.
REQUEST_SECONDS = 2 * 24 * 3600
PAYMENTS = Waiting(Q(status__in=OPEN_PAYMENTS), moment="look_at", tries="looks")
NO_MONEY = empty("captured", "captured_currency", "provider_id")
# A payment that was taken whole, without a session or id at a provider.
TAKEN_WHOLE = Q(
    status=PaymentStatus.SUCCEEDED,
    session_id=None,
    provider_id=None,
    session_url="",
    captured__isnull=False,
    captured=F("amount"),
    captured_currency__isnull=False,
    captured_currency=F("currency"),
    ended_at__isnull=False,
)
STATUS_RULES = status_rules(
    "payment",
    PaymentStatus,
    StatusRule(
        "created",
        (PaymentStatus.CREATED,),
        NO_MONEY & empty("session_id", "ended_at") & Q(session_url=""),
        "A payment that its provider has not answered to has no payment session, no money and no end.",
    ),
    StatusRule(
        "open",
        (PaymentStatus.OPEN,),
        NO_MONEY & filled("session_id") & ~Q(session_url="") & empty("ended_at"),
        "An open payment has a payment session with an address, no money and no end.",
    ),
    StatusRule(
        "ended",
        (PaymentStatus.FAILED, PaymentStatus.CLOSED),
        NO_MONEY & filled("ended_at"),
        "A payment that failed or was closed says when, and has no money.",
    ),
    StatusRule(
        "captured",
        CAPTURED_PAYMENTS,
        filled("captured", "captured_currency", "ended_at")
        & (Q(method__in=BY_HAND_METHODS) | filled("session_id", "provider_id")),
        "A payment that succeeded says when, how much came in which currency and, online, by which payment session.",
    ),
)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        return self.filter(status__in=OPEN_PAYMENTS)

    def with_old_address(self) -> "PaymentQuerySet":
        """Payments that ended so long ago that their client address counts for no limit."""
        return self.filter(ended_at__lt=from_now(-settings.CLIENT_ADDRESS_DAYS * 24 * 3600)).exclude(address="")

    def with_old_request(self) -> "PaymentQuerySet":
        """Payments that ended so long ago that their request, which holds the e-mail, is never sent again."""
        return self.filter(ended_at__lt=from_now(-REQUEST_SECONDS)).exclude(request={})

    def with_unknown_card(self) -> "PaymentQuerySet":
        """Online payments of the last day whose card we have not asked for yet."""
        return self.filter(
            method=PaymentMethod.ONLINE,
            status=PaymentStatus.SUCCEEDED,
            card_noted_at=None,
            ended_at__gt=from_now(-24 * 3600),
        )

    def due_for_a_look(self) -> "PaymentQuerySet":
        """Open payments whose provider was not asked lately; a lease moves `look_at` on."""
        return PAYMENTS.due(self)


class Payment(models.Model):
    """One try to collect what is to be paid of a sale. The row with its exact request is committed before the provider
    is called.
    """

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="payments")
    exchange = models.ForeignKey(
        Exchange,
        null=True,
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,
        help_text="Whose difference it pays; empty: it pays the sale.",
    )
    status = models.CharField(max_length=10, choices=PaymentStatus, default=PaymentStatus.CREATED)
    provider = models.CharField(**PROVIDER)
    method = models.CharField(
        max_length=8, choices=PaymentMethod, default=PaymentMethod.ONLINE, db_default=PaymentMethod.ONLINE
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Who took it.",
    )
    device = models.ForeignKey(
        Device,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Into which device's drawer it went; empty: of people signed in without one.",
    )
    tendered = models.DecimalField(
        **MONEY, null=True, help_text="The cash that was handed over; empty: exactly enough."
    )
    rounding = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        help_text="What coins made more of it, or less: of cash alone, no price and no tax.",
    )
    key = CheckedCharField(max_length=32, unique=True, default=new_key)
    request = models.JSONField(help_text="The exact parameters sent; a repeat sends them again.")
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    captured = models.DecimalField(**MONEY, null=True, help_text="What really came; empty: the amount.")
    captured_currency = models.CharField(max_length=3, null=True)
    session_id = models.CharField(max_length=200, null=True, help_text="The provider's id of the payment session.")
    provider_id = models.CharField(**PROVIDER_ID, null=True)
    session_url = models.URLField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    address = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Where Pay was pressed: an IPv4 address or an IPv6 /56; empty at the counter, or forgotten.",
    )
    declines = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often a card was declined in its payment session."
    )
    declined_at = models.DateTimeField(null=True, help_text="When the last of these declines was seen.")
    card = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="A fingerprint of the card that paid, by its provider.",
    )
    card_last4 = models.CharField(
        max_length=4, blank=True, default="", db_default="", help_text="The last four digits of the card that paid."
    )
    card_noted_at = models.DateTimeField(null=True, help_text="When its provider was asked which card paid.")
    look_at = models.DateTimeField(help_text="When a sweep asks its provider about it next.")
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
            ("approve_void", "Can approve at the counter that somebody else voids a sale above the limit"),
            ("export_ledger", "Can take sales and money out as a file for accounting"),
        ]
        constraints = [
            *STATUS_RULES,
            models.UniqueConstraint(
                fields=["sale"],
                condition=Q(status__in=OPEN_PAYMENTS),
                name="payment_one_open_per_sale",
                violation_error_message="A payment of this sale is open already.",
            ),
            once("payment_session_once", "session_id"),
            once("payment_provider_id_once", "provider_id"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_message="A payment is more than 0.",
            ),
            models.CheckConstraint(
                condition=Q(device=None) | Q(operator__isnull=False),
                name="payment_device_has_an_operator",
                violation_error_message="A payment at a device was taken by its operator.",
            ),
            models.CheckConstraint(
                name="payment_online_or_of_the_counter",
                violation_error_message="A payment is online and without an operator, taken whole at the counter by one, "
                "or taken whole by another system before.",
                condition=Q(method=PaymentMethod.ONLINE, operator=None) & ~Q(provider__in=["", COUNTER, MOVED_IN])
                | (
                    Q(method__in=COUNTER_METHODS, provider=COUNTER, operator__isnull=False)
                    | Q(method=PaymentMethod.MOVED_IN, provider=MOVED_IN, operator=None)
                )
                & TAKEN_WHOLE,
            ),
            models.CheckConstraint(
                name="payment_tendered_is_cash_and_enough",
                violation_error_message="What is tendered is cash, and enough.",
                condition=Q(tendered=None) | Q(method=PaymentMethod.CASH, tendered__gte=F("amount") + F("rounding")),
            ),
            models.CheckConstraint(
                name="payment_rounding_is_of_cash",
                violation_error_message="Only cash is rounded to coins.",
                condition=Q(rounding=0) | Q(method=PaymentMethod.CASH),
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(status__in=OPEN_PAYMENTS), name="payment_due"),
            models.Index(fields=["address", "created_at"], condition=~Q(address=""), name="payment_by_address"),
            models.Index(
                fields=["ended_at"],
                condition=Q(method=PaymentMethod.ONLINE, status=PaymentStatus.SUCCEEDED, card_noted_at=None),
                name="payment_card_unknown",
            ),
            models.Index(fields=["card"], condition=~Q(card=""), name="payment_by_card"),
            models.Index(fields=["card_last4"], condition=~Q(card_last4=""), name="payment_by_last4"),
        ]

    def __str__(self) -> str:
        return f"Payment {self.pk}"

    @property
    def is_online(self) -> bool:
        return self.method == PaymentMethod.ONLINE

    @property
    def change(self) -> Decimal:
        """The cash given back as change at the counter."""
        return Decimal(0) if self.tendered is None else self.tendered - self.in_coins

    @property
    def in_coins(self) -> Decimal:
        """What went into the drawer: the amount, rounded to the coins of the country if it was cash."""
        return self.amount + self.rounding

    @property
    def taken(self) -> Decimal:
        """The amount that was really paid; nearly always the requested one."""
        return self.amount if self.captured is None else self.captured

    @property
    def taken_currency(self) -> str:
        return self.captured_currency or self.currency

    @property
    def is_foreign(self) -> bool:
        """Whether it was paid in another currency than the sale's: it is in none of the sums, and all of it goes back."""
        return self.taken_currency != self.currency
