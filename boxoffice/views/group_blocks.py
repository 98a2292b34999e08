"""The part of the house seats' page that keeps seats for a group."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from boxoffice.forms.group_blocks import GroupForm, UntilForm
from boxoffice.selectors.group_blocks import groups_at
from core.texts.local_formats import and_list
from reservations.groups.group_blocks import block_is_over, end_block, extend_block, keep_for_group, send_link
from reservations.groups.group_mails import is_address
from reservations.models import GroupBlock
from staff.access import staff_actor
from theaters.models import Showtime

KEEP, EXTEND, END, SEND = "_group", "_extend", "_end", "_send"


def group_context(request: HttpRequest, showtime: Showtime) -> dict[str, Any]:
    theater = showtime.auditorium.theater
    return {
        "group_form": _group_form(request, showtime),
        "groups": [(group, _until_form(request, group.block, showtime), group.link) for group in groups_at(showtime)],
        "zone": theater.timezone,
    }


def act_on_groups(request: HttpRequest, showtime: Showtime, labels: list[str]) -> bool:
    """Do what the pressed button asks for; False for an incomplete form. Raises SchedulingRefused."""
    if KEEP in request.POST:
        return _keep_seats(request, showtime, labels)
    if EXTEND in request.POST:
        return _extend(request, _block(showtime, request.POST[EXTEND]), showtime)
    if SEND in request.POST:
        return _send(request, _block(showtime, request.POST[SEND]))
    return _end(request, _block(showtime, request.POST[END]))


def asks_for_groups(request: HttpRequest) -> bool:
    return not {KEEP, EXTEND, END, SEND}.isdisjoint(request.POST)


def _block(showtime: Showtime, number: str) -> GroupBlock:
    """Find the block. Raises SchedulingRefused when it has ended since the page was opened."""
    blocks = GroupBlock.objects.filter(showtime=showtime).select_related("showtime__auditorium")
    found = next((block for block in blocks if str(block.pk) == number), None)
    if found is None:
        raise block_is_over()
    return found


def _keep_seats(request: HttpRequest, showtime: Showtime, labels: list[str]) -> bool:
    form = _group_form(request, showtime)
    if not form.is_valid():
        return False
    actor = staff_actor(request.user)
    keep_for_group(showtime=showtime, labels=labels, group=form.group, actor=actor, now=timezone.now())
    says = gettext("Kept for %(name)s.") % {"name": form.group.name}
    if is_address(form.group.contact):
        says += " " + gettext("The link is on its way to %(contact)s.") % {"contact": form.group.contact}
    messages.success(request, says)
    return True


def _send(request: HttpRequest, block: GroupBlock) -> bool:
    send_link(block=block, actor=staff_actor(request.user))
    messages.success(request, gettext("The link is on its way to %(contact)s.") % {"contact": block.contact})
    return True


def _extend(request: HttpRequest, block: GroupBlock, showtime: Showtime) -> bool:
    form = _until_form(request, block, showtime)
    if not form.is_valid():
        return False
    extend_block(block=block, until=form.until, actor=staff_actor(request.user), now=timezone.now())
    messages.success(request, gettext("%(name)s: the end is changed.") % {"name": block.name})
    return True


def _end(request: HttpRequest, block: GroupBlock) -> bool:
    freed = end_block(block=block, actor=staff_actor(request.user))
    says = gettext("On sale again: %(seats)s.") % {"seats": and_list(freed)} if freed else gettext("No seat was left.")
    messages.success(request, f"{block.name}: {says}")
    return True


def _group_form(request: HttpRequest, showtime: Showtime) -> GroupForm:
    return GroupForm(
        request.POST if KEEP in request.POST else None, theater=showtime.auditorium.theater, prefix="group"
    )


def _until_form(request: HttpRequest, block: GroupBlock, showtime: Showtime) -> UntilForm:
    theater = showtime.auditorium.theater
    local = block.until.astimezone(theater.zone)
    asked = request.POST.get(EXTEND) == str(block.pk)
    return UntilForm(
        request.POST if asked else None,
        theater=theater,
        prefix=f"group-{block.pk}",
        initial={"on": local.date(), "at": local.time()},
    )
