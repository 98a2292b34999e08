"""A theater's coming showtimes for machines: calendar, feed, JSON, and data inside pages. Canceled ones are marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery

from core.clock import in_zone
from core.house_facts import current_house
from core.texts.directions import side_by_side
from houses.business_days import business_day
from houses.models import Theater
from theaters.models import Movie, Showtime, ShowtimeChange, ShowtimeQuerySet, read_programs
from theaters.prices.lowest_prices import lowest_prices
from theaters.program_facts import PartFacts, is_without_version, parts_of, version_text
from theaters.selectors import address_line, fullness, night_note, of_this_house, poster_url
from theaters.states import ChangeKind, ChangeStatus, ShowtimeStatus

MOST_SHOWTIMES = 500


@dataclass(frozen=True)
class PublicShowtime:
    """A showtime as feeds show it. Addresses are absolute; moments are in the theater's zone.

    `first_start`: when it was to start before its time was changed; None when it is as it was announced.
    """

    id: int
    url: str
    movie: Movie
    movie_url: str
    poster_url: str
    theater: Theater
    theater_url: str
    address: str
    auditorium_name: str
    starts_at: datetime
    ends_at: datetime
    first_start: datetime | None
    on: date
    night: str
    picture: str
    dubbed_in: str
    subtitles_in: str
    version: str
    note: str
    title: str
    parts: tuple[PartFacts, ...]
    running_minutes: int
    is_canceled: bool
    is_bookable: bool
    fullness: str
    price: Decimal | None
    currency: str
    revision: int
    changed_at: datetime

    @property
    def program_line(self) -> str:
        return side_by_side(part.text for part in self.parts)


def public_showtimes(theater: Theater, *, now: datetime) -> list[PublicShowtime]:
    """Showtimes on sale, and those canceled after being on sale. One query, and those for prices that are not cached
    yet.
    """
    return described(coming_showtimes(now=now).filter(auditorium__theater=theater)[:MOST_SHOWTIMES], now=now)


def coming_showtimes(*, now: datetime) -> ShowtimeQuerySet:
    """Showtimes on sale, or canceled after being on sale, with everything that `described` reads."""
    canceled = Q(status=ShowtimeStatus.CANCELED, price_version__isnull=False, starts_at__gt=now)
    changes = ShowtimeChange.objects.filter(showtime=OuterRef("pk"), status=ChangeStatus.APPLIED).order_by(
        "-applied_at"
    )
    moved = changes.filter(kind=ChangeKind.TIME).order_by("applied_at")
    return (
        Showtime.objects.filter(of_this_house("auditorium__theater__"), access_code="")
        .filter(Q(status=ShowtimeStatus.PUBLISHED, sales_close_at__gt=now) | canceled)
        .select_related("movie", "auditorium__theater", "price_version")
        .annotate(
            last_change_at=Subquery(changes.values("applied_at")[:1]),
            start_before=Subquery(moved.values("before__value")[:1]),
        )
        .order_by("starts_at", "pk")
    )


def described(showtimes: Iterable[Showtime], *, now: datetime) -> list[PublicShowtime]:
    found = list(showtimes)
    read_programs(found)
    prices = lowest_prices(found, now=now)
    return [_described(showtime, price=prices.get(showtime.pk), now=now) for showtime in found]


def _described(showtime: Showtime, *, price: Decimal | None, now: datetime) -> PublicShowtime:
    theater, movie = showtime.auditorium.theater, showtime.movie
    starts_at, on = in_zone(showtime.starts_at, theater.zone), business_day(theater, showtime.starts_at)
    is_canceled = showtime.status == ShowtimeStatus.CANCELED
    state = fullness(showtime.seats_total, showtime.seats_taken)
    moments = (showtime.changed_at, getattr(showtime, "last_change_at", None))
    created_at = showtime.price_version.created_at if showtime.price_version else now
    return PublicShowtime(
        id=showtime.pk,
        url=current_house().site_url + showtime.get_absolute_url(),
        movie=movie,
        movie_url=current_house().site_url + movie.get_absolute_url(),
        poster_url=current_house().site_url + poster_url(movie),
        theater=theater,
        theater_url=current_house().site_url + theater.get_absolute_url(),
        address=address_line(theater),
        auditorium_name=showtime.auditorium.shown_name,
        starts_at=starts_at,
        ends_at=in_zone(showtime.ends_at, theater.zone),
        first_start=_first_start(showtime, theater),
        on=on,
        night=night_note(starts_at, on),
        picture="" if is_without_version(movie, showtime.version) else showtime.picture,
        dubbed_in=showtime.dubbed_in,
        subtitles_in=showtime.subtitles_in,
        version=version_text(showtime),
        note=showtime.shown_note,
        title=showtime.shown_title,
        parts=parts_of(showtime),
        running_minutes=showtime.running_minutes,
        is_canceled=is_canceled,
        is_bookable=not is_canceled and showtime.sales_close_at > now and state != "sold_out",
        fullness=state,
        price=price,
        currency=theater.currency,
        # A calendar accepts the cancellation only if its sequence is higher than that of the entry it has.
        revision=2 * showtime.times_changed + is_canceled,
        changed_at=max([created_at, *filter(None, moments)]),
    )


def _first_start(showtime: Showtime, theater: Theater) -> datetime | None:
    before = getattr(showtime, "start_before", None)
    first = datetime.fromisoformat(before) if before else showtime.starts_at
    return in_zone(first, theater.zone) if first != showtime.starts_at else None
