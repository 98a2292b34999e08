"""Whether a change of a showtime on sale can be: each check raises SchedulingRefused with the sentence for the manager."""

from datetime import datetime

from django.utils.translation import gettext

from reservations.changes.change_requests import ChangeRequest
from reservations.changes.plan_moves import plan_difference
from theaters.models import PriceList, SeatingPlan, Showtime
from theaters.plans.category_names import categories_of
from theaters.prices.price_check import missing_prices
from theaters.prices.prices import pinned_prices
from theaters.schedule.scheduling import SchedulingRefused, archived_sentence, closing_sentence, overlap_sentence
from theaters.states import ChangeKind, ShowtimeStatus


def require_changeable(showtime: Showtime, now: datetime) -> None:
    if showtime.status != ShowtimeStatus.PUBLISHED:
        raise SchedulingRefused(
            gettext("This showtime is %(status)s; only one on sale is changed here.")
            % {"status": showtime.get_status_display().lower()}
        )
    if showtime.ends_at <= now:
        raise SchedulingRefused(gettext("This showtime is over."))


def require_possible(showtime: Showtime, request: ChangeRequest, now: datetime) -> None:
    """Check that this change can be made. Raises SchedulingRefused with a sentence for the manager."""
    if request.starts_at is not None:
        _require_possible_time(showtime, request.starts_at, now)
    if showtime.program_minutes is not None and request.kind in (ChangeKind.MOVIE, ChangeKind.VERSION):
        raise SchedulingRefused(
            gettext("This showtime shows a program, which stays as it was sold. Cancel it and plan another one.")
        )
    if request.outage is not None and request.outage.until <= now:
        raise SchedulingRefused(gettext("This moment has passed."))
    if request.movie is not None and request.movie.archived_at is not None:
        raise SchedulingRefused(archived_sentence(request.movie))
    if request.price_list is not None:
        _require_list_for(showtime, request.price_list)
    if request.plan is not None:
        if request.plan.auditorium_id != showtime.auditorium_id:
            raise SchedulingRefused(
                gettext("This plan is of another auditorium than %(auditorium)s.") % {"auditorium": showtime.auditorium}
            )
        _require_pinned_prices(showtime, request.plan)
    if request.moves_to is not None:
        _require_another_auditorium(showtime, request.moves_to)
        _require_pinned_prices(showtime, request.moves_to)
    if request.starts_at is not None or request.movie is not None or request.moves_to is not None:
        _require_free_auditorium(as_requested(showtime, request))


def _require_possible_time(showtime: Showtime, starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise SchedulingRefused(gettext("This moment has passed."))
    if sentence := closing_sentence(showtime.auditorium.theater, starts_at):
        raise SchedulingRefused(sentence)


def _require_list_for(showtime: Showtime, price_list: PriceList) -> None:
    theater = showtime.auditorium.theater
    if price_list.theater_id != theater.pk:
        raise SchedulingRefused(gettext("This list is for another theater than %(theater)s.") % {"theater": theater})
    if missing := missing_prices(price_list=price_list, plan=showtime.plan):
        raise SchedulingRefused(missing)


def _require_another_auditorium(showtime: Showtime, plan: SeatingPlan) -> None:
    theater = showtime.auditorium.theater
    if plan.auditorium_id == showtime.auditorium_id:
        raise SchedulingRefused(gettext("The showtime is in %(auditorium)s already.") % {"auditorium": plan.auditorium})
    if plan.auditorium.theater_id != theater.pk:
        raise SchedulingRefused(
            gettext("%(auditorium)s is at another theater than %(theater)s.")
            % {"auditorium": plan.auditorium, "theater": theater}
        )


def _require_pinned_prices(showtime: Showtime, plan: SeatingPlan) -> None:
    """Check that the pinned prices of a showtime on sale have all categories of the new plan."""
    prices = pinned_prices(showtime.price_version_id)
    used = set(plan.seats.order_by().values_list("category", flat=True).distinct())
    there = categories_of(showtime.auditorium.theater_id).in_order(used)
    if missing := [one.name for one in there if not prices.types_for(one.code)]:
        raise SchedulingRefused(
            gettext("The prices of this showtime have none for: %(categories)s. Give it a price list that has, first.")
            % {"categories": ", ".join(missing)}
        )


def require_nothing_lost(showtime: Showtime, request: ChangeRequest) -> None:
    if request.plan is not None and (lost := plan_difference(showtime, request.plan).lost):
        raise SchedulingRefused(
            gettext("These seats are sold or held and would be lost: %(seats)s.") % {"seats": ", ".join(lost)}
        )


def as_requested(showtime: Showtime, request: ChangeRequest) -> Showtime:
    planned = Showtime(
        pk=showtime.pk,
        movie=request.movie or showtime.movie,
        program_minutes=showtime.program_minutes,
        auditorium=request.moves_to.auditorium if request.moves_to else showtime.auditorium,
        plan=request.moves_to or showtime.plan,
        starts_at=request.starts_at or showtime.starts_at,
    )
    planned.set_times()
    return planned


def _require_free_auditorium(planned: Showtime) -> None:
    if sentence := overlap_sentence(planned):
        raise SchedulingRefused(sentence)
