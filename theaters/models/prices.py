"""Price lists and their versions."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from houses.models.theaters import Theater
from theaters.early_ends import EarlyEnd
from theaters.models.showtime_days import ShowtimeDays
from theaters.models.ticket_types import TicketType
from theaters.seat_categories import CODE_LENGTH


class PriceList(ShowtimeDays):
    """Prices and the showtimes they are for: an empty field fits all. Which list counts: schedule/price_list_choice.py."""

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Where several lists fit, the highest rank wins."
    )
    is_by_hand = models.BooleanField(
        "only by hand", default=False, db_default=False, help_text="Never found by its dates: somebody chooses it."
    )

    class Meta:
        ordering = ["theater", "name"]
        constraints = [models.UniqueConstraint(fields=["theater", "name"], name="price_list_name_once_per_theater")]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What one ticket of a type costs on a seat of a category, all fees and taxes included."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="prices")
    category = models.CharField(max_length=CODE_LENGTH)
    amount = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "ticket_type", "category"], name="price_once_per_type_and_category"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="price_not_negative", violation_error_message="A price is 0 or more."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_type} on {self.category}"


NEVER = 32_767
"""Hours before the start that nobody comes early: what fits into the column."""


class PriceVersion(models.Model):
    """A price list as it stood at a moment, tax, fee, the rules of its ticket types and its price rules included.

    Frozen by trigger; showtimes on sale are pinned to one. Where a price rule is for those who come early, a version has
    `early_versions` beside it, the earliest first by number, each for the moments until an end: prices/early_prices.py.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    tax_rate = models.DecimalField(max_digits=6, decimal_places=5)
    booking_fee = models.DecimalField(max_digits=10, decimal_places=2)
    # Rules by the code of the ticket type, as in theaters/prices/ticket_rules.py.
    rules = models.JSONField(default=dict, db_default={})
    # The price rules of the showtime, as in theaters/prices/pinned_price_rules.py.
    price_rules = models.JSONField(default=list, db_default=[])
    standard = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="early_versions"
    )
    hours_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The moment at which it ends. Then `hours_before` is NEVER, for the release that knows hours alone.
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["price_list", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "number"], name="price_version_number_once_per_list")
        ]
        indexes = [
            models.Index(
                fields=["standard", "-hours_before"], condition=Q(standard__isnull=False), name="early_price_versions"
            )
        ]

    def __str__(self) -> str:
        return f"{self.price_list}, version {self.number}"

    @property
    def early_end(self) -> EarlyEnd | None:
        """When this early-bird version ends; None for the standard version."""
        if self.standard_id is None:
            return None
        return EarlyEnd(at=self.ends_at) if self.ends_at is not None else EarlyEnd(self.hours_before)


class PinnedPrice(models.Model):
    """A price of a version, its price rules included. `list_amount`: without them; empty: the same."""

    version = models.ForeignKey(PriceVersion, on_delete=models.PROTECT, related_name="prices")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=CODE_LENGTH)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    list_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "ticket_type", "category"], name="pinned_price_once_per_type_and_category"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_type} on {self.category}"
