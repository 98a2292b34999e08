"""Facts for the pages of movies and theaters: frozen dataclasses, counted queries, times already in the theater's zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext

from core.clock import ClockTimestamp, in_zone
from core.house_facts import current_house
from core.texts.directions import side_by_side
from core.texts.lazy_text import gettext_lazy
from core.texts.local_formats import format_clock, format_day, zone_name
from houses.business_days import business_day, has_closed
from houses.models import Theater
from theaters.countries import country_name, tax_name
from theaters.genres import genre_in_words
from theaters.language_names import languages_in_words
from theaters.models import AgeRule, Movie, Series, Showtime, read_programs
from theaters.program_facts import PartFacts, has_movie, is_without_version, parts_of, version_text
from theaters.states import MovieKind, ShowtimeStatus

OTHERS_SHOWN = 3
# Showtimes that begin within this time are marked in lists.
SOON = timedelta(hours=2)


class NotRead(RuntimeError):
    """A template uses something that its query did not read."""


@dataclass(frozen=True)
class TheaterContact:
    """How guests reach a theater: '' for what it does not say. `opening_hours` is in the reader's language."""

    phone: str
    email: str
    opening_hours: str
    map_url: str

    @property
    def phone_url(self) -> str:
        return "tel:" + "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")

    @property
    def reached_by(self) -> str:
        """Phone and e-mail in one line, for tickets."""
        return side_by_side((self.phone, self.email))


def contact_of(theater: Theater) -> TheaterContact:
    return TheaterContact(theater.phone, theater.email, theater.texts["opening_hours"], theater.map_link)


@dataclass(frozen=True)
class ShowtimeFacts:
    id: int
    url: str
    movie_title: str
    movie_url: str
    movie_slug: str
    poster_url: str
    css_url: str
    ages: AgeRule | None
    running_minutes: int
    starts_at: datetime
    ends_at: datetime
    on: date
    theater_id: int
    theater_name: str
    theater_url: str
    theater_slug: str
    address: str
    directions: str
    contact: TheaterContact
    auditorium_name: str
    version: str
    note: str
    parts: tuple[PartFacts, ...]
    has_movie: bool
    currency: str
    tax_name: str
    sales_close_at: datetime
    is_on_sale: bool

    @property
    def program_line(self) -> str:
        """Alien (117 min), Talk with the director (30 min); "" for the movie alone."""
        return side_by_side(part.text for part in self.parts)

    @property
    def version_and_note(self) -> str:
        return side_by_side((self.version, self.note))

    @property
    def rating(self) -> str:
        """The age rating. Raises NotRead if the query did not load it: a page must not silently omit an age."""
        return self._read_ages().label

    @property
    def age_note(self) -> str:
        return self._read_ages().sentence

    def _read_ages(self) -> AgeRule:
        if self.ages is None:
            raise NotRead("This page shows the age rating: its query needs with_age_rule().")
        return self.ages

    @property
    def night_note(self) -> str:
        return night_note(self.starts_at, self.on)

    @property
    def when(self) -> str:
        """The start in full, with the zone: Friday 27 November 2026, 19:30 GMT."""
        night = f" ({self.night_note})" if self.night_note else ""
        time = f"{format_clock(self.starts_at)} {zone_name(self.starts_at)}"
        return f"{format_day(self.starts_at)}{night}, {time}"

    @property
    def when_short(self) -> str:
        """The start for subjects of mails: Fri 27 Nov, 19:30."""
        night = f" ({self.night_note})" if self.night_note else ""
        return f"{format_day(self.starts_at, 'short_day')}{night}, {format_clock(self.starts_at)}"


def night_note(starts_at: datetime, on: date) -> str:
    """The evening to which a show after midnight belongs, such as "Friday night"; else ''."""
    if starts_at.date() == on:
        return ""
    return gettext("%(weekday)s night") % {"weekday": format_day(on, "weekday")}


def palette_of(movie: Movie) -> tuple[str, str, str]:
    """The movie's colors, dark to light, as #rrggbb; the house's when it has none."""
    colors = [*movie.palette, "#26211c", "#b9862f", "#efe4cf"]
    return (colors[0], colors[1], colors[2])


def is_showtime_public(showtime_id: int) -> bool:
    return Showtime.objects.filter(pk=showtime_id).exclude(status=ShowtimeStatus.DRAFT).exists()


