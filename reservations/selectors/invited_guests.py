"""What a browser that never opened a closed showtime has there, by a link that its friends or its group sent.

Such a link opens its own page, and the checkout while the browser holds seats or pays for them; nothing else of the showtime.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from reservations.models import GroupBlock, Hold, ShowtimeSeat
from reservations.seats.map_reads import own_seats
from reservations.seats.own_seats import OwnSeats


@dataclass(frozen=True)
class InvitedGuest:
    """`may_pay`: holds seats now, or is paying for them. `page`: where its seats came from; '' when no link brought it here."""

    may_pay: bool
    page: str


def invited_guest(*, showtime_id: int, holder: str) -> InvitedGuest:
    own = own_seats(showtime_id=showtime_id, holder=holder)
    return InvitedGuest(own.is_holding or own.is_paying, _friends_page(own) or _groups_page(own))


def _friends_page(own: OwnSeats) -> str:
    """The page of the friends' seats, also when the time of these has run out: it says so."""
    if own.hold_id is None:
        return ""
    found = Hold.objects.filter(pk=own.hold_id, shared_block__isnull=False)
    block = found.values_list("shared_block__showtime", "shared_block__code").first()
    return reverse("shared_seats", args=block) if block else ""


def _groups_page(own: OwnSeats) -> str:
    if not (own.is_holding or own.is_paying):
        return ""
    mine = Q(booking=own.booking_id) if own.is_paying else Q(hold=own.hold_id)
    seats = ShowtimeSeat.objects.filter(mine, group_block__isnull=False)
    code = GroupBlock.objects.filter(pk__in=seats.values("group_block")).values_list("code", flat=True).first()
    return reverse("group", args=[code]) if code else ""
