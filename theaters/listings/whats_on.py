"""A theater's program: a day with its movies, the strip of days, the days after it, filters with counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from core.money import format_from_price
from core.texts.local_formats import DayStyle
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.listings.program_filters import Facets, FilterGroup, Filters, filter_groups, value_label
from theaters.listings.showtime_facets import with_facets
from theaters.models import Showtime
from theaters.prices.lowest_prices import lowest_prices
from theaters.program_facts import PartFacts, beside_movie, parts_of
from theaters.selectors import Chip, MovieFacts, chip, movie_facts

DAYS_SHOWN = 14
DAYS_OF_A_WEEK = 7
# Days with showtimes that follow today's program.
DAYS_AHEAD = 2
TONIGHT_FROM = 17


@dataclass(frozen=True)
class TheaterLink:
    name: str
    slug: str
    url: str
    city: str
    is_chosen: bool


@dataclass(frozen=True)
class Day:
    on: date
    url: str
    is_chosen: bool
    is_today: bool
    has_showtimes: bool
    is_apart: bool


@dataclass(frozen=True)
class SeriesLink:
    name: str
    url: str


@dataclass(frozen=True)
class ListedMovie:
    """A movie with its showtimes, or a program with a title of its own; `key` tells the rows of a page apart."""

    key: str
    title: str
    movie: MovieFacts
    parts: tuple[PartFacts, ...]
    running_minutes: int
    chips: list[Chip]
    from_price: str
    series: tuple[SeriesLink, ...]

    @property
    def url(self) -> str:
        """The movie's page; for a program, which has none, its showtime's page."""
        return self.chips[0].url if self.parts else self.movie.url


@dataclass(frozen=True)
class DayProgram:
    on: date
    url: str
    is_tomorrow: bool
    rows: list[ListedMovie]


@dataclass(frozen=True)
class ChosenFilter:
    label: str
    url_without: str


@dataclass(frozen=True)
class NeedsOffer:
    """The offer to filter by saved needs, and how many showtimes of the page that leaves."""

    url: str
    count: int


@dataclass(frozen=True)
class WhatsOn:
    theater: TheaterLink
    theaters: list[TheaterLink]
    day: date
    days: list[Day]
    rows: list[ListedMovie]
    ahead: list[DayProgram]
    filters: Filters
    groups: list[FilterGroup]
    chosen_filters: list[ChosenFilter]
    needs_offer: NeedsOffer | None
    showtime_count: int
    base_url: str
    url_without_filters: str
    week_url: str
    is_week: bool
    is_today: bool
    is_tonight: bool
    is_past: bool
    is_later: bool
    is_day_chosen: bool
    day_style: DayStyle
    is_front: bool
    has_others: bool
    next_url: str | None
    today_url: str | None


@dataclass(frozen=True)
class Address:
    """The choices in the program's address; makes the addresses that differ in one choice."""

    base_url: str
    theater: Theater
    filters: Filters
    on: date | None
    is_week: bool

    def at(
        self, *, on: date | None, filters: Filters | None = None, is_week: bool | None = None, needs: str = ""
    ) -> str:
        """Return the address with changes. `needs`: "mine" filters by the saved needs, "no" stops that."""
        names_theater = self.base_url == reverse("whats_on")
        parts = [
            f"theater={self.theater.slug}" if names_theater else "",
            f"day={on.isoformat()}" if on else "",
            "view=week" if (self.is_week if is_week is None else is_week) else "",
            (self.filters if filters is None else filters).query,
            f"needs={needs}" if needs else "",
        ]
        query = "&".join(filter(None, parts))
        return f"{self.base_url}?{query}" if query else self.base_url


@dataclass(frozen=True)
class ShowOfStrip:
    """The facts of a showtime for the strip of days and the filters."""

    on: date
    facets: Facets
    series: tuple[str, str] | None

    @property
    def is_bookable(self) -> bool:
        return bool(self.facets["bookable"])


