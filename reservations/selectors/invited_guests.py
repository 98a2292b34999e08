"""Browsers that came to a closed showtime by a link of friends or of a group, without its own link or code.

Such a link opens its own page, and the checkout while the browser holds seats or pays for them; nothing else of the
showtime.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from reservations.models import GroupBlock, Hold, ShowtimeSeat
from reservations.seats.group_of_hold import group_page_of
from reservations.seats.map_reads import own_seats
from reservations.seats.own_seats import OwnSeats


@dataclass(frozen=True)
class InvitedGuest:
    """`may_pay`: holds seats now, is paying for them, or can have its group's again. `page`: where its seats came from; ''
    when no link brought it here. `is_group_over`: one did, and its group keeps no seats any more.
    """

    may_pay: bool
    page: str
    is_of_group: bool = False
    is_group_over: bool = False


def invited_guest(*, showtime_id: int, holder: str) -> InvitedGuest:
    own = own_seats(showtime_id=showtime_id, holder=holder)
    has_seats = own.is_holding or own.is_paying
    if friends := _friends_page(own):
        return InvitedGuest(has_seats, friends)
    if group := group_page_of(own.hold_id):
        return InvitedGuest(has_seats or bool(own.retake), group, is_of_group=True)
    came_by_link = own.hold_id is not None and Hold.objects.filter(pk=own.hold_id, group_block__isnull=False).exists()
    return InvitedGuest(has_seats, _groups_page(own), is_group_over=came_by_link and not has_seats)


def _friends_page(own: OwnSeats) -> str:
    """The page of the friends' seats, also when the time of these has run out: it says so."""
    if own.hold_id is None:
        return ""
    found = Hold.objects.filter(pk=own.hold_id, shared_block__isnull=False)
    block = found.values_list("shared_block__showtime", "shared_block__code").first()
    return reverse("shared_seats", args=block) if block else ""


def _groups_page(own: OwnSeats) -> str:
    """For a hold that the release before wrote, without the id of its group."""
    if not (own.is_holding or own.is_paying):
        return ""
    mine = Q(booking=own.booking_id) if own.is_paying else Q(hold=own.hold_id)
    seats = ShowtimeSeat.objects.filter(mine, group_block__isnull=False)
    code = GroupBlock.objects.filter(pk__in=seats.values("group_block")).values_list("code", flat=True).first()
    return reverse("group", args=[code]) if code else ""
