"""Showtimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse

from core.columns import CheckedJSONField
from core.rows.status_rules import status_is_known
from core.texts.translated_texts import translated_text, validate_texts
from theaters.age_limits import RatingRow
from theaters.models.auditoriums import Auditorium
from theaters.models.movies import HIRE_SLUG, AgeRule, Movie, MovieRating, VersionFacts
from theaters.models.plans import SeatingPlan
from theaters.models.prices import PriceList, PriceVersion
from theaters.models.series import Series
from theaters.states import ShowtimeStatus

if TYPE_CHECKING:
    from theaters.models.programs import ProgramItem

# A rating as the database hands it to AgeRule.strictest, which alone knows what is strict.
RATING_FACTS = JSONObject(country="country", label="label", min_age="min_age", accompanied_below="accompanied_below")


# Texts that may be translated.
TRANSLATED_TEXTS = ("program_title", "note")


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"note": "…"}}: known texts only."""
    validate_texts(texts, TRANSLATED_TEXTS)


class ShowtimeQuerySet(models.QuerySet["Showtime"]):
    def published(self) -> ShowtimeQuerySet:
        return self.filter(status=ShowtimeStatus.PUBLISHED)

    def listed(self) -> ShowtimeQuerySet:
        """Showtimes on sale that everybody may find: without closed ones."""
        return self.published().filter(access_code="")

    def showing(self, movie: Movie) -> ShowtimeQuerySet:
        """Showtimes of the movie alone, and programs that contain it."""
        return self.filter(Q(movie=movie) | Q(pk__in=movie.program_items.values("showtime")))

    def with_names(self) -> ShowtimeQuerySet:
        """Join all that a page says about a showtime, in one query."""
        return self.select_related("movie", "auditorium__theater", "plan")

    def with_age_rule(self) -> ShowtimeQuerySet:
        """Add what `Showtime.age_rule` needs, in the same query."""
        of_country = MovieRating.objects.filter(country=OuterRef("auditorium__theater__country"))
        of_parts = of_country.filter(movie__program_items__showtime=OuterRef("pk"))
        of_movie = of_country.filter(movie=OuterRef("movie_id"))
        parts, alone = (ArraySubquery(found.values_list(RATING_FACTS)) for found in (of_parts, of_movie))
        return self.annotate(age_facts=Func(parts, alone, function="", arg_joiner=" || ", output_field=RATINGS))


RATINGS = ArrayField(models.JSONField())
TimeRange = partial(Func, function="TSTZRANGE")


