"""The brand under which theaters trade."""

from django.conf import settings
from django.db import models


class HouseManager(models.Manager["House"]):
    def of_installation(self) -> "House":
        """The house to which new theaters belong: the first, made where there is none yet."""
        return (
            self.order_by("pk").first() or self.get_or_create(slug="house", defaults={"name": settings.PRODUCT_NAME})[0]
        )


class House(models.Model):
    """One of them in an installation today: every theater belongs to it."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)

    objects = HouseManager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