def showtime_facts(showtime: Showtime, *, now: datetime) -> ShowtimeFacts:
    """No query when the showtime comes with its names, but one for a program that was not read yet.

    Ages only for a showtime that comes `with_age_rule`.
    """
    theater, movie = showtime.auditorium.theater, showtime.movie
    return ShowtimeFacts(
        id=showtime.pk,
        url=showtime.get_absolute_url(),
        movie_title=showtime.shown_title,
        movie_url=movie.get_absolute_url(),
        movie_slug=movie.slug,
        poster_url=poster_url(movie),
        css_url=reverse("palette", args=[movie.slug]),
        ages=showtime.age_rule if hasattr(showtime, "age_facts") else None,
        running_minutes=showtime.running_minutes,
        starts_at=in_zone(showtime.starts_at, theater.zone),
        ends_at=in_zone(showtime.ends_at, theater.zone),
        on=business_day(theater, showtime.starts_at),
        theater_id=theater.pk,
        theater_name=theater.shown_name,
        theater_url=theater.get_absolute_url(),
        theater_slug=theater.slug,
        address=address_line(theater),
        directions=theater.texts["directions"],
        contact=contact_of(theater),
        auditorium_name=showtime.auditorium.shown_name,
        version=version_text(showtime),
        note=showtime.shown_note,
        parts=parts_of(showtime),
        has_movie=has_movie(showtime),
        currency=theater.currency,
        tax_name=tax_name(theater.country),
        sales_close_at=in_zone(showtime.sales_close_at, theater.zone),
        is_on_sale=showtime.status == "PUBLISHED" and now < showtime.sales_close_at,
    )


def other_showtimes(showtime: Showtime, *, now: datetime) -> list[ShowtimeFacts]:
    """The next of the same movie with seats left, for somebody who lost theirs: in the same theater first."""
    found = (
        Showtime.objects.listed()
        .with_names()
        .showing(showtime.movie)
        .filter(sales_close_at__gt=now, seats_taken__lt=F("seats_total"))
        .filter(auditorium__theater__house=showtime.auditorium.theater.house_id)
        .exclude(pk=showtime.pk)
        .annotate(is_elsewhere=~Q(auditorium__theater_id=showtime.auditorium.theater_id))
    )
    others = list(found.order_by("is_elsewhere", "starts_at", "pk")[:OTHERS_SHOWN])
    read_programs(others)
    return [showtime_facts(other, now=now) for other in others]


@dataclass(frozen=True)
class MovieFacts:
    title: str
    original_title: str
    slug: str
    url: str
    css_url: str
    poster_url: str
    share_picture_url: str
    year: int | None
    director: str
    cast: list[str]
    running_minutes: int
    countries: list[str]
    languages: list[str]
    genres: list[str]
    synopsis: str
    tagline: str
    rating: str
    trailer_url: str
    kind: str
    credit_lines: list[tuple[str, str]]
    coming_on: date | None
    coming_season: str

    @property
    def is_event(self) -> bool:
        return self.kind == MovieKind.EVENT


def movie_facts(movie: Movie, *, rating: str) -> MovieFacts:
    texts = movie.texts
    return MovieFacts(
        title=texts["title"],
        original_title=movie.original_title if movie.original_title != texts["title"] else "",
        slug=movie.slug,
        url=movie.get_absolute_url(),
        css_url=reverse("palette", args=[movie.slug]),
        poster_url=poster_url(movie),
        share_picture_url=movie.poster_image.url if movie.poster_image else reverse("share_picture", args=[movie.slug]),
        year=movie.year,
        director=movie.director,
        cast=movie.cast,
        running_minutes=movie.running_minutes,
        countries=[country_name(code) for code in movie.countries],
        languages=[languages_in_words(name) for name in movie.languages],
        genres=[genre_in_words(name) for name in movie.genres],
        synopsis=texts["synopsis"],
        tagline=texts["tagline"],
        rating=rating,
        trailer_url=movie.trailer_url,
        kind=movie.kind,
        credit_lines=movie.credit_lines,
        coming_on=movie.coming_on,
        coming_season=texts["coming_season"],
    )


@dataclass(frozen=True)
class Still:
    url: str
    width: int
    height: int
    alt: str


def stills_of(movie: Movie) -> list[Still]:
    return [Still(still.picture.url, still.width, still.height, still.shown_alt) for still in movie.stills.all()]


def poster_url(movie: Movie) -> str:
    return movie.poster_image.url if movie.poster_image else reverse("poster", args=[movie.slug])


def address_line(theater: Theater) -> str:
    return side_by_side((theater.street, theater.shown_place))


