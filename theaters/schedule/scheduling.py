"""Planning showtimes: drafts first; the exclusion constraint has the last word on overlaps."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from core.refusals import Refusal
from core.texts.translated_texts import Translations
from houses.business_days import day_bounds, has_closed
from houses.models import Theater
from theaters import locks
from theaters.models import Auditorium, Movie, PriceList, ProgramItem, Series, Showtime
from theaters.models.movies import HIRE_SLUG
from theaters.plans.plans import current_plan
from theaters.schedule.price_list_choice import NoSingleList, list_for
from theaters.states import SHOWTIME_MOVES, MovieKind, ShowtimeStatus
from theaters.versions import Version

# Characters of an access code: none looks like another. A code has 59 random bits.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 12


@dataclass(frozen=True)
class ShowtimeListing:
    """How people find a showtime: in a series, by its link or code only, or, for a private hire, not at all.

    A private hire with `hire_minutes` has no movie but this length.
    """

    series: Series | None = None
    closed_for: str = ""
    is_closed: bool = False
    hire_minutes: int | None = None


LISTED = ShowtimeListing()


class SchedulingRefused(Refusal):
    """The showtime cannot be planned like this; the sentence says why."""


def schedule(
    *,
    movie: Movie | None,
    auditorium: Auditorium,
    price_list: PriceList | None = None,
    starts_at: datetime,
    version: Version | None = None,
    note: str = "",
    listing: ShowtimeListing = LISTED,
    translations: Translations | None = None,
) -> Showtime:
    """Write a draft; without a price list chosen by hand it has the one that is valid then. Only a private hire may
    lack a movie.

    Raises SchedulingRefused: no plan yet, no such version, no single price list, the movie is archived, the theater has
    closed by then, or another showtime is there.
    """
    movie = movie or hire_movie(listing)
    plan = current_plan(auditorium)
    if plan is None:
        raise SchedulingRefused(f"{auditorium} has no published seating plan yet.")
    showtime = Showtime(
        movie=movie,
        auditorium=auditorium,
        plan=plan,
        starts_at=starts_at,
        note=note,
        translations=translations or {},
    )
    showtime.version = chosen_version(movie, version)
    give_listing(showtime, listing)
    set_price_list(showtime, by_hand=price_list)
    showtime.set_times()
    try:
        with transaction.atomic():
            refuse_archived([movie.pk])
            refuse_after_closing([showtime])
            showtime.save(force_insert=True)
            write_hire(showtime)
    except IntegrityError:
        raise SchedulingRefused(overlap_sentence(showtime)) from None
    return showtime


def refuse_archived(movie_ids: Iterable[int]) -> None:
    """Lock movies that are about to be planned, inside the caller's transaction. Raises SchedulingRefused."""
    movie_ids = set(movie_ids)
    locks.movies_to_change(movie_ids)
    archived = Movie.objects.filter(pk__in=movie_ids).exclude(archived_at=None).order_by("title").first()
    if archived is not None:
        raise SchedulingRefused(archived_sentence(archived))


def refuse_after_closing(showtimes: Iterable[Showtime]) -> None:
    """Lock the theaters of showtimes that are about to be planned, in the caller's transaction. Raises SchedulingRefused."""
    planned = list(showtimes)
    theaters = locks.theaters_to_plan_in({showtime.auditorium.theater_id for showtime in planned})
    known = {theater.pk: theater for theater in theaters}
    for showtime in planned:
        if sentence := closing_sentence(known[showtime.auditorium.theater_id], showtime.starts_at):
            raise SchedulingRefused(sentence)


def closing_sentence(theater: Theater, starts_at: datetime) -> str:
    """Say that the theater has closed by then; '' when it has not."""
    if not has_closed(theater, starts_at):
        return ""
    return f"{theater} closes: its last day is {theater.closes_on:%a %d %b %Y}."


def planned_after(theater: Theater, last_day: date) -> QuerySet[Showtime]:
    """Showtimes, also drafts, after a theater's last day."""
    _, end = day_bounds(theater, last_day)
    found = Showtime.objects.with_names().filter(auditorium__theater=theater, starts_at__gte=end)
    return found.exclude(status=ShowtimeStatus.CANCELED).order_by("starts_at", "pk")


def archived_sentence(movie: Movie) -> str:
    return f"{movie.title} is archived: bring it back on its own page before it is planned again."


