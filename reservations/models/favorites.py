"""Movies and series that people want to hear of: one mail when the first showtime goes on sale."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.lookups import IsNull

from core.clock import ClockTimestamp
from core.letters.outbox import OutboxQuerySet, UniqueMail
from houses.models import House, Theater
from reservations.states import FavoriteMailKind
from sales.models import Contact
from theaters.models import Movie, ProgramItem, Series, Showtime


class FavoriteQuerySet(models.QuerySet["Favorite"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def confirmed(self) -> Self:
        """Live favorites with a confirmed address, whose people will be told."""
        return self.live().filter(confirmed_at__isnull=False)

    def due(self) -> Self:
        """Favorites with a showtime on sale now that was not on sale when they began."""
        part = ProgramItem.objects.filter(showtime=OuterRef("pk"), movie=OuterRef(OuterRef("movie")))
        fits = Q(movie=OuterRef("movie")) | Exists(part) | Q(series=OuterRef("series"))
        known = Func(OuterRef("on_sale_before"), F("pk"), function="array_position", output_field=models.IntegerField())
        on_sale = (
            Showtime.objects.listed()
            .filter(fits, auditorium__theater__house=OuterRef("house"), sales_close_at__gt=ClockTimestamp())
            .filter(IsNull(known, True))
        )
        here = on_sale.filter(auditorium__theater=OuterRef("theater"))
        return self.confirmed().filter(Q(theater=None) & Exists(on_sale) | Exists(here))


class Favorite(models.Model):
    """One address wants to hear when a movie or a series goes on sale. Its code is the secret of the link in its mails."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="favorites")
    theater = models.ForeignKey(
        Theater, on_delete=models.PROTECT, null=True, related_name="favorites", help_text="Empty: any of the house."
    )
    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, null=True, related_name="favorites")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="favorites")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="favorite")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="favorites")
    code = models.CharField(max_length=43, unique=True)
    language = models.CharField(max_length=10)
    on_sale_before = ArrayField(
        models.BigIntegerField(), default=list, help_text="Showtimes that were on sale when they asked."
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    confirmed_at = models.DateTimeField(null=True, help_text="When the address was proven.")
    told_at = models.DateTimeField(null=True, help_text="When the one mail was written.")
    ended_at = models.DateTimeField(null=True)

    objects = FavoriteQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(movie=None) ^ Q(series=None),
                name="favorite_of_a_movie_or_a_series",
                violation_error_message="A favorite is a movie or a series.",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(confirmed_at__isnull=False, ended_at__isnull=False),
                name="favorite_told_once_and_over",
                violation_error_message="Only a proven address is told, and then the favorite is over.",
            ),
        ]
        indexes = [models.Index(fields=["movie", "series"], condition=Q(ended_at=None), name="favorite_live")]

    def __str__(self) -> str:
        return f"Favorite {self.pk}"


class FavoriteMail(UniqueMail):
    """A mail about a favorite."""

    kind = models.CharField(max_length=8, choices=FavoriteMailKind)
    favorite = models.ForeignKey(Favorite, on_delete=models.PROTECT, related_name="mails")

    objects = OutboxQuerySet.as_manager()
