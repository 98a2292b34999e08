"""A group pays by the link of its block: for all of its seats or some, as many times as it likes until the block ends."""

from datetime import datetime

from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import GroupBlock, ShowtimeSeat
from reservations.refusals.seats import SeatGone
from reservations.seats.group_of_hold import group_of_hold
from reservations.seats.map_reads import own_seats
from reservations.seats.taking import Browser, check_pace, clean_labels, take_or_begin_anew, take_seats


class GroupOver(Refusal):
    """Refused: the group block behind the link is over."""

    staff_can = "Keep other seats for the group, and send it the new link."
    status = 410
    title = _("This link is over")
    way_on = WayOn(url="/")
    sentence = _(
        "Nothing is kept under this link any more: the time is over, all of it is paid, or the theater released it. "
        "Please ask the theater."
    )


class GroupSeatsGone(Refusal):
    staff_can = "Look at the showtime's house seats: they list what the group has left."
    sentence = _(
        "Not all of these tickets are still kept for you: somebody of your group is paying for them, or the theater "
        "released them. This page shows what is left. Nothing was changed."
    )


class NoGroupSeats(Refusal):
    staff_can = "Nothing: the person chooses how many seats to pay for."
    status = 422
    sentence = _("Please say how many you would like to pay for, or choose them.")


class GroupUnknown(GroupOver):
    """The link never existed, or its block has been deleted; the answer does not say which."""

    status = 404


def block_of(code: str, *, now: datetime) -> GroupBlock:
    """Find the block behind a link. Raises GroupUnknown, or GroupOver when it has just ended."""
    blocks = GroupBlock.objects.filter(code=code, until__gt=now).select_related("showtime__auditorium__theater")
    found = blocks.first()
    if found is None:
        raise GroupOver if GroupBlock.objects.filter(code=code).exists() else GroupUnknown
    return found


def take_group_seats(*, block: GroupBlock, browser: Browser, labels: list[str]) -> None:
    """Hold exactly these seats for this browser, in place of what it held there before. Raises a Refusal; then nothing
    is changed.
    """
    if not labels:
        raise NoGroupSeats
    wanted = clean_labels(labels)
    check_pace(browser)
    mine = ShowtimeSeat.objects.filter(
        showtime=block.showtime_id, hold__holder=browser.holder, hold__ended_at=None
    ).values_list("label", flat=True)
    returned = sorted(set(mine) - set(wanted))
    try:
        take_or_begin_anew(block.showtime_id, browser, wanted, returned, group_block_id=block.pk)
    except SeatGone:
        raise GroupSeatsGone from None


def retake_seats(*, showtime_id: int, browser: Browser, labels: list[str]) -> None:
    """Take the seats of a lapsed hold again. Seats of a group are taken for the group, because the map does not sell
    them. Raises a Refusal.
    """
    last = own_seats(showtime_id=showtime_id, holder=browser.holder)
    if (group := group_of_hold(last.hold_id)) is None:
        take_seats(showtime_id=showtime_id, browser=browser, labels=labels)
    else:
        take_group_seats(block=group, browser=browser, labels=labels)