@dataclass(frozen=True)
class Chip:
    """A showtime as a button in a list. `fits_needs`: it has all that the visitor saved as needed."""

    id: int
    url: str
    starts_at: datetime
    picture: str
    sound: str
    note: str
    auditorium_name: str
    night: str
    fullness: str
    fullness_label: str
    percent: int
    is_on_sale: bool
    is_soon: bool
    fits_needs: bool = False


FULLNESS_LABELS = {
    "free": gettext_lazy("Plenty left"),
    "filling": gettext_lazy("Filling up"),
    "last": gettext_lazy("Last few left"),
    "sold_out": gettext_lazy("Sold out"),
}


def fullness(total: int, taken: int) -> str:
    """How full a showtime is: sold out at 0 free, last seats from 90 % or at 8 free, filling from 60 %."""
    left = max(0, total - taken)
    if left == 0:
        return "sold_out"
    if left * 10 <= total or left <= min(8, total // 3):
        return "last"
    return "filling" if taken * 10 >= total * 6 else "free"


def chip(showtime: Showtime, theater: Theater, *, note: str, now: datetime) -> Chip:
    state = fullness(showtime.seats_total, showtime.seats_taken)
    share = 100 * showtime.seats_taken / showtime.seats_total if showtime.seats_total else 100
    starts_at = in_zone(showtime.starts_at, theater.zone)
    return Chip(
        id=showtime.pk,
        url=showtime.get_absolute_url(),
        starts_at=starts_at,
        picture="" if is_without_version(showtime.movie, showtime.version) else showtime.version.picture,
        sound=showtime.version.sound_in_words,
        note=note,
        auditorium_name=showtime.auditorium.shown_name,
        night=night_note(starts_at, business_day(theater, showtime.starts_at)),
        fullness=state,
        fullness_label=FULLNESS_LABELS[state],
        percent=min(100, 5 * round(share / 5)),
        is_on_sale=True,
        is_soon=showtime.starts_at - now <= SOON,
    )


def house_of_showtime(showtime_id: int) -> int | None:
    """The id of the showtime's house; None for an unknown showtime."""
    return Theater.objects.filter(auditoriums__showtimes=showtime_id).values_list("house_id", flat=True).first()


def of_this_house(theater_path: str = "") -> Q:
    """Limit rows to the current house; all rows if the installation has only one. `theater_path` leads to the theater."""
    house = current_house()
    return Q() if house.is_only or house.id is None else Q(**{f"{theater_path}house": house.id})


def announced_by(house_id: int | None, *, today: date) -> Q:
    """Limit movies to those that a house announces: with a day from today on or a season."""
    has_time = Q(coming_on__gte=today) | Q(coming_on=None) & ~Q(coming_season="")
    return has_time & (Q(coming_house=None) | Q(coming_house=house_id))


def series_of_this_house(slug: str) -> Series | None:
    house = current_house()
    found = Series.objects.filter(slug=slug)
    return (found if house.is_only or house.id is None else found.filter(house=house.id)).first()


def movies_on_sale(slugs: set[str], *, now: datetime) -> set[str]:
    """Those of these slugs whose movies are on sale in this house now."""
    here = of_this_house("auditorium__theater__")
    found = Showtime.objects.published().filter(here, movie__slug__in=slugs, sales_close_at__gt=now)
    return set(found.values_list("movie__slug", flat=True))


def theaters_for_visitors() -> list[Theater]:
    """The house's theaters in one query; those that never sold anything come last, then those that have closed.

    A theater that closed without ever having sold anything is nowhere.
    """
    sold = Showtime.objects.exclude(status=ShowtimeStatus.DRAFT).filter(auditorium__theater=OuterRef("pk"))
    found = Theater.objects.filter(of_this_house()).annotate(has_opened=Exists(sold), asked_at=ClockTimestamp())
    known = [theater for theater in found.order_by("-has_opened", "name") if theater.has_opened or _is_open(theater)]
    return sorted(known, key=_is_open, reverse=True)


def _is_open(theater: Theater) -> bool:
    asked_at = getattr(theater, "asked_at", None)
    return asked_at is None or not has_closed(theater, asked_at)


def opened(theaters: Iterable[Theater], *, also: Theater | None = None) -> list[Theater]:
    """The theaters to list: without those being set up or closed, unless one is asked for or there is no other."""
    known = list(theaters)
    return [one for one in known if (getattr(one, "has_opened", True) and _is_open(one)) or one == also] or known