def whats_on(
    *,
    theater: Theater,
    theaters: Iterable[Theater],
    on: date | None,
    filters: Filters,
    is_week: bool,
    base_url: str,
    now: datetime,
) -> WhatsOn:
    """A theater's program of one day, or seven; without a day from the first on which there is something left to buy.

    Two queries: what is on sale on the days of the strip, and the showtimes of the days that are shown. A third when all of
    the strip is sold out, one more for a day after the strip; two more for price lists and seating plans that were not
    shown before, and some for visitors who need an aisle, an armrest that lifts or an exit.
    """
    address = Address(base_url, theater, filters, on, is_week)
    today = business_day(theater, now)
    strip = [today + timedelta(days=offset) for offset in range(DAYS_SHOWN)]
    # Late shows of the day before may still be on sale.
    shows = _shows_between(theater, today - timedelta(days=1), strip[-1], filters, now)
    to_buy = sorted({show.on for show in shows if filters.fit(show.facets) and show.is_bookable})
    chosen = on or (to_buy[0] if to_buy else _day_to_open(theater, today, now, filters))
    days_of_page = _days_of_page(chosen, is_week=is_week)
    if days_of_page[-1] > strip[-1]:
        shows += _shows_between(theater, max(chosen, strip[-1] + timedelta(days=1)), days_of_page[-1], filters, now)
    series = dict(show.series for show in shows if show.series is not None)
    days_on = sorted({show.on for show in shows if filters.fit(show.facets)})
    rows = _programs(theater, _days_to_show(chosen, days_on, on=on, is_week=is_week), filters, now)
    later = [day for day in days_on if day > chosen]
    of_page = [show.facets for show in shows if show.on in days_of_page]
    chips = [chip for row in rows.get(chosen, []) for chip in row.chips]
    return WhatsOn(
        theater=_theater_link(theater, chosen=True),
        theaters=[_theater_link(other, chosen=other.pk == theater.pk) for other in theaters],
        day=chosen,
        days=_strip(address, strip, chosen=chosen, days_on=days_on),
        rows=rows.pop(chosen, []),
        ahead=_days_ahead(address, rows, today=today),
        filters=filters,
        groups=filter_groups(filters, of_page, series),
        chosen_filters=_chosen_filters(address, filters, series, on=on),
        needs_offer=_needs_offer(address, filters, of_page, on=on),
        showtime_count=len(chips),
        base_url=base_url,
        url_without_filters=address.at(on=on, filters=Filters(), needs="no" if filters.fits_needs else ""),
        week_url=address.at(on=on, is_week=True),
        is_week=is_week,
        is_today=chosen == today,
        is_tonight=chosen == today and all(chip.night or chip.starts_at.hour >= TONIGHT_FROM for chip in chips),
        is_past=chosen < today,
        is_later=on is None and chosen > today,
        is_day_chosen=on is not None,
        day_style="day" if chosen in strip or chosen.year == today.year else "day_and_year",
        is_front=base_url == reverse("whats_on"),
        has_others=bool(of_page),
        next_url=address.at(on=later[0]) if later else None,
        today_url=address.at(on=None, is_week=False) if chosen not in strip else None,
    )


def _strip(address: Address, strip: list[date], *, chosen: date, days_on: list[date]) -> list[Day]:
    """The next days, with the chosen day added in order if it is not among them."""
    return [
        Day(
            on=day,
            url=address.at(on=day, is_week=False),
            is_chosen=day == chosen,
            is_today=day == strip[0],
            has_showtimes=day in days_on,
            is_apart=day not in strip,
        )
        for day in sorted({*strip, chosen})
    ]


def _days_ahead(address: Address, rows: Mapping[date, list[ListedMovie]], *, today: date) -> list[DayProgram]:
    tomorrow = today + timedelta(days=1)
    return [DayProgram(day, address.at(on=day, is_week=False), day == tomorrow, movies) for day, movies in rows.items()]


def _chosen_filters(
    address: Address, filters: Filters, series: Mapping[str, str], *, on: date | None
) -> list[ChosenFilter]:
    """The chosen filters, each with the address that removes it."""
    needs = [ChosenFilter(gettext("Fits my needs"), address.at(on=on, needs="no"))] if filters.fits_needs else []
    return needs + [
        ChosenFilter(value_label(name, value, series), address.at(on=on, filters=filters.without(name, value)))
        for name, values in filters.chosen
        for value in values
    ]


def _needs_offer(address: Address, filters: Filters, of_page: list[Facets], *, on: date | None) -> NeedsOffer | None:
    """Offer to filter by the saved needs; None without any that matter, or when they are used already."""
    if not filters.needed or filters.fits_needs:
        return None
    with_needs = replace(filters, fits_needs=True)
    return NeedsOffer(address.at(on=on, needs="mine"), sum(with_needs.fit(facets) for facets in of_page))


def _theater_link(theater: Theater, *, chosen: bool) -> TheaterLink:
    return TheaterLink(
        theater.shown_name, theater.slug, f"{reverse('whats_on')}?theater={theater.slug}", theater.shown_city, chosen
    )


def _days_of_page(chosen: date, *, is_week: bool) -> list[date]:
    """The days that filters are about."""
    return [chosen + timedelta(days=offset) for offset in range(DAYS_OF_A_WEEK if is_week else 1)]


def _days_to_show(chosen: date, days_on: list[date], *, on: date | None, is_week: bool) -> list[date]:
    if is_week:
        return _days_of_page(chosen, is_week=True)
    return [chosen, *([] if on else [day for day in days_on if day > chosen][:DAYS_AHEAD])]


