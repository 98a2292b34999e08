"""Sales: everything that is paid together."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp
from core.columns import MONEY, CheckedCharField, CurrencyField, RandomHex
from core.money import CURRENCIES
from houses.models import PageText, Theater
from sales.models.contacts import Contact
from sales.states import Channel, PaidWith
from staff.models import Device

# No 0/O, 1/I/L, U/V, S/5, B/8, Z/2: read over a telephone.
REFERENCE_ALPHABET = "ACDEFGHJKMNPQRTWXY34679"


def new_reference() -> str:
    """Make a random reference that is easy to say, such as KX7M-4QPD. Alone it gives no access."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_link_nonce() -> str:
    """128 random bits: the part of a sale's link that no other link has, not even after a restore of the database."""
    return secrets.token_hex(16)


class Sale(models.Model):
    """What is paid together, fixed at Pay. Its parts (bookings) and its payments point to it; it has no status of its own.

    It is of one theater: its currency, its terms, its receipts and the right to see it come from there. The amounts are
    those of all its parts together, as sold and never computed again.
    """

    reference = CheckedCharField(max_length=9, unique=True, default=new_reference)
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="sales")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="sale")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="sales")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Who of the staff sold it at the counter; empty for online sales.",
    )
    device = models.ForeignKey(
        Device,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="At which device it was sold; empty: signed in without one, or online.",
    )
    currency = CurrencyField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    total = models.DecimalField(**MONEY)
    language = models.CharField(
        max_length=12,
        default="en",
        db_default="en",
        help_text="In which it was bought: its mails and papers are written in it.",
    )
    terms = models.TextField(help_text="The rules for canceling as shown before payment.")
    terms_text = models.ForeignKey(
        PageText,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The terms of the house that were accepted at Pay; empty for what was sold at the counter.",
    )
    cancel_tiers = models.JSONField(
        default=list, db_default=[], help_text="The same as steps of minutes before the start and percent."
    )
    exchange_minutes = models.PositiveIntegerField(
        null=True,
        help_text="Until so many minutes before the start its tickets are exchanged online; 0: never. Empty for sales that are "
        "older than this column: then what the theater says now.",
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    payable_until = models.DateTimeField(help_text="Then its payment session closes.")
    held_until = models.DateTimeField(help_text="Then its unpaid seats are free: some seconds after the last payment.")
    refund_due = models.DecimalField(**MONEY, default=0, help_text="Total ever owed back; it only grows.")
    fees_kept = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="Total ever kept of canceled tickets; it only grows."
    )
    goodwill = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        help_text="Part of what is owed back for which no ticket became void; it only grows.",
    )
    frozen_at = models.DateTimeField(null=True, help_text="Its money is disputed: the tickets open no door meanwhile.")
    checking_since = models.DateTimeField(
        null=True,
        help_text="Whether its money came is not known yet: its provider did not tell, or the bank has not decided.",
    )
    link_version = models.PositiveSmallIntegerField(default=1)
    link_nonce = CheckedCharField(
        max_length=32, default=new_link_nonce, db_default=RandomHex(), help_text="New with every version of the link."
    )
    link_renewed_at = models.DateTimeField(null=True)
    comp_reason = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Why staff gave these tickets away; empty for sold ones."
    )
    override_reason = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Why staff broke a rule of the house to sell it."
    )
    paid_with = models.CharField(max_length=8, choices=PaidWith, blank=True, db_default="")
    cash_rounding = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        help_text="What coins made more of the total, or less, when it was paid in cash: no price and no tax.",
    )
    paid_out = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="What of it was given back at the counter; it only grows."
    )
    changed_at = models.DateTimeField(
        db_default=ClockTimestamp(), help_text="When it last owed more, or less was known."
    )

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(channel=Channel.ONLINE, operator=None, comp_reason="")
                | Q(channel=Channel.COUNTER, operator__isnull=False, comp_reason="")
                | Q(channel=Channel.COMP) & ~Q(comp_reason="")
                | Q(channel=Channel.MOVED_IN, operator=None, comp_reason=""),
                name="sale_channel",
                violation_error_message="What is sold at the counter has an operator, what is given away has a reason.",
            ),
            models.CheckConstraint(
                condition=Q(device=None) | Q(operator__isnull=False),
                name="sale_device_has_an_operator",
                violation_error_message="On a device somebody sells.",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="") | Q(operator__isnull=False),
                name="sale_overrides_have_an_operator",
                violation_error_message="A rule is overridden by somebody at the counter.",
            ),
            models.CheckConstraint(
                condition=Q(comp_reason="") | Q(total=0),
                name="sale_comp_costs_nothing",
                violation_error_message="A booking that is given away costs nothing.",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(refund_due__gte=0),
                name="sale_amounts_not_negative",
                violation_error_message="Amounts are 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(paid_with="") | Q(operator__isnull=False, total__gt=0),
                name="sale_paid_at_the_counter",
                violation_error_message="What is paid at the counter has an operator and a total.",
            ),
            models.CheckConstraint(
                condition=Q(cash_rounding=0) | Q(paid_with=PaidWith.CASH),
                name="sale_rounding_is_of_cash",
                violation_error_message="Only cash is rounded to coins.",
            ),
            models.CheckConstraint(
                condition=Q(paid_out__gte=0) & Q(paid_out__lte=F("refund_due")),
                name="sale_paid_out_was_owed",
                violation_error_message="No more is paid out than is owed.",
            ),
            models.CheckConstraint(
                condition=Q(fees_kept__gte=0) & Q(goodwill__gte=0),
                name="sale_kept_and_goodwill_not_negative",
                violation_error_message="Fees that are kept and goodwill are 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(held_until__gte=F("payable_until")),
                name="sale_held_until_nobody_can_pay",
                violation_error_message="Seats are held until nobody can pay for them any more.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
