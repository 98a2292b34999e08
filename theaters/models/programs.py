"""The program of a showtime that is more than its movie alone: two movies in a row, six shorts, a movie with a talk."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.columns import CheckedJSONField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text, validate_texts
from theaters.models.movies import Movie, VersionFacts
from theaters.models.showtimes import Showtime

LONGEST_PART_MINUTES = 1440


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"text": "…"}}."""
    validate_texts(texts, ("text",))


class ProgramItem(VersionFacts):
    """A part of a program: a movie in one of its versions, or a text such as "Talk with the director"."""

    showtime = models.ForeignKey(Showtime, on_delete=models.CASCADE, related_name="program_items")
    position = models.PositiveSmallIntegerField()
    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, null=True, related_name="program_items")
    text = models.CharField(max_length=160, blank=True, db_default="")
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])
    # The planned minutes: the movie's length may be corrected later, but a showtime on sale keeps its end.
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_PART_MINUTES)]
    )

    class Meta:
        ordering = ["showtime", "position"]
        constraints = [
            models.UniqueConstraint(fields=["showtime", "position"], name="program_position_once"),
            models.CheckConstraint(
                condition=(Q(movie__isnull=False) & Q(text="")) | (Q(movie__isnull=True) & ~Q(text="")),
                name="program_item_is_movie_or_text",
                violation_error_message=_("A part of a program is a movie or has a text of its own."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=LONGEST_PART_MINUTES),
                name="program_item_has_a_length",
                violation_error_message=_("Say how many minutes each part lasts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.minutes} min"

    @property
    def title(self) -> str:
        return self.movie.title if self.movie is not None else self.text

    @property
    def shown_title(self) -> str:
        """The part's title or text for customers, in their language."""
        return self.movie.shown_title if self.movie is not None else translated_text(self, "text")


def read_programs(showtimes: Iterable[Showtime]) -> None:
    """Read the parts of the programs of all these showtimes at once: one query, or none where no showtime has a
    program.
    """
    having = [showtime for showtime in showtimes if showtime.program_minutes is not None]
    if not having:
        return
    items = ProgramItem.objects.filter(showtime__in=having).select_related("movie").order_by("showtime_id", "position")
    parts = {pk: list(group) for pk, group in groupby(items, key=lambda item: item.showtime_id)}
    for showtime in having:
        showtime.__dict__["program_read"] = parts.get(showtime.pk, [])
