"""Changes of planned showtimes. Everything of a draft may change; of a published showtime only its texts."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from core.texts.translated_texts import Translations
from theaters import locks
from theaters.models import Auditorium, Movie, PriceList, SeatingPlan, Series, Showtime
from theaters.plans.plans import current_plan
from theaters.schedule.scheduling import (
    LISTED,
    SchedulingRefused,
    ShowtimeListing,
    chosen_version,
    give_listing,
    hire_movie,
    overlap_sentence,
    refuse_after_closing,
    refuse_archived,
    renew_price_list,
    set_price_list,
    write_hire,
)
from theaters.states import PlanStatus, ShowtimeStatus
from theaters.versions import Version


@dataclass(frozen=True)
class DraftValues:
    """The values that a manager asks for in a draft. Without a price list it gets the one that is valid then, without a
    version the movie's only one.

    Only a private hire may lack a movie.
    """

    movie: Movie | None
    auditorium: Auditorium
    price_list: PriceList | None
    starts_at: datetime
    version: Version | None = None
    note: str = ""
    listing: ShowtimeListing = LISTED
    translations: Translations = field(default_factory=dict, hash=False)


def change_draft(*, showtime_id: int, values: DraftValues) -> Showtime:
    """Change a draft.

    Raises SchedulingRefused: not a draft any more, no plan yet, no single price list, another showtime is there, or
    the movie is archived and would be planned anew.
    """
    movie = values.movie or hire_movie(values.listing)
    with transaction.atomic():
        showtime = _draft(showtime_id)
        plan = showtime.plan if showtime.auditorium == values.auditorium else current_plan(values.auditorium)
        if plan is None:
            raise SchedulingRefused(f"{values.auditorium} has no published seating plan yet.")
        if showtime.is_hire_alone and movie != showtime.movie:
            _forget_hire(showtime)
        if showtime.program_minutes is not None and movie.pk != showtime.movie_id:
            raise SchedulingRefused("This showtime has a program: choose its movies on the page of the program.")
        if (movie.pk, values.starts_at) != (showtime.movie_id, showtime.starts_at):
            refuse_archived(_movie_ids(showtime) or [movie.pk])
        _set_version(showtime, movie, values.version)
        showtime.movie = movie
        for name in ("auditorium", "starts_at", "note", "translations"):
            setattr(showtime, name, getattr(values, name))
        give_listing(showtime, values.listing)
        set_price_list(showtime, by_hand=values.price_list)
        showtime.plan = plan
        refuse_after_closing([showtime])
        showtime.set_times()
        try:
            with transaction.atomic():
                showtime.save()
                write_hire(showtime)
        except IntegrityError:
            raise SchedulingRefused(overlap_sentence(showtime) or "Another showtime is there now.") from None
    return showtime


def move_draft(*, showtime_id: int, starts_at: datetime, now: datetime) -> Showtime:
    """Move a draft to another time. Raises SchedulingRefused: not a draft any more, past, or another showtime is there."""
    with transaction.atomic():
        showtime = _draft(showtime_id)
        if starts_at < now:
            raise SchedulingRefused("This moment has passed.")
        refuse_archived(_movie_ids(showtime) or [showtime.movie_id])
        showtime.starts_at = starts_at
        refuse_after_closing([showtime])
        renew_price_list(showtime)
        showtime.set_times()
        try:
            with transaction.atomic():
                showtime.save(update_fields=["starts_at", "ends_at", "occupied_until", "sales_close_at", "price_list"])
        except IntegrityError:
            raise SchedulingRefused(overlap_sentence(showtime) or "Another showtime is there now.") from None
    return showtime


def _movie_ids(showtime: Showtime) -> list[int]:
    """The movies of the program; [] without one."""
    return [part.movie_id for part in showtime.program if part.movie_id is not None]


def _forget_hire(showtime: Showtime) -> None:
    """Remove the name and length of a private hire that gets a movie. The columns of the showtime are not saved."""
    showtime.program_items.all().delete()
    showtime.program_title, showtime.program_minutes = "", None


def _set_version(showtime: Showtime, movie: Movie, version: Version | None) -> None:
    """Set the version; the one that was planned stays possible for the same movie, even if the movie no longer has it."""
    if movie.pk != showtime.movie_id or version != showtime.version:
        showtime.version = chosen_version(movie, version)


def replan_draft(*, showtime_id: int, plan: SeatingPlan) -> Showtime:
    """Give a draft another version of its auditorium's plan; nobody has a seat of a draft. Raises SchedulingRefused."""
    with transaction.atomic():
        showtime = _draft(showtime_id)
        if plan.auditorium_id != showtime.auditorium_id or plan.status != PlanStatus.PUBLISHED:
            raise SchedulingRefused(f"This is no published plan of {showtime.auditorium}.")
        showtime.plan = plan
        showtime.save(update_fields=["plan"])
    return showtime


def describe(*, showtime_id: int, note: str, series: Series | None, translations: Translations) -> None:
    """Change texts of the listing, on which nothing that was bought depends."""
    Showtime.objects.filter(pk=showtime_id).exclude(status=ShowtimeStatus.CANCELED).update(
        note=note, series=series, translations=translations
    )


def delete_draft(*, showtime_id: int) -> None:
    """Delete a draft. Raises SchedulingRefused for another status or if seats were ever sold."""
    with transaction.atomic():
        showtime = _draft(showtime_id)
        try:
            showtime.delete()
        except ProtectedError:
            raise SchedulingRefused("Somebody has held or booked seats here, so this showtime stays.") from None


def _draft(showtime_id: int) -> Showtime:
    showtime = locks.showtime_to_change(showtime_id)
    if showtime.status != ShowtimeStatus.DRAFT:
        raise SchedulingRefused("Only a draft may be changed or deleted; this showtime is published or canceled.")
    return showtime
