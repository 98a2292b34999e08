"""Blocks of seats for a group: made by staff, extended, and ended by hand or by the sweep once their time is over."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext

from core.clock import ClockTimestamp
from core.letters.mailboxes import same_mailbox
from core.live import seat_map_changes
from core.pauses import WhenPaused
from core.rows.sweeps import next_row_on_error
from core.texts.local_formats import and_list
from reservations import locks
from reservations.groups.group_mails import is_address, write_group_mail
from reservations.models import GroupBlock, GroupMail
from reservations.opening.house_seats import count_again
from reservations.opening.showtime_opening import keep_back
from reservations.seats.state import SeatState
from staff.services.audit import record
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused

SWEEP = "sweep of group blocks"


@dataclass(frozen=True)
class Group:
    """The name of a group, its contact, and until when its seats are kept."""

    name: str
    contact: str
    until: datetime
    language: str = ""


def keep_for_group(*, showtime: Showtime, labels: list[str], group: Group, actor: str, now: datetime) -> GroupBlock:
    """Keep all of these seats for a group or none, sofas as a whole. Raises SchedulingRefused."""
    if not labels:
        raise SchedulingRefused(gettext("Choose at least one seat."))
    _require_time(showtime, group.until, now)
    with transaction.atomic():
        words = {"name": group.name, "contact": group.contact, "until": group.until, "language": group.language}
        block = GroupBlock.objects.create(showtime=showtime, code=secrets.token_urlsafe(24), **words)
        number = gettext("Group %(number)s") % {"number": block.pk}
        if not_free := keep_back(showtime_id=showtime.pk, labels=labels, reason=number, group_block_id=block.pk):
            raise SchedulingRefused(
                gettext("Not free: %(seats)s. Nothing was kept for the group; choose other seats.")
                % {"seats": and_list(not_free)}
            )
        kept = list(block.seats.order_by("seat_id").values_list("label", flat=True))
        _record(block, "keep seats for a group", actor, {"seats": ", ".join(kept), "until": group.until})
        count_again([showtime.pk])
        write_group_mail(block)
    return block


def send_link(*, block: GroupBlock, actor: str) -> None:
    """Send the link to the group's contact once more. Raises SchedulingRefused."""
    with transaction.atomic():
        locked = _locked(block)
        if not is_address(locked.contact):
            raise SchedulingRefused(gettext("No e-mail address is known of this group. Give it the link yourself."))
        if not write_group_mail(locked):
            raise SchedulingRefused(gettext("The last mail to this group is still on its way. Please wait a minute."))
        _record(locked, "send a group its link", actor, {})


def data_of_groups(emails: Iterable[str]) -> QuerySet[GroupBlock]:
    """Find the group blocks whose contact is one of these addresses."""
    wanted = {same_mailbox(email) for email in emails}
    return GroupBlock.objects.annotate(address=Lower("contact")).filter(address__in=wanted).order_by("pk")


def erase_group_contacts(emails: Iterable[str]) -> None:
    """Remove somebody who erases their account as a contact: the group keeps its seats and gets no more mail."""
    mine = data_of_groups(emails)
    GroupMail.objects.filter(block__in=mine, sent_at=None, gave_up_at=None).update(gave_up_at=ClockTimestamp())
    GroupMail.objects.filter(block__in=mine).exclude(last_error="").update(last_error="")
    GroupBlock.objects.filter(pk__in=[block.pk for block in mine]).update(contact="")


def extend_block(*, block: GroupBlock, until: datetime, actor: str, now: datetime) -> None:
    """Change the end of a block to a later or earlier moment. Raises SchedulingRefused."""
    _require_time(block.showtime, until, now)
    with transaction.atomic():
        before = _locked(block).until
        GroupBlock.objects.filter(pk=block.pk).update(until=until)
        _record(block, "change the end of a group's seats", actor, {"until": until}, {"until": before})


def end_block(*, block: GroupBlock, actor: str) -> list[str]:
    """Put seats that nobody bought on sale again; returns their labels. Raises SchedulingRefused when the block has
    ended already.
    """
    with transaction.atomic():
        return _end(_locked(block), actor)


def end_due_blocks() -> int:
    """End blocks whose time is over, whatever the status of the showtime; returns how many. One query when there are
    none.
    """
    ended = 0
    for block in GroupBlock.objects.due().select_related("showtime__auditorium"):
        with next_row_on_error("group_block_not_ended", block=block.pk):
            ended += _end_if_due(block)
    return ended


def _end_if_due(block: GroupBlock) -> bool:
    with transaction.atomic():
        try:
            locked = _locked(block)
        except SchedulingRefused:
            return False
        # Somebody may have given it more time since the sweep found it.
        if not GroupBlock.objects.due().filter(pk=locked.pk).exists():
            return False
        _end(locked, SWEEP)
        return True


def _locked(block: GroupBlock) -> GroupBlock:
    """Lock the block and its showtime. Raises SchedulingRefused."""
    locks.showtime_gate(block.showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    for locked in locks.group_blocks(block.showtime_id):
        if locked.pk == block.pk:
            return locked
    raise block_is_over()


def block_is_over() -> SchedulingRefused:
    return SchedulingRefused(gettext("These seats are not kept for the group any more: they are on sale or sold."))


def _end(block: GroupBlock, actor: str) -> list[str]:
    states = locks.release_house_seats(showtime_id=block.showtime_id, labels=None, group_block_id=block.pk)
    seat_map_changes.publish_on_commit(block.showtime_id, states)
    count_again([block.showtime_id])
    freed = sorted(label for label, state in states.items() if state == SeatState.FREE)
    if freed or actor != SWEEP:
        _record(block, "end a group's seats", actor, {"on sale again": ", ".join(freed)})
    if block.seats.exists():
        # Somebody is buying seats of the block. It stays until they are sold or given back; the sweep looks again.
        GroupBlock.objects.filter(pk=block.pk, until__gt=ClockTimestamp()).update(until=ClockTimestamp())
    else:
        block.delete()
    return freed


def _require_time(showtime: Showtime, until: datetime, now: datetime) -> None:
    if until <= now:
        raise SchedulingRefused(gettext("This moment is over. Until when shall the seats be kept?"))
    if until > showtime.starts_at:
        raise SchedulingRefused(gettext("Seats are kept until the start of the showtime at the latest."))


def _record(
    block: GroupBlock, action: str, actor: str, after: dict[str, object], before: dict[str, object] | None = None
) -> None:
    """Write to the audit log under the group's number, because the log keeps no names."""
    theater = block.showtime.auditorium.theater_id
    after = {"group": str(block), **after}
    record(actor=actor, action=action, thing=block.showtime, theater=theater, before=before, after=after)
