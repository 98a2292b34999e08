"""Showtimes that belong together: a retrospective, a club for children."""

from django.db import models
from django.urls import reverse

from core.lazy_text import gettext_lazy as _
from houses.models import House


class Series(models.Model):
    """A series of a house, with a page of its own; a showtime stands in one at most."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="series")
    name = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=80)
    text = models.TextField(max_length=5000, blank=True, db_default="", help_text="Markdown, as on pages.")

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
