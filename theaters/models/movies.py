"""Movies, their versions and their age ratings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext

from core.columns import CheckedCharField, CheckedJSONField
from core.texts.lazy_text import gettext_lazy as _
from core.texts.translated_texts import translated_text, validate_texts
from houses.models.theaters import COUNTRY
from theaters.age_limits import WITH_PARENT, Rated, strictest_limits, strictness
from theaters.search_words import search_text
from theaters.states import MovieKind, Picture
from theaters.versions import LANGUAGE_SIGNS, PLAIN, Version, VersionUnreadable, language

# The fields in which the search looks.
FOUND_BY = frozenset({"title", "original_title", "translations", "director", "cast"})
# Texts that may be translated.
TRANSLATED_TEXTS = ("title", "tagline", "synopsis", "credits", "coming_season")
# The longest title and tagline.
MOST_LETTERS = 160
MOST_LETTERS_OF_SEASON = 60
# How many characters of the search text are in the index for beginnings: a whole one may be too long for it.
LETTERS_OF_BEGIN = 60
# The address of the row that private hires without a movie have; no title leads to it.
HIRE_SLUG = "_private-hire"
MOVIE_WITHOUT_YEAR = _("A film has a year; an event needs none.")
COLOR = RegexValidator(r"^#[0-9a-f]{6}$", _("Use a color such as #a1b2c3."))


def validate_language(text: str) -> None:
    try:
        language(text)
    except VersionUnreadable as refusal:
        raise ValidationError(str(refusal)) from None


def validate_translations(texts: Any) -> None:
    """Check translations such as {"de": {"title": "…"}}: known texts only, no longer than the movie's."""
    validate_texts(texts, TRANSLATED_TEXTS)
    if any(len(said.get(name, "")) > MOST_LETTERS for said in texts.values() for name in ("title", "tagline")):
        raise ValidationError(_("A title or a tagline has 160 letters at most."))
    if any(len(said.get("coming_season", "")) > MOST_LETTERS_OF_SEASON for said in texts.values()):
        raise ValidationError(_("A season has 60 letters at most."))


class VersionFacts(models.Model):
    """The three facts of a version: on a movie what it comes in, on a showtime what is shown and was sold."""

    picture = models.CharField(max_length=8, choices=Picture, default=Picture.FLAT, db_default=Picture.FLAT)
    dubbed_in = CheckedCharField(
        max_length=LANGUAGE_SIGNS,
        blank=True,
        db_default="",
        validators=[validate_language],
        help_text="German; empty: the film's own sound.",
    )
    subtitles_in = CheckedCharField(
        "subtitles",
        max_length=LANGUAGE_SIGNS,
        blank=True,
        db_default="",
        validators=[validate_language],
        help_text="French and Dutch; empty: none.",
    )

    class Meta:
        abstract = True

    @property
    def version(self) -> Version:
        return Version(self.picture, self.dubbed_in, self.subtitles_in)

    @version.setter
    def version(self, version: Version) -> None:
        self.picture, self.dubbed_in, self.subtitles_in = version.picture, version.dubbed_in, version.subtitles_in


class MovieQuerySet(models.QuerySet["Movie"]):
    def works(self) -> "MovieQuerySet":
        """All movies, without the row that stands for "no movie" at a private hire."""
        return self.exclude(slug=HIRE_SLUG)

    def in_use(self) -> "MovieQuerySet":
        """Movies that can be planned. Archived ones keep their pages and figures."""
        return self.works().filter(archived_at=None)