class Showtime(VersionFacts):
    """A movie, in one of its versions, in an auditorium from one moment, on one seating plan and one price list.

    It may lead a program of several parts (programs.py); the version here is then that of the leading movie.
    """

    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, related_name="showtimes")
    auditorium = models.ForeignKey(Auditorium, on_delete=models.PROTECT, related_name="showtimes")
    plan = models.ForeignKey(SeatingPlan, on_delete=models.PROTECT, related_name="showtimes")
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="showtimes")
    is_list_by_hand = models.BooleanField(default=True, db_default=True, editable=False)
    price_version = models.ForeignKey(
        PriceVersion,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="showtimes",
        help_text="Pinned when it is published: what is sold costs this.",
    )
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(editable=False, help_text="Adverts and film over.")
    occupied_until = models.DateTimeField(editable=False, help_text="Cleaning included.")
    sales_close_at = models.DateTimeField(editable=False)
    # The column keeps its first name while the release before this one still runs.
    note = models.CharField(
        max_length=100, blank=True, db_column="format", help_text="4K restoration, live piano, with the director …"
    )
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="showtimes"
    )
    closed_for = models.CharField(
        "private hire",
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Who has the auditorium, or why nothing is on sale. It cannot be published then.",
    )
    # The secret code that opens a closed showtime.
    access_code = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    # While staff look at its move to another auditorium nothing new is sold; by the database's clock.
    sales_paused_until = models.DateTimeField(null=True, editable=False)
    # Title and minutes of a program; empty for a showtime of its movie alone.
    program_title = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    program_minutes = models.PositiveSmallIntegerField(null=True, editable=False)
    translations = CheckedJSONField(
        default=dict, db_default={}, blank=True, editable=False, validators=[validate_translations]
    )
    status = models.CharField(max_length=10, choices=ShowtimeStatus, default=ShowtimeStatus.DRAFT, editable=False)
    # Kept up to date by reservations, some seconds late; for lists, never for decisions.
    seats_total = models.PositiveSmallIntegerField(default=0, editable=False)
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    fullness_at = models.DateTimeField(null=True, editable=False)
    # A calendar that has the entry already takes the one with the higher number.
    times_changed = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        permissions = [("change_sold_showtime", "Can cancel or change a showtime that is on sale")]
        indexes = [
            models.Index(fields=["movie", "starts_at"]),
            models.Index(fields=["auditorium", "starts_at"]),
            models.Index(fields=["series", "starts_at"], name="showtime_series", condition=Q(series__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(occupied_until__gte=F("ends_at")),
                name="showtime_ends_after_it_starts",
                violation_error_message="A showtime ends after it starts, and the auditorium is cleaned after that.",
            ),
            ExclusionConstraint(
                name="showtimes_do_not_overlap",
                expressions=[
                    ("auditorium", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "occupied_until"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status=ShowtimeStatus.CANCELED),
                violation_error_message="Another showtime is in this auditorium at that time, cleaning included.",
            ),
            models.CheckConstraint(
                condition=Q(closed_for="") | ~Q(status=ShowtimeStatus.PUBLISHED),
                name="private_hire_is_not_on_sale",
                violation_error_message="A private hire is not put on sale.",
            ),
            status_is_known("showtime", ShowtimeStatus),
        ]

    def __str__(self) -> str:
        local = self.starts_at.astimezone(self.auditorium.theater.zone)
        return f"{self.title}, {local:%a %d %b %Y %H:%M}, {self.auditorium.name}"

    def get_absolute_url(self) -> str:
        return reverse("seat_map", args=[self.pk])

    @property
    def title(self) -> str:
        """The title of the program if it has one, else the movie's."""
        return self.program_title or self.movie.title

    @property
    def shown_title(self) -> str:
        """The title for customers, in their language."""
        return translated_text(self, "program_title") if self.program_title else self.movie.shown_title

    @property
    def shown_note(self) -> str:
        return translated_text(self, "note") if self.note else ""

    @property
    def is_closed(self) -> bool:
        """Whether only a link or code opens this showtime."""
        return bool(self.access_code)

    @property
    def is_hire_alone(self) -> bool:
        """Whether it is a private hire without a movie: a birthday, a conference."""
        return self.movie.slug == HIRE_SLUG

    @property
    def running_minutes(self) -> int:
        """The minutes of the whole program, without adverts."""
        return self.movie.running_minutes if self.program_minutes is None else self.program_minutes

    @property
    def program(self) -> list[ProgramItem]:
        """The parts in their order; none for a showtime of its movie alone. One query, unless `read_programs` was there."""
        if self.program_minutes is None:
            return []
        if "program_read" not in self.__dict__:
            parts = self.program_items.select_related("movie").order_by("position")
            self.__dict__["program_read"] = list(parts)
        found: list[ProgramItem] = self.__dict__["program_read"]
        return found

    @property
    def age_rule(self) -> AgeRule:
        """The strictest of all its movies in the country of the theater. One query, unless it came `with_age_rule`."""
        if "age_facts" not in self.__dict__:
            movies = {self.movie_id, *(part.movie_id for part in self.program if part.movie_id)}
            found = MovieRating.objects.filter(movie__in=movies, country=self.auditorium.theater.country)
            self.__dict__["age_facts"] = list(found.values("country", "label", "min_age", "accompanied_below"))
        return AgeRule.strictest([RatingRow(**facts) for facts in self.__dict__["age_facts"]])

    @property
    def counter_closes_at(self) -> datetime:
        """When the counter stops selling, by the theater's rules; at latest at the end of the show."""
        policy = timedelta(minutes=self.auditorium.theater.counter_close_minutes)
        return min(self.starts_at.astimezone(UTC) + policy, self.ends_at)

    def set_times(self) -> None:
        """Work out the end, the cleaning and the close of sales from the start. Durations are added in UTC."""
        length = self.auditorium.preroll_minutes + self.running_minutes
        # In UTC, because Python adds to an aware local moment by the local clock, which is an hour wrong when clocks
        # change.
        self.ends_at = self.starts_at.astimezone(UTC) + timedelta(minutes=length)
        self.occupied_until = self.ends_at + timedelta(minutes=self.auditorium.turnaround_minutes)
        self.sales_close_at = self.starts_at.astimezone(UTC) - timedelta(
            minutes=self.auditorium.theater.sales_close_minutes
        )
