"""What is shown, where, when and for how much. Nothing here knows that seats are sold."""

from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.urls import reverse

from core.money import CURRENCIES
from theaters.states import PlanStatus, SeatCategory, ShowtimeStatus, TicketTypeCode

COUNTRY = RegexValidator(r"^[A-Z]{2}$", "Use the two letters of ISO 3166, such as GB.")
COLOR = RegexValidator(r"^#[0-9a-f]{6}$", "Use a color such as #a1b2c3.")


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not a time zone; an example is Europe/London.")


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
    business_day_starts_at = models.TimeField(
        default=time(5), help_text="A show before this belongs to the evening before."
    )
    sales_close_minutes = models.SmallIntegerField(
        default=0, help_text="Minutes before the start when online sales end; negative: after the start."
    )
    cancellation_terms = models.TextField(help_text="Shown before payment and kept with every booking.")

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


class SeatingPlanQuerySet(models.QuerySet["SeatingPlan"]):
    def published(self) -> "SeatingPlanQuerySet":
        return self.filter(status=PlanStatus.PUBLISHED)


class SeatingPlan(models.Model):
    """One numbered version of an auditorium's seats. Once published it never changes."""

    auditorium = models.ForeignKey(Auditorium, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    source = models.TextField(help_text="The drawing it was made from.")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = SeatingPlanQuerySet.as_manager()

    class Meta:
        ordering = ["auditorium", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["auditorium", "number"], name="plan_number_once_per_auditorium"),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.DRAFT) ^ Q(published_at__isnull=False), name="plan_published_has_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditorium}, plan {self.number}"


class Seat(models.Model):
    """A chair in a plan. Ids ascend in reading order from the screen; x counts half seat widths, y rows."""

    plan = models.ForeignKey(SeatingPlan, on_delete=models.PROTECT, related_name="seats")
    label = models.CharField(max_length=8)
    row = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=40, blank=True)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=10, choices=SeatCategory, default=SeatCategory.STANDARD)
    unit = models.CharField(max_length=8, blank=True, help_text="Shared by the seats of one sofa.")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "label"], name="seat_label_once_per_plan")]

    def __str__(self) -> str:
        return self.label


class Movie(models.Model):
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    original_title = models.CharField(max_length=160, blank=True)
    tagline = models.CharField(max_length=160, blank=True)
    synopsis = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    director = models.CharField(max_length=160)
    cast = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    running_minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    countries = ArrayField(models.CharField(max_length=2, validators=[COUNTRY]), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    genres = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    palette = ArrayField(models.CharField(max_length=7, validators=[COLOR]), size=3, default=list, blank=True)
    poster_layout = models.CharField(max_length=20, blank=True)
    poster_image = models.ImageField(
        upload_to="posters/", blank=True, validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])]
    )
    trailer_url = models.URLField(blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def get_absolute_url(self) -> str:
        return reverse("movie", args=[self.slug])


class MovieRating(models.Model):
    """An age rating as one country gives it."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="ratings")
    country = models.CharField(max_length=2, validators=[COUNTRY])
    label = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["movie", "country"], name="rating_once_per_country")]

    def __str__(self) -> str:
        return f"{self.label} ({self.country})"


class TicketType(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="ticket_types")
    code = models.CharField(max_length=10, choices=TicketTypeCode)
    name = models.CharField(max_length=40)
    note = models.CharField(max_length=80, blank=True, help_text="Who may use it, in a few words.")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False, help_text="The type a seat starts with.")

    class Meta:
        ordering = ["theater", "position"]
        constraints = [
            models.UniqueConstraint(fields=["theater", "code"], name="ticket_type_code_once_per_theater"),
            models.UniqueConstraint(
                fields=["theater"], condition=Q(is_default=True), name="ticket_type_one_default_per_theater"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceList(models.Model):
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["theater", "name"]
        constraints = [models.UniqueConstraint(fields=["theater", "name"], name="price_list_name_once_per_theater")]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What one ticket of a type costs on a seat of a category, all fees and taxes included."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="prices")
    category = models.CharField(max_length=10, choices=SeatCategory)
    amount = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "ticket_type", "category"], name="price_once_per_type_and_category"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_type} on {self.get_category_display()}"


class ShowtimeQuerySet(models.QuerySet["Showtime"]):
    def published(self) -> "ShowtimeQuerySet":
        return self.filter(status=ShowtimeStatus.PUBLISHED)

    def with_names(self) -> "ShowtimeQuerySet":
        """With all that a page says about a showtime, in one query."""
        return self.select_related("movie", "auditorium__theater", "plan")

    def with_rating(self, country: str) -> "ShowtimeQuerySet":
        """With `rating_label`, the movie's age rating in that country."""
        rating = MovieRating.objects.filter(movie=OuterRef("movie_id"), country=country)
        return self.annotate(rating_label=Subquery(rating.values("label")[:1]))


class TimeRange(Func):
    function = "TSTZRANGE"


class Showtime(models.Model):
    """A movie in an auditorium from one moment, on one seating plan and one price list."""

    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, related_name="showtimes")
    auditorium = models.ForeignKey(Auditorium, on_delete=models.PROTECT, related_name="showtimes")
    plan = models.ForeignKey(SeatingPlan, on_delete=models.PROTECT, related_name="showtimes")
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="showtimes")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(editable=False, help_text="Adverts and film over.")
    occupied_until = models.DateTimeField(editable=False, help_text="Cleaning included.")
    sales_close_at = models.DateTimeField(editable=False)
    format = models.CharField(max_length=40, blank=True, help_text="35 mm, 4K restoration, Live piano …")
    language_note = models.CharField(max_length=60, blank=True, help_text="Subtitled, intertitles in …")
    status = models.CharField(max_length=10, choices=ShowtimeStatus, default=ShowtimeStatus.DRAFT, editable=False)
    # Kept up to date by reservations, some seconds late; for lists, never for decisions.
    seats_total = models.PositiveSmallIntegerField(default=0, editable=False)
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    fullness_at = models.DateTimeField(null=True, editable=False)

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["movie", "starts_at"]), models.Index(fields=["auditorium", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(occupied_until__gte=F("ends_at")),
                name="showtime_ends_after_it_starts",
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
        ]

    def __str__(self) -> str:
        local = self.starts_at.astimezone(self.auditorium.theater.zone)
        return f"{self.movie.title}, {local:%a %d %b %Y %H:%M}, {self.auditorium.name}"

    def get_absolute_url(self) -> str:
        return reverse("seat_map", args=[self.pk])

    def set_times(self) -> None:
        """Work out the end, the cleaning and the close of sales from the start. Durations are added in UTC."""
        length = self.auditorium.preroll_minutes + self.movie.running_minutes
        # A moment with a time zone would be added to by the clock on the wall, an hour wrong when clocks change.
        self.ends_at = self.starts_at.astimezone(UTC) + timedelta(minutes=length)
        self.occupied_until = self.ends_at + timedelta(minutes=self.auditorium.turnaround_minutes)
        self.sales_close_at = self.starts_at.astimezone(UTC) - timedelta(
            minutes=self.auditorium.theater.sales_close_minutes
        )
