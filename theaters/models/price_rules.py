"""Price rules: what a theater adds to its prices or takes off them, in words that customers read beside the price."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.columns import AmountField
from houses.models.theaters import Theater
from theaters.models.showtime_days import ShowtimeDays
from theaters.states import MovieKind, Picture, PriceRuleKind

MOST_HOURS_BEFORE = 24 * 365


class PriceRule(ShowtimeDays):
    """A surcharge, a day rate or an early bird. What it does to a price: theaters/prices/price_making.py alone.

    A showtime on sale has the rules that were pinned with its prices.
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="price_rules")
    kind = models.CharField(max_length=10, choices=PriceRuleKind)
    name = models.CharField(max_length=40, help_text="Customers read it: 3D surcharge, Happy Monday, Early bird.")
    translations = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    amount = AmountField(max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    hours_before = models.PositiveSmallIntegerField(
        "hours before the start", default=0, db_default=0, validators=[MaxValueValidator(MOST_HOURS_BEFORE)]
    )
    # With a time of day, the hours are whole days before the day of the showtime, or 0.
    until_clock = models.TimeField("at this time of the day", null=True, blank=True)
    until_day = models.DateField("until this date", null=True, blank=True)
    position = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Of several day rates that fit, the lowest counts."
    )
    pictures = ArrayField(
        models.CharField(max_length=8, choices=Picture),
        default=list,
        db_default=[],
        blank=True,
        help_text="None ticked: all.",
    )
    movie_kinds = ArrayField(
        models.CharField(max_length=8, choices=MovieKind),
        default=list,
        db_default=[],
        blank=True,
        help_text="None ticked: all.",
    )
    # Ids; the id of a deleted row fits no showtime.
    auditoriums = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    # Codes of ticket types, as in promo codes.
    ticket_types = ArrayField(models.CharField(max_length=10), default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["theater", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False, amount__gte=0, percent=None)
                | Q(percent__isnull=False, percent__gte=0, percent__lte=100, amount=None),
                name="price_rule_is_an_amount_or_a_percentage",
                violation_error_message="A rule has an amount or a percentage, 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(kind="EARLY", hours_before__gte=1)
                | Q(kind="EARLY", until_clock__isnull=False)
                | Q(kind="EARLY", until_day__isnull=False)
                | (~Q(kind="EARLY") & Q(hours_before=0, until_clock=None, until_day=None)),
                name="price_rule_early_says_how_early",
                violation_error_message="An early bird, and nothing else, ends some time before the start.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
