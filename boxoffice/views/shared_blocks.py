"""The part of the house seats' page about shared blocks."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from core.texts.local_formats import and_list
from reservations.groups.shared_blocks import end_block_by_staff, shared_block_is_over
from reservations.models import SharedBlock
from staff.access import staff_actor
from theaters.models import Showtime

END = "_end_shared"


def end_shared_block(request: HttpRequest, showtime: Showtime) -> None:
    """End a shared block. Raises SchedulingRefused."""
    number = request.POST[END]
    blocks = SharedBlock.objects.filter(showtime=showtime).select_related("showtime__auditorium")
    block = next((block for block in blocks if str(block.pk) == number), None)
    if block is None:
        raise shared_block_is_over()
    reason = request.POST.get(f"shared-{number}-reason", "")
    freed = end_block_by_staff(block=block, reason=reason, actor=staff_actor(request.user))
    says = gettext("On sale again: %(seats)s.") % {"seats": and_list(freed)} if freed else gettext("No seat was left.")
    messages.success(request, f"{block.name}: {says}")
