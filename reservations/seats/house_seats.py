"""House seats: queries for those that go on sale by themselves, those of broken chairs, and those of groups."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.units import with_mates
from theaters.models import BrokenSeat, Showtime
from theaters.plans.plan_chairs import chair_in_plans
from theaters.states import ShowtimeStatus


def seats_due_for_release() -> QuerySet[ShowtimeSeat]:
    """House seats of published showtimes that go on sale by themselves, once their time before the start has come."""
    ahead = ExpressionWrapper(F("house_release_minutes") * timedelta(minutes=1), output_field=DurationField())
    return ShowtimeSeat.objects.filter(
        house_release_minutes__isnull=False,
        showtime__status=ShowtimeStatus.PUBLISHED,
        showtime__starts_at__lte=ClockTimestamp() + ahead,
    )


def seats_kept_as_broken(broken: BrokenSeat) -> QuerySet[ShowtimeSeat]:
    """The rows of a broken seat at showtimes on sale."""
    return ShowtimeSeat.objects.filter(
        broken_seat=broken, showtime__status=ShowtimeStatus.PUBLISHED, showtime__ends_at__gt=ClockTimestamp()
    )


def are_seats_of_group(showtime_id: int, *, labels: list[str], group_block_id: int) -> bool:
    """Whether each of them is kept for this group."""
    own = ShowtimeSeat.objects.filter(showtime=showtime_id, label__in=labels, group_block=group_block_id)
    return own.count() == len(labels)


def holds_seats_of_group(hold: Q) -> bool:
    """Whether staff kept any seat of the hold (a subquery) for a group."""
    return count_seats_of_group(hold) > 0


def count_seats_of_group(hold: Q) -> int:
    """Count the seats of the hold (a subquery) that staff kept for a group; the limits of customers are for the others."""
    return ShowtimeSeat.objects.filter(hold, group_block__isnull=False).count()


def keep_broken_seats_back(showtime: Showtime, labels: set[str]) -> None:
    """Make broken seats among new rows house seats, whatever their label in this plan is."""
    for broken in BrokenSeat.objects.filter(auditorium=showtime.auditorium_id, mended_at=None):
        label = chair_in_plans(showtime.auditorium, broken.label).get(showtime.plan_id, "")
        if label in labels:
            whole = with_mates(mates_of_plan(showtime.plan_id), [label])
            ShowtimeSeat.objects.filter(showtime=showtime, label__in=whole).update(
                house_reason=broken.reason, broken_seat=broken
            )
