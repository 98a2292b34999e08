"""The buildings and their rooms."""

from datetime import time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse

from core.columns import MONEY
from core.money import CURRENCIES

MOST_CANCEL_MINUTES = 90 * 24 * 60
COUNTRY = RegexValidator(r"^[A-Z]{2}$", "Use the two letters of ISO 3166, such as GB.")


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not a time zone; an example is Europe/London.")


def validate_cancel_tiers(tiers: Any) -> None:
    """Steps of {"minutes": before the start, "percent": back}: earliest first, and never more back for coming later."""
    numbers = [
        step[name] for step in tiers for name in ("minutes", "percent") if isinstance(step, dict) and name in step
    ]
    if len(numbers) != 2 * len(tiers) or not all(type(number) is int for number in numbers):
        raise ValidationError("Each step needs whole minutes before the start and a whole percentage.")
    steps = list(zip(numbers[::2], numbers[1::2], strict=True))
    if not all(0 <= minutes <= MOST_CANCEL_MINUTES and 1 <= percent <= 100 for minutes, percent in steps):
        raise ValidationError("A step lies up to 90 days before the start and gives back 1 to 100 percent.")
    for (minutes, percent), (later, less) in pairwise(steps):
        if later >= minutes or less >= percent:
            raise ValidationError("Each step must be nearer to the start than the one before, and give back less.")


class Theater(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    about = models.TextField(blank=True)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, validators=[COUNTRY])
    directions = models.TextField(blank=True)
    access_information = models.TextField(blank=True)
    timezone = models.CharField(max_length=50, validators=[validate_timezone])
    currency = models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=5,
        validators=[MinValueValidator(0)],
        help_text="Included in every price: 0.2 is 20 %.",
    )
    booking_fee = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        validators=[MinValueValidator(0)],
        help_text="Per ticket, tax included, and included in every price: nothing comes on top.",
    )
    business_day_starts_at = models.TimeField(
        default=time(5), help_text="A show before this belongs to the evening before."
    )
    sales_close_minutes = models.SmallIntegerField(
        default=0, help_text="Minutes before the start when online sales end; negative: after the start."
    )
    counter_close_minutes = models.SmallIntegerField(
        default=30,
        db_default=30,
        help_text="Minutes after the start until when the counter sells; negative: before it.",
    )
    refund_limit = models.DecimalField(
        **MONEY,
        db_default=0,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="What one person may give back of one booking; above it a second person decides. 0: always.",
    )
    cancel_tiers = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        validators=[validate_cancel_tiers],
        help_text="What customers get back for tickets they cancel, by minutes before the start.",
    )
    cancellation_terms = models.TextField(
        blank=True,
        help_text="Said after the steps, before payment, and kept with every booking: what else a customer should know.",
    )
    company = models.CharField(
        max_length=120, blank=True, db_default="", help_text="Who sells, as on receipts; empty: the theater's name."
    )
    tax_number = models.CharField(
        max_length=40, blank=True, db_default="", help_text="Printed on receipts, such as GB 123 4567 89."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("theater", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Auditorium(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="auditoriums")
    name = models.CharField(max_length=60)
    preroll_minutes = models.PositiveSmallIntegerField(default=15, help_text="Adverts and trailers before the film.")
    turnaround_minutes = models.PositiveSmallIntegerField(default=20, help_text="Cleaning between two showtimes.")

    class Meta:
        ordering = ["theater", "name"]
        verbose_name_plural = "auditoriums"
        constraints = [models.UniqueConstraint(fields=["theater", "name"], name="auditorium_name_once_per_theater")]

    def __str__(self) -> str:
        return self.name
