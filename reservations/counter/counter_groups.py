"""Turn the seats that a seller holds at the counter into a group's seats."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from core.clock import from_now
from reservations import locks
from reservations.counter.counter_seats import CounterSeller, release_at_counter
from reservations.groups.group_blocks import Group, keep_for_group
from reservations.models import GroupBlock, ShowtimeSeat
from reservations.seats.plan_seats import has_numbers
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused

SENT_AGAIN_SECONDS = 600


def keep_held_for_group(*, showtime: Showtime, seller: CounterSeller, group: Group, now: datetime) -> GroupBlock:
    """Keep all held seats for a group, or none of them. The caller has checked the right. Raises SchedulingRefused;
    then the seats are still held.
    """
    with transaction.atomic():
        locks.showtime_gate(showtime.pk)
        held = ShowtimeSeat.objects.filter(showtime=showtime, hold__holder=seller.holder, hold__ended_at=None)
        labels = list(held.order_by("pk").values_list("label", flat=True))
        if not labels and (kept := _just_kept(showtime, group)):
            return kept
        if not labels:
            raise SchedulingRefused(
                gettext("Choose the seats of the group on the map first.")
                if has_numbers(showtime.plan_id)
                else gettext("Take as many places as the group needs first.")
            )
        release_at_counter(showtime_id=showtime.pk, seller=seller)
        return keep_for_group(showtime=showtime, labels=labels, group=group, actor=seller.actor, now=now)


def _just_kept(showtime: Showtime, group: Group) -> GroupBlock | None:
    """The block that this form has made already, when it is sent again because its answer was lost."""
    same = GroupBlock.objects.filter(showtime=showtime, name=group.name, contact=group.contact, until=group.until)
    return same.filter(made_at__gt=from_now(-SENT_AGAIN_SECONDS)).last()
