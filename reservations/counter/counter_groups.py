"""Turn the seats that a seller holds at the counter into a group's seats."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from reservations import locks
from reservations.counter.counter_seats import CounterSeller, release_at_counter
from reservations.groups.group_blocks import Group, keep_for_group
from reservations.models import GroupBlock, ShowtimeSeat
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused


def keep_held_for_group(*, showtime: Showtime, seller: CounterSeller, group: Group, now: datetime) -> GroupBlock:
    """All of them or none: then they are held still. The caller has checked the right. Raises SchedulingRefused."""
    with transaction.atomic():
        locks.showtime_gate(showtime.pk)
        held = ShowtimeSeat.objects.filter(showtime=showtime, hold__holder=seller.holder, hold__ended_at=None)
        labels = list(held.order_by("pk").values_list("label", flat=True))
        if not labels:
            raise SchedulingRefused(gettext("Choose the seats of the group on the map first."))
        release_at_counter(showtime_id=showtime.pk, seller=seller)
        return keep_for_group(showtime=showtime, labels=labels, group=group, actor=seller.actor, now=now)
