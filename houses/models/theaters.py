"""Theaters: address, time zone, money and policies."""

from datetime import time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import (
    FileExtensionValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.columns import MONEY, AmountField, CheckedCharField, CheckedJSONField, CurrencyField
from core.letters.mailboxes import AddressField
from core.money import CURRENCIES
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text, validate_texts
from houses.models.houses import House
from houses.states import AccessFeature

MOST_CANCEL_MINUTES = 90 * 24 * 60
MOST_TEXT_LETTERS = 2000
# Texts that may be translated; the columns have the text for languages without a translation.
TRANSLATED_TEXTS = (
    "name", "city", "about", "opening_hours", "directions", "access_information", "photo_alt", "cancellation_terms",
)  # fmt: skip
PHONE = RegexValidator(r"^\+?[0-9][0-9 ()/.-]{3,38}$", _("Write it as people dial it, such as +44 20 7946 0018."))
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


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"about": "…"}}: known texts only."""
    validate_texts(texts, TRANSLATED_TEXTS)


# Where letters have the postal code behind the city; elsewhere it stands before it.
CODE_AFTER_CITY = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US"})


class Theater(models.Model):
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="theaters")
    name = models.CharField(max_length=80)
    slug = models.SlugField("address", unique=True)
    about = models.TextField(blank=True)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, validators=[COUNTRY])
    holiday_region = models.CharField(
        "region for public holidays",
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="Price lists and price rules may be for public holidays: those of this region.",
    )
    directions = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True, default="", db_default="", validators=[PHONE])
    email = AddressField(
        "e-mail",
        blank=True,
        default="",
        db_default="",
        help_text="For guests: on the theater's page, tickets and mails.",
    )
    opening_hours = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=400,
        help_text="As guests read it: Doors open half an hour before the first show.",
    )
    map_url = models.URLField(
        "link to a map",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[URLValidator(schemes=["https"])],
        help_text="Of the map that you like best. Empty: OpenStreetMap, searched for the address.",
    )
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])
    photo = models.ImageField(
        "opening photo",
        upload_to="theaters/",
        blank=True,
        db_default="",
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    photo_small = models.ImageField(upload_to="theaters/", blank=True, db_default="", editable=False)
    photo_width = models.PositiveSmallIntegerField(null=True, editable=False)
    photo_height = models.PositiveSmallIntegerField(null=True, editable=False)
    photo_alt = models.CharField(
        "what it shows",
        max_length=160,
        blank=True,
        db_default="",
        help_text="In a few words, for whoever does not see it: the lit front at dusk.",
    )
    photo_credit = models.CharField(
        "photo by", max_length=120, blank=True, db_default="", help_text="Named beside the photo."
    )
    access_features = ArrayField(
        models.CharField(max_length=20, choices=AccessFeature),
        default=list,
        db_default=[],
        blank=True,
        help_text="Shown on the theater's page.",
    )
    access_information = models.TextField(
        blank=True, help_text="What the list cannot say: which door, how many steps, where to get a receiver."
    )
    access_contact = models.CharField(
        max_length=120,
        blank=True,
        db_default="",
        help_text="A phone number or an e-mail address for questions about access.",
    )
    reply_to = AddressField(
        "e-mail for answers",
        blank=True,
        db_default="",
        help_text="Where customers' answers to our mails go. Empty: to the address the mails come from.",
    )
    timezone = CheckedCharField(max_length=50, validators=[validate_timezone])
    currency = CurrencyField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=5,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.99999"))],
        help_text="Included in every price: 0.2 is 20 %. New rates are for showtimes that are published from then on.",
    )
    booking_fee = AmountField(
        **MONEY,
        default=0,
        db_default=0,
        validators=[MinValueValidator(0)],
        help_text="Per ticket, tax included, and included in every price: nothing comes on top.",
    )
    business_day_starts_at = models.TimeField(
        default=time(5),
        validators=[MaxValueValidator(time(12), "A business day starts in the morning: at noon at the latest.")],
        help_text="A show before this belongs to the evening before, in listings, price lists and reports.",
    )
    sales_close_minutes = models.SmallIntegerField(
        default=0,
        validators=[MinValueValidator(-240), MaxValueValidator(7 * 24 * 60)],
        help_text="Minutes before the start when online sales end; negative: after the start. "
        "For showtimes that are planned or moved from then on.",
    )
    hold_seconds = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(60), MaxValueValidator(3600)],
        help_text="How long seats are held from the first click; empty: as everywhere in the house.",
    )
    avoids_single_seats = models.BooleanField(
        "no single seat left over",
        default=True,
        db_default=True,
        help_text="Who would leave one seat alone between others is offered seats beside it, where there are such.",
    )
    single_seats_off_up_to = models.PositiveSmallIntegerField(
        "free seats from which on single seats may be left over",
        default=10,
        db_default=10,
        help_text="While no more seats than this are free at a showtime, nobody is asked.",
    )
    counter_close_minutes = models.SmallIntegerField(
        default=30,
        db_default=30,
        help_text="Minutes after the start until when the counter sells; negative: before it.",
    )
    refund_limit = AmountField(
        **MONEY,
        db_default=0,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="What one person may give back of one sale, with all exchanges; above it a second person decides. 0: always.",
    )
    cancel_tiers = CheckedJSONField(
        default=list,
        db_default=[],
        blank=True,
        validators=[validate_cancel_tiers],
        help_text="What customers get back for tickets they cancel, by minutes before the start.",
    )
    exchange_minutes = models.PositiveIntegerField(
        "exchanges until, in minutes before the start",
        default=0,
        db_default=0,
        validators=[MaxValueValidator(MOST_CANCEL_MINUTES)],
        help_text="Until then customers change seats or showtime themselves and pay or get back the difference. 0: never.",
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

    closes_on = models.DateField(
        "last day",
        null=True,
        blank=True,
        help_text="If it closes: nothing can be planned for later days, and its page says so. Figures and tickets stay.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hold_seconds=None) | Q(hold_seconds__gt=0),
                name="theater_holds_last",
                violation_error_message="Seats are held for more than no time.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("theater", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def shown_name(self) -> str:
        return translated_text(self, "name")

    @property
    def shown_city(self) -> str:
        return translated_text(self, "city")

    @property
    def texts(self) -> dict[str, str]:
        """The theater's texts in the reader's language, or as stored where there is no translation."""
        return {name: translated_text(self, name) for name in TRANSLATED_TEXTS}

    @property
    def place(self) -> str:
        """City and postal code, in the order used in the country."""
        return self._with_code(self.city)

    @property
    def shown_place(self) -> str:
        return self._with_code(self.shown_city)

    def _with_code(self, city: str) -> str:
        code_first = (self.postal_code, city)
        return " ".join(filter(None, code_first[::-1] if self.country in CODE_AFTER_CITY else code_first))

    @property
    def map_link(self) -> str:
        """A link to an external map; no page of ours loads anything from there."""
        address = ", ".join(filter(None, (self.street, self.place, self.country)))
        return self.map_url or f"https://www.openstreetmap.org/search?{urlencode({'query': address})}"

    @property
    def access_labels(self) -> list[str]:
        """The access features in the order of the list."""
        return [feature.label for feature in AccessFeature if feature in self.access_features]