class Movie(models.Model):
    title = models.CharField(max_length=MOST_LETTERS)
    slug = models.SlugField("address", max_length=80, unique=True)
    code = models.CharField(
        max_length=60,
        null=True,
        blank=True,
        unique=True,
        help_text="What a distributor or another system calls it; an import finds the movie by it.",
    )
    original_title = models.CharField(max_length=160, blank=True)
    tagline = models.CharField(max_length=MOST_LETTERS, blank=True)
    synopsis = models.TextField(blank=True)
    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_translations])
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="An event, such as a talk or a concert, needs none."
    )
    director = models.CharField(
        max_length=160, blank=True, help_text="Empty where nobody is named: short films, a talk."
    )
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
    kind = models.CharField(
        max_length=8, choices=MovieKind, default=MovieKind.FEATURE, db_default=MovieKind.FEATURE.value
    )
    credits = models.TextField(
        max_length=2000, blank=True, default="", db_default="", help_text="One line each: Music: Jerry Goldsmith"
    )
    coming_on = models.DateField(
        "coming on", null=True, blank=True, help_text="Until it has showtimes on sale it stands under “coming soon”."
    )
    coming_season = models.CharField(
        "or a season",
        max_length=MOST_LETTERS_OF_SEASON,
        blank=True,
        default="",
        db_default="",
        help_text="Spring 2027, where no day is known.",
    )
    coming_house = models.ForeignKey(
        "houses.House",
        verbose_name="announced by",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Houses share movies; another one does not say that this movie is coming.",
    )
    archived_at = models.DateTimeField(null=True, editable=False)
    # The text that the search looks in (search_words.py); every save writes it.
    search_text = models.TextField(default="", db_default="", editable=False)

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        indexes = [
            GinIndex(fields=["search_text"], name="movie_search", opclasses=["gin_trgm_ops"]),
            models.Index(OpClass(Left("search_text", LETTERS_OF_BEGIN), "text_pattern_ops"), name="movie_search_begin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year__isnull=False) | models.Q(kind=MovieKind.EVENT.value),
                name="movie_has_year",
                violation_error_message=MOVIE_WITHOUT_YEAR,
            )
        ]

    def __str__(self) -> str:
        return self.title if self.year is None else f"{self.title} ({self.year})"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        translated = (texts.get("title", "") for texts in self.translations.values())
        titles = dict.fromkeys((self.title, self.original_title, *translated))
        self.search_text = search_text(titles=titles, people=(self.director, *self.cast))
        if update_fields is not None and FOUND_BY.intersection(update_fields):
            update_fields = {*update_fields, "search_text"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("movie", args=[self.slug])

    def clean(self) -> None:
        if self.year is None and self.kind != MovieKind.EVENT:
            raise ValidationError({"year": MOVIE_WITHOUT_YEAR})

    @property
    def texts(self) -> dict[str, str]:
        """The movie's texts in the reader's language, each else as stored in the movie."""
        return {name: translated_text(self, name) for name in TRANSLATED_TEXTS}

    @property
    def shown_title(self) -> str:
        return translated_text(self, "title")

    @property
    def credit_lines(self) -> list[tuple[str, str]]:
        """Pairs of the text before and after the colon of each line of the credits; ("", line) for a line without a
        colon.
        """
        lines = [line.partition(":") for line in translated_text(self, "credits").splitlines() if line.strip()]
        return [(before.strip(), after.strip()) if colon else ("", before.strip()) for before, colon, after in lines]

    def offered(self) -> list[Version]:
        """The movie's versions; the plain version when none is listed."""
        return [one.version for one in self.versions.all()] or [PLAIN]


class MovieVersion(VersionFacts):
    """A version that may be planned."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="versions")

    class Meta:
        ordering = ["movie", "picture", "dubbed_in", "subtitles_in"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "picture", "dubbed_in", "subtitles_in"],
                name="version_once_per_movie",
                violation_error_message=_("This version is listed already."),
            )
        ]

    def __str__(self) -> str:
        return self.version.text


@dataclass(frozen=True)
class AgeRule:
    """Who may see a movie in a country: nobody below `min_age`; below `accompanied_below` only with a grown-up, who is a
    parent or a guardian in some countries.
    """

    label: str = ""
    min_age: int | None = None
    accompanied_below: int | None = None
    country: str = field(default="", compare=False)

    @classmethod
    def strictest(cls, ratings: Sequence[Rated]) -> Self:
        """The limits of several ratings of a country together, with the label of the strictest; none without a rating."""
        if not ratings:
            return cls()
        return cls(max(ratings, key=strictness).label, *strictest_limits(ratings), country=ratings[0].country)

    @property
    def is_with_parent(self) -> bool:
        return self.country in WITH_PARENT

    @property
    def sentence(self) -> str:
        if self.min_age is not None and self.accompanied_below is not None and self.min_age < self.accompanied_below:
            says = (
                gettext(
                    "Nobody under %(age)s is admitted, and anybody under %(accompanied)s has to come with a parent or "
                    "guardian."
                )
                if self.is_with_parent
                else gettext(
                    "Nobody under %(age)s is admitted, and anybody under %(accompanied)s has to come with an adult."
                )
            )
            return says % {"age": self.min_age, "accompanied": self.accompanied_below}
        if self.min_age is not None:
            return gettext("Nobody under %(age)s is admitted.") % {"age": self.min_age}
        if self.accompanied_below is not None:
            says = (
                gettext("Anybody under %(age)s has to come with a parent or guardian.")
                if self.is_with_parent
                else gettext("Anybody under %(age)s has to come with an adult.")
            )
            return says % {"age": self.accompanied_below}
        return ""


class MovieRating(models.Model):
    """The movie's age rating in one country."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="ratings")
    country = models.CharField(max_length=2, validators=[COUNTRY])
    label = models.CharField(max_length=12)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Nobody younger is let in.")
    accompanied_below = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Whoever is younger comes with a grown-up."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["movie", "country"], name="rating_once_per_country")]

    def __str__(self) -> str:
        return f"{self.label} ({self.country})"
