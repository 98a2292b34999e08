"""Changes of showtimes on sale: planned, shown with all that they touch, then applied under the showtime's lock.

Money and mail follow: each booking that is touched gets a notice in the same transaction, and workers carry them out.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext

from core.actors import staff_actor_name
from core.clock import ClockTimestamp, database_now
from core.rows import hints
from reservations.changes.auditorium_moves import (
    move_to_auditorium,
    pause_sales_of,
    propose_seats,
    sitters,
)
from reservations.changes.change_checks import (
    as_requested,
    require_changeable,
    require_nothing_lost,
    require_possible,
)
from reservations.changes.change_requests import (
    ChangeRequest,
    is_as_it_was,
    planned_value,
    request_of,
    shown_version,
    values_of,
)
from reservations.changes.corrected_facts import bookings_relying_on, corrections, facts_as_json, labels_by_fact
from reservations.changes.outages import bookings_in_need, showtimes_with_outage
from reservations.changes.plan_moves import move_to_plan, plan_difference
from reservations.groups.group_mails import tell_groups_of_change
from reservations.groups.shared_block_mails import write_shared_block_mails
from reservations.groups.shared_block_moves import end_with_the_sale
from reservations.models import Booking, ChangeNotice, Hold, SharedBlock, Ticket
from reservations.records.status_changes import move_showtime
from reservations.states import BookingStatus
from staff.services.audit import record
from theaters import locks
from theaters.models import SeatingPlan, Showtime, ShowtimeChange
from theaters.movies.age_ratings import rate
from theaters.prices.price_versions import pin_prices
from theaters.schedule.scheduling import SchedulingRefused, overlap_sentence, refuse_archived
from theaters.states import CHANGES_WITH_AN_OFFER, ChangeKind, ChangeStatus, ShowtimeStatus

TASK = "payments.carry_out_changes"
# Kinds of changes of which organizers of shared blocks and groups get a mail, because without a booking they get no notice.
TOLD_TO_ORGANIZERS = (
    ChangeKind.CANCEL, ChangeKind.TIME, ChangeKind.MOVIE, ChangeKind.VERSION, ChangeKind.MOVE,
)  # fmt: skip


def touched_by(showtimes: list[Showtime], request: ChangeRequest) -> dict[str, object]:
    """Count what a change of these showtimes would touch. There are several for a new rating or an outage."""
    kind, plan = request.kind, request.plan
    found = _touched_bookings(showtimes, request)
    bookings = found.aggregate(
        confirmed=Count("pk", filter=Q(status=BookingStatus.CONFIRMED)),
        pending=Count("pk", filter=Q(status=BookingStatus.PENDING)),
        silent=Count("pk", filter=Q(status=BookingStatus.CONFIRMED, sale__contact__email="")),
    )
    tickets = Ticket.objects.live().filter(booking__in=found).aggregate(count=Count("pk"), money=Sum("price"))
    tells = kind == ChangeKind.CANCEL or kind in CHANGES_WITH_AN_OFFER
    touched: dict[str, object] = {
        "showtimes": len(showtimes),
        "bookings": bookings["confirmed"],
        "pending": bookings["pending"],
        "tickets": tickets["count"],
        "money": str(tickets["money"] or Decimal(0)),
        "currency": showtimes[0].auditorium.theater.currency,
        "mails": bookings["confirmed"] - bookings["silent"] if tells else 0,
        "silent": bookings["silent"] if tells else 0,
        "holds": Hold.objects.live().filter(showtime__in=showtimes).count(),
    }
    if plan is not None:
        touched["seats"] = plan_difference(showtimes[0], plan).as_json()
        worse = labels_by_fact(corrections(showtimes[0].plan, plan), new=False)
        told = touched_by(showtimes, ChangeRequest(ChangeKind.FACTS, worse=worse)) if worse else {}
        touched["facts"] = {name: told[name] for name in ("bookings", "pending", "mails", "silent") if told.get(name)}
    return touched


def _touched_bookings(showtimes: list[Showtime], request: ChangeRequest) -> QuerySet[Booking]:
    live = Booking.objects.filter(showtime__in=showtimes, status__in=[BookingStatus.CONFIRMED, BookingStatus.PENDING])
    if request.kind == ChangeKind.FACTS:
        return live.filter(bookings_relying_on(request.worse))
    return live if request.outage is None else live.filter(bookings_in_need(request.outage))


def affected(showtime: Showtime, request: ChangeRequest) -> list[Showtime]:
    """The showtimes that a change concerns: the one itself; for a rating, which belongs to movie and country, all
    coming ones.

    For an outage, those with bookings that need what is out of order.
    """
    if request.outage is not None:
        others = showtimes_with_outage(showtime, request.outage)
        missed = Booking.objects.filter(bookings_in_need(request.outage), showtime__in=others).values("showtime")
        return [showtime, *others.filter(pk__in=missed).order_by("pk")]
    if request.kind != ChangeKind.RATING:
        return [showtime]
    others = Showtime.objects.published().with_names().exclude(pk=showtime.pk)
    country = showtime.auditorium.theater.country
    alike = others.showing(request.rated or showtime.movie).filter(
        auditorium__theater__country=country, ends_at__gt=ClockTimestamp()
    )
    return [showtime, *alike.order_by("pk")]


def plan_change(*, showtime: Showtime, request: ChangeRequest, user_id: int | None, now: datetime) -> ShowtimeChange:
    """Write down what is requested and what it would touch. Raises SchedulingRefused for what cannot be."""
    with transaction.atomic():
        if request.moves_to is not None:
            # Sales pause, so that the proposed seats stay possible: from here on nobody takes a seat or begins to pay.
            showtime = locks.showtime_to_change(showtime.pk)
            pause_sales_of(showtime.pk)
        return _plan(showtime, request, user_id=user_id, now=now)


def _plan(showtime: Showtime, request: ChangeRequest, *, user_id: int | None, now: datetime) -> ShowtimeChange:
    require_changeable(showtime, now)
    before, after = values_of(showtime, request)
    if is_as_it_was(before, after):
        raise SchedulingRefused(gettext("That is how it is already."))
    require_possible(showtime, request, now)
    if request.moves_to is not None:
        before["seats"] = {one.key: one.seat.label for one in sitters(showtime)}
        after["seats"] = propose_seats(showtime, request.moves_to)
    return ShowtimeChange.objects.create(
        showtime=showtime,
        kind=request.kind,
        before=before,
        after=planned_value(after, request),
        touched=touched_by(affected(showtime, request), request),
        user_id=user_id,
        offer_until=_offer_until(showtime, request, now),
    )


def apply_change(*, change_id: int, reason: str, user_id: int, now: datetime) -> ShowtimeChange:
    """Apply the change: to the showtime at once, to the bookings by notices. Raises SchedulingRefused; then nothing was
    changed.
    """
    if not reason.strip():
        raise SchedulingRefused(
            gettext("Please give a reason: the customers read it, and so do people who look at this later.")
        )
    planned = ShowtimeChange.objects.get(pk=change_id)
    with transaction.atomic():
        showtime = locks.showtime_to_change(planned.showtime_id)
        # The showtime is locked, so nobody else applies the change.
        change = ShowtimeChange.objects.get(pk=change_id)
        if change.status != ChangeStatus.PLANNED:
            raise SchedulingRefused(gettext("This change was made already."))
        request = request_of(change)
        require_changeable(showtime, now)
        if not is_as_it_was(values_of(showtime, request)[0], change.before):
            raise SchedulingRefused(
                gettext("The showtime was changed meanwhile. Look at it and plan the change again.")
            )
        require_possible(showtime, request, now)
        require_nothing_lost(showtime, request)
        if request.movie is not None:
            refuse_archived([request.movie.pk])
        change.touched = touched_by(affected(showtime, request), request)
        change.offer_until = _offer_until(showtime, request, now)
        elsewhere = _same_change_elsewhere(change, showtime, request)
        blocks = (
            list(SharedBlock.objects.open().filter(showtime=showtime)) if request.kind in TOLD_TO_ORGANIZERS else []
        )
        _change(showtime, request, actor=staff_actor_name(user_id))
        write_shared_block_mails(blocks, about=f"change {change.pk}")
        if request.kind in TOLD_TO_ORGANIZERS:
            tell_groups_of_change(showtime, about=str(change.pk))
        for same_change in [change, *elsewhere, *_corrected_facts(change, showtime, request, now)]:
            _finish(same_change, reason=reason, user_id=user_id)
    return change


def _finish(change: ShowtimeChange, *, reason: str, user_id: int) -> None:
    change.status, change.reason, change.user_id = ChangeStatus.APPLIED, reason.strip()[:200], user_id
    change.applied_at = database_now()
    applied = ["status", "reason", "user", "applied_at", "touched", "offer_until"]
    change.save(update_fields=applied if change.pk else None)
    if change.kind == ChangeKind.CANCEL or change.kind in CHANGES_WITH_AN_OFFER:
        touched = _touched_bookings([change.showtime], request_of(change)).order_by("pk").values_list("pk", flat=True)
        ChangeNotice.objects.bulk_create(ChangeNotice(change=change, booking_id=pk) for pk in touched)
        Showtime.objects.filter(pk=change.showtime_id).update(
            times_changed=change.showtime.times_changed + 1, changed_at=ClockTimestamp()
        )
    record(
        actor=staff_actor_name(user_id),
        action=change.get_kind_display().lower(),
        thing=change.showtime,
        theater=change.showtime.auditorium.theater,
        before={"value": change.before["text"]},
        after={"value": change.after["text"], **change.touched, **_offered(change)},
        reason=change.reason,
    )
    hints.on_commit(TASK)


def _offered(change: ShowtimeChange) -> dict[str, str]:
    return {"money back until": change.offer_until.isoformat()} if change.offer_until else {}


def _offer_until(showtime: Showtime, request: ChangeRequest, now: datetime) -> datetime | None:
    """Return the moment until which holders can decide: at latest the (new) start."""
    if request.kind not in CHANGES_WITH_AN_OFFER:
        return None
    return min(now + timedelta(days=request.offer_days), request.starts_at or showtime.starts_at)


def _change(showtime: Showtime, request: ChangeRequest, *, actor: str) -> None:
    if request.kind == ChangeKind.CANCEL:
        move_showtime(showtime_id=showtime.pk, to=ShowtimeStatus.CANCELED, actor=actor)
    elif request.kind == ChangeKind.RATING:
        movie_id = request.rated.pk if request.rated else showtime.movie_id
        country = showtime.auditorium.theater.country
        rate(movie_id=movie_id, country=country, label=request.rating, ages=request.ages)
    elif request.outage is not None:
        return  # people are notified, and nothing else changes
    elif request.plan is not None:
        move_to_plan(showtime, request.plan)
    elif request.moves_to is not None:
        move_to_auditorium(showtime, as_requested(showtime, request), request.new_seats)
    elif request.kind == ChangeKind.VERSION:
        showtime.version = shown_version(showtime, request)
        showtime.save(update_fields=["picture", "dubbed_in", "subtitles_in"])
    elif request.price_list is not None:
        showtime.price_list, showtime.is_list_by_hand = request.price_list, True
        showtime.save(update_fields=["price_list", "is_list_by_hand"])
        pin_prices(showtime)
    else:
        _retime(showtime, request)


def _retime(showtime: Showtime, request: ChangeRequest) -> None:
    planned = as_requested(showtime, request)
    try:
        with transaction.atomic():
            Showtime.objects.filter(pk=showtime.pk).update(
                movie=planned.movie,
                **asdict(shown_version(showtime, request)),
                starts_at=planned.starts_at,
                ends_at=planned.ends_at,
                occupied_until=planned.occupied_until,
                sales_close_at=planned.sales_close_at,
            )
            end_with_the_sale(showtime.pk, planned.sales_close_at)
    except IntegrityError:
        raise SchedulingRefused(overlap_sentence(planned) or gettext("Another showtime is there now.")) from None


def _corrected_facts(
    change: ShowtimeChange, showtime: Showtime, request: ChangeRequest, now: datetime
) -> list[ShowtimeChange]:
    """Record a change of the facts of seats, for bookings of people who rely on them; None if there are none."""
    if request.plan is None:
        return []
    old = SeatingPlan.objects.get(pk=change.before["value"])
    found = corrections(old, request.plan)
    about_facts = ChangeRequest(ChangeKind.FACTS, worse=labels_by_fact(found, new=True))
    if not _touched_bookings([showtime], about_facts).exists():
        return []
    before, after = facts_as_json(found, old, request.plan)
    return [
        ShowtimeChange(
            showtime=showtime,
            kind=ChangeKind.FACTS,
            before=before,
            after=planned_value(after, about_facts),
            touched=touched_by([showtime], about_facts),
            offer_until=_offer_until(showtime, about_facts, now),
        )
    ]


def _same_change_elsewhere(change: ShowtimeChange, showtime: Showtime, request: ChangeRequest) -> list[ShowtimeChange]:
    """Record the same change for every other showtime that it touches."""
    return [
        ShowtimeChange(
            showtime=other,
            kind=change.kind,
            before=change.before,
            after=change.after,
            touched=touched_by([other], request),
            offer_until=min(change.offer_until or other.starts_at, other.starts_at),
        )
        for other in affected(showtime, request)[1:]
    ]
