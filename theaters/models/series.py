"""Series: showtimes that belong together, such as a retrospective or a club for children."""

from typing import Any

from django.db import models
from django.urls import reverse

from core.columns import CheckedJSONField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text, validate_texts
from houses.models import House

# Texts that may be translated.
TRANSLATED_TEXTS = ("name", "text")


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"name": "…"}}: known texts only."""
    validate_texts(texts, TRANSLATED_TEXTS)


class Series(models.Model):
    """A series of a house, with a page of its own; a showtime stands in one at most."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="series")
    name = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=80)
    text = models.TextField(max_length=5000, blank=True, db_default="", help_text="Markdown, as on pages.")
    is_relaxed = models.BooleanField(
        "relaxed showtimes",
        default=False,
        db_default=False,
        help_text="With some light, less loud, and nobody minds noise. Visitors who need that find its showtimes.",
    )
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "series"
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["house", "slug"],
                name="series_once_per_house",
                violation_error_message=_("Another series has this address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])

    @property
    def shown_name(self) -> str:
        """The name in the reader's language, else the name itself."""
        return translated_text(self, "name")

    @property
    def shown_text(self) -> str:
        return translated_text(self, "text")