def _shows_between(theater: Theater, first: date, last: date, filters: Filters, now: datetime) -> list[ShowOfStrip]:
    """The showtimes on sale on these days."""
    shows = (
        _on_sale(theater, now)
        .filter(starts_at__gte=day_bounds(theater, first)[0], starts_at__lt=day_bounds(theater, last)[1])
        .order_by()
        .select_related("movie", "series")
        .only(
            "starts_at",
            "picture",
            "dubbed_in",
            "subtitles_in",
            "seats_taken",
            "seats_total",
            "plan",
            "program_minutes",
            "movie__languages",
            "series__slug",
            "series__name",
            "series__is_relaxed",
            "series__translations",
        )
    )
    return [
        ShowOfStrip(
            business_day(theater, show.starts_at),
            facets,
            (show.series.slug, show.series.shown_name) if show.series else None,
        )
        for show, facets in with_facets(theater, shows, filters)
    ]


def _day_to_open(theater: Theater, today: date, now: datetime, filters: Filters) -> date:
    """The first day after the strip with a seat left; today when there is none, or when filters leave nothing."""
    if filters:
        return today
    last = day_bounds(theater, today + timedelta(days=DAYS_SHOWN - 1))[1]
    shows = _on_sale(theater, now).filter(starts_at__gte=last, seats_taken__lt=F("seats_total"))
    starts_at = shows.order_by("starts_at").values_list("starts_at", flat=True).first()
    return business_day(theater, starts_at) if starts_at else today


def _on_sale(theater: Theater, now: datetime) -> QuerySet[Showtime]:
    return Showtime.objects.listed().filter(auditorium__theater=theater, sales_close_at__gt=now)


def _programs(theater: Theater, days: list[date], filters: Filters, now: datetime) -> dict[date, list[ListedMovie]]:
    """The movies of each of these days, in order; days without movies are left out."""
    showtimes = (
        _on_sale(theater, now)
        .filter(starts_at__gte=day_bounds(theater, days[0])[0], starts_at__lt=day_bounds(theater, days[-1])[1])
        .select_related("movie", "auditorium__theater", "series")
        .with_age_rule()  # type: ignore[attr-defined]
        .order_by("movie__title", "movie_id", "program_title", "starts_at", "pk")
    )
    found = [(show, facets) for show, facets in with_facets(theater, showtimes, filters) if filters.fit(facets)]
    wanted = [show for show, _ in found]
    fitting = frozenset(show.pk for show, facets in found if filters.meets_needs(facets))
    prices = lowest_prices(wanted, now=now)
    by_day: dict[date, list[Showtime]] = {day: [] for day in days}
    for show in wanted:
        by_day.get(business_day(theater, show.starts_at), []).append(show)
    return {day: _movies(theater, shows, prices, fitting, now) for day, shows in by_day.items() if shows}


def _movies(
    theater: Theater, showtimes: list[Showtime], prices: dict[int, Decimal], fitting: frozenset[int], now: datetime
) -> list[ListedMovie]:
    """The movies with a showtime that fits the visitor's needs before those without, and of these the soonest showtime
    first. A program with its own title is listed separately.
    """
    rows = []
    for (_, program_title), group in groupby(showtimes, key=lambda show: (show.movie_id, show.program_title)):
        shows = list(group)
        rating = shows[0].age_rule.label
        amounts = [prices[show.pk] for show in shows if show.pk in prices]
        price = format_from_price(min(amounts), theater.currency) if amounts else ""
        chips = [
            replace(
                chip(show, theater, note=show.shown_note if program_title else beside_movie(show), now=now),
                fits_needs=show.pk in fitting,
            )
            for show in shows
        ]
        row = ListedMovie(
            key=f"{shows[0].movie.slug}-{shows[0].pk}" if program_title else shows[0].movie.slug,
            title=shows[0].shown_title,
            movie=movie_facts(shows[0].movie, rating=rating),
            parts=parts_of(shows[0]) if program_title else (),
            running_minutes=shows[0].running_minutes if program_title else shows[0].movie.running_minutes,
            chips=chips,
            from_price=price,
            series=_series_of(shows),
        )
        rows.append(row)
    return sorted(rows, key=lambda row: (not any(chip.fits_needs for chip in row.chips), row.chips[0].starts_at))


def _series_of(showtimes: Iterable[Showtime]) -> tuple[SeriesLink, ...]:
    """Each once, by its name."""
    links = {SeriesLink(show.series.shown_name, show.series.get_absolute_url()) for show in showtimes if show.series}
    return tuple(sorted(links, key=lambda link: link.name))
