"""Promo codes, and who used them."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp
from core.columns import MONEY, AmountField, CurrencyField
from core.money import CURRENCIES
from houses.models import Theater
from reservations.states import PromoKind
from theaters.models import Movie

CODE_SHAPE = r"[A-Z0-9][A-Z0-9-]{2,23}"
# Shorter codes show one letter, others two.
MASKED_FROM = 6
WEEKDAYS = [
    (1, "Monday"),
    (2, "Tuesday"),
    (3, "Wednesday"),
    (4, "Thursday"),
    (5, "Friday"),
    (6, "Saturday"),
    (7, "Sunday"),
]


class PromoCode(models.Model):
    """A word that makes tickets cheaper. Its limits are kept under a lock of its row (reservations/locks/)."""

    code = models.CharField(
        max_length=24,
        unique=True,
        validators=[RegexValidator(rf"\A{CODE_SHAPE}\Z", "Three to 24 letters A–Z, digits and hyphens.")],
        help_text="What customers type; capital or small letters are the same to us.",
    )
    note = models.CharField(max_length=120, blank=True, help_text="What it is for; customers never see it.")
    kind = models.CharField(max_length=8, choices=PromoKind)
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    amount = AmountField(**MONEY, null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(max_length=3, blank=True, choices=[(code, code) for code in CURRENCIES])
    from_on = models.DateField("valid from", null=True, blank=True)
    until_on = models.DateField("valid until", null=True, blank=True, help_text="The last business day it can be used.")
    theater = models.ForeignKey(
        Theater,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="promo_codes",
        help_text="Empty: all of them.",
    )
    movies = models.ManyToManyField(
        Movie, blank=True, related_name="promo_codes", help_text="None chosen: all of them."
    )
    ticket_types = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=WEEKDAYS), default=list, blank=True)
    most_uses = models.PositiveIntegerField(
        "uses in all", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Bookings; empty: no limit."
    )
    most_uses_each = models.PositiveSmallIntegerField(
        "uses per customer",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Bookings; empty: no limit.",
    )
    is_withdrawn = models.BooleanField("withdrawn", default=False, help_text="Nobody can use it any more.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=PromoKind.PERCENT,
                    percent__isnull=False,
                    percent__gt=0,
                    percent__lte=100,
                    amount=None,
                    currency="",
                )
                | (
                    Q(kind__in=[PromoKind.AMOUNT, PromoKind.FIXED], percent=None, amount__isnull=False, amount__gte=0)
                    & ~Q(currency="")
                ),
                name="promo_has_what_its_kind_needs",
                violation_error_message="A percentage is from 1 to 100; other kinds have an amount and its currency.",
            ),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="promo_ends_after_it_begins",
                violation_error_message="The last day is the first one or later.",
            ),
        ]

    def __str__(self) -> str:
        return self.masked_code

    @property
    def masked_code(self) -> str:
        """The first letters of the code, for staff who may not change it: a code is worth money."""
        return f"{self.code[: 1 if len(self.code) < MASKED_FROM else 2]}••••"

    @property
    def has_limits(self) -> bool:
        return self.most_uses is not None or self.most_uses_each is not None


def same_customer(*, customer: str, user_id: int | None) -> Q:
    """Redemptions of one person: by the address or by the account, also one that claimed the booking later."""
    same = Q(booking__sale__contact__customer=customer) if customer else Q(pk__in=[])
    return same if user_id is None else same | Q(user_id=user_id) | Q(booking__sale__user_id=user_id)


class PromoRedemptionQuerySet(models.QuerySet["PromoRedemption"]):
    def counted(self) -> "PromoRedemptionQuerySet":
        """Redemptions that count against the limits: their booking is pending or confirmed."""
        return self.filter(given_back_at=None)


class PromoRedemption(models.Model):
    """One booking used a code. It counts while the booking is pending or confirmed and is given back when that ends."""

    promo_code = models.ForeignKey(PromoCode, on_delete=models.PROTECT, related_name="redemptions")
    booking = models.OneToOneField("Booking", on_delete=models.PROTECT, related_name="redemption")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    discount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    given_back_at = models.DateTimeField(null=True)

    objects = PromoRedemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(discount__gte=0),
                name="redemption_takes_nothing_away",
                violation_error_message="A discount is 0 or more; 0 is that of a code that opens ticket types.",
            )
        ]
        indexes = [
            models.Index(fields=["promo_code"], condition=Q(given_back_at=None), name="redemption_counting"),
        ]

    def __str__(self) -> str:
        return f"Redemption {self.pk}"