def chosen_version(movie: Movie, version: Version | None) -> Version:
    """The version that was chosen, or the movie's only one. Raises SchedulingRefused."""
    offered = movie.offered()
    if version is None and len(offered) > 1:
        raise SchedulingRefused(f"{movie.title} comes in {in_words(offered)}: choose one.")
    if version is not None and version not in offered:
        raise SchedulingRefused(f"{movie.title} does not come as {version}, but in {in_words(offered)}.")
    return version or offered[0]


def give_listing(showtime: Showtime, listing: ShowtimeListing) -> None:
    """Set a new access code when a showtime becomes closed; an old one stays. Saves nothing."""
    showtime.series, showtime.closed_for = listing.series, listing.closed_for
    if showtime.is_hire_alone:
        showtime.program_title, showtime.program_minutes = listing.closed_for, listing.hire_minutes
    if listing.is_closed:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        showtime.access_code = showtime.access_code or code
    else:
        showtime.access_code = ""


def hire_movie(listing: ShowtimeListing) -> Movie:
    """The row that stands in for the movie of a private hire without one. Raises SchedulingRefused: no such hire."""
    if not (listing.closed_for and listing.hire_minutes):
        raise SchedulingRefused(gettext("Choose a movie. Only a private hire with a length of its own goes without."))
    facts = {"title": "Private hire", "kind": MovieKind.EVENT, "running_minutes": 120}
    return Movie.objects.get_or_create(slug=HIRE_SLUG, defaults=facts)[0]


def write_hire(showtime: Showtime) -> None:
    """Write the only part of a private hire without a movie, its name and length. In the caller's transaction."""
    if showtime.is_hire_alone and showtime.program_minutes:
        showtime.program_items.all().delete()
        ProgramItem.objects.create(
            showtime=showtime, position=1, text=showtime.closed_for, minutes=showtime.program_minutes
        )


def in_words(versions: Iterable[Version]) -> str:
    """Name several versions: 2D; 3D, dubbed in German."""
    return "; ".join(version.text for version in versions)


def set_price_list(showtime: Showtime, *, by_hand: PriceList | None) -> None:
    """The list that somebody chose, or the one that is valid at its start. Saves nothing. Raises SchedulingRefused."""
    showtime.is_list_by_hand = by_hand is not None
    if by_hand is not None:
        showtime.price_list = by_hand
        return
    try:
        showtime.price_list = list_for(theater=showtime.auditorium.theater, starts_at=showtime.starts_at)
    except NoSingleList as refusal:
        raise SchedulingRefused(str(refusal)) from None


def renew_price_list(showtime: Showtime) -> None:
    """Find the price list again after a move or a change of lists, unless it was chosen by hand. Saves nothing."""
    if not showtime.is_list_by_hand:
        set_price_list(showtime, by_hand=None)


def overlap_sentence(showtime: Showtime) -> str:
    """Name the overlapping showtime, in the theater's time; '' when there is none."""
    other = overlapping(showtime)
    if other is None:
        return ""
    zone = showtime.auditorium.theater.zone
    start, end = other.starts_at.astimezone(zone), other.occupied_until.astimezone(zone)
    return (
        f"{other.title} is in {showtime.auditorium.name} from {start:%a %d %b, %H:%M} until {end:%H:%M}, "
        "cleaning included. Choose another time or auditorium."
    )


def overlapping(showtime: Showtime) -> Showtime | None:
    return (
        Showtime.objects.with_names()
        .filter(
            auditorium=showtime.auditorium, starts_at__lt=showtime.occupied_until, occupied_until__gt=showtime.starts_at
        )
        .exclude(status=ShowtimeStatus.CANCELED)
        .exclude(pk=showtime.pk)
        .order_by("starts_at")
        .first()
    )


def move_showtime(*, showtime_id: int, to: ShowtimeStatus) -> Showtime:
    """Change the status under the showtime's lock, inside the caller's transaction. Raises SchedulingRefused."""
    showtime = locks.showtime_to_change(showtime_id)
    status = ShowtimeStatus(showtime.status)
    if not SHOWTIME_MOVES.allows(status, to):
        raise SchedulingRefused(f"This showtime is {status.label.lower()}; it cannot become {to.label.lower()}.")
    if to == ShowtimeStatus.PUBLISHED and showtime.closed_for:
        raise SchedulingRefused(
            gettext("The auditorium is taken for %(reason)s: this showtime is not put on sale.")
            % {"reason": showtime.closed_for}
        )
    showtime.status = to
    showtime.save(update_fields=["status"])
    return showtime
