"""Houses: the brands under which theaters trade."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models

from core.columns import CheckedJSONField
from core.letters.mailboxes import AddressField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import validate_texts
from houses.colors import HEX, Palette, problems_of
from houses.typefaces import Typeface

TRANSLATED_TEXTS = ("footer_text",)
COLOR = RegexValidator(rf"^{HEX.pattern}$", _("Use a color such as #a1b2c3."))
DOMAIN = RegexValidator(
    r"^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$",
    _("A domain is written in small letters, without https:// and without a path: roxy.example."),
)


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"footer_text": "…"}}."""
    validate_texts(texts, TRANSLATED_TEXTS)


class HouseManager(models.Manager["House"]):
    def of_installation(self) -> "House":
        """The house that new theaters join: the first one, created if there is none."""
        return (
            self.order_by("pk").first() or self.get_or_create(slug="house", defaults={"name": settings.PRODUCT_NAME})[0]
        )


class House(models.Model):
    """The brand under which theaters trade. An installation may have several, told apart by domain."""

    name = models.CharField(max_length=80)
    slug = models.SlugField("address", unique=True)
    domains = ArrayField(
        models.CharField(max_length=253, validators=[DOMAIN]),
        default=list,
        db_default=[],
        blank=True,
        help_text="Where customers find this house, the first for links in mails. Empty: the address of the installation.",
    )
    logo = models.ImageField(
        upload_to="houses/", blank=True, db_default="", help_text="PNG or WebP up to 5 MB. Empty: the name."
    )
    accent_light = models.CharField(max_length=7, validators=[COLOR], default="#7a4b00", db_default="#7a4b00")
    accent_dark = models.CharField(max_length=7, validators=[COLOR], default="#f5b83d", db_default="#f5b83d")
    surface_light = models.CharField(max_length=7, validators=[COLOR], default="#f8f4ec", db_default="#f8f4ec")
    surface_dark = models.CharField(max_length=7, validators=[COLOR], default="#16110d", db_default="#16110d")
    has_own_colors = models.BooleanField("colors of its own", default=False, db_default=False)
    typeface = models.CharField(max_length=10, choices=Typeface, default=Typeface.ARCHIVO, db_default=Typeface.ARCHIVO)
    footer_text = models.CharField(max_length=300, blank=True, db_default="")
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])
    # Names of sections and areas in other languages: {"de": {"Balcony": "Rang"}}. Plans and labels of seats keep the
    # plan's name.
    section_names = models.JSONField(default=dict, db_default={}, blank=True)
    # Notes on seats ("Behind a pillar") in other languages, in the same form.
    seat_notes = models.JSONField(default=dict, db_default={}, blank=True)
    social_links = ArrayField(
        models.CharField(max_length=200, validators=[URLValidator(schemes=["https"])]),
        default=list,
        db_default=[],
        blank=True,
    )
    sender_name = models.CharField(max_length=80, blank=True, db_default="", help_text="Empty: the name of the house.")
    sender_address = AddressField(blank=True, db_default="", help_text="Empty: the sender of the installation.")
    reply_to = AddressField(
        blank=True, db_default="", help_text="Gets answers to mails where a theater has no address."
    )
    company = models.CharField(
        max_length=120, blank=True, db_default="", help_text="The legal person that sells the tickets."
    )
    company_address = models.CharField(max_length=200, blank=True, db_default="")
    register_entry = models.CharField(
        max_length=120, blank=True, db_default="", help_text="Where and as what it is registered."
    )
    tax_number = models.CharField(max_length=40, blank=True, db_default="")
    responsible_person = models.CharField(max_length=120, blank=True, db_default="")
    languages = ArrayField(
        models.CharField(max_length=10),
        default=list,
        db_default=[],
        blank=True,
        help_text="Offered to customers. Empty: all.",
    )

    contact_months = models.PositiveSmallIntegerField(
        "months until contacts are erased",
        default=18,
        db_default=18,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="After the last show of a booking. 18: a bank can take back the money of a card for up to 540 days.",
    )

    objects = HouseManager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("view", "add", "change")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.has_own_colors and not self._unreadable_fields():
            errors |= problems_of(self.palette)
        if taken := self._taken_domain():
            errors["domains"] = f"{taken} is another house’s."
        unknown = sorted(set(self.languages) - set(dict(settings.LANGUAGES)))
        if unknown:
            errors["languages"] = f"“{unknown[0]}” is none of {', '.join(dict(settings.LANGUAGES))}."
        if errors:
            raise ValidationError(errors)

    @property
    def offered_languages(self) -> list[str]:
        """The languages of the house; its texts are written in the first and then translated."""
        return self.languages or list(dict(settings.LANGUAGES))

    @property
    def palette(self) -> Palette:
        return Palette((self.accent_light, self.accent_dark), (self.surface_light, self.surface_dark))

    def _unreadable_fields(self) -> bool:
        return not all(map(HEX.fullmatch, (*self.palette.accent, *self.palette.surface)))

    def _taken_domain(self) -> str:
        if not self.domains:
            return ""
        others = (
            House.objects.filter(domains__overlap=self.domains).exclude(pk=self.pk).values_list("domains", flat=True)
        )
        return next((domain for domains in others for domain in self.domains if domain in domains), "")
