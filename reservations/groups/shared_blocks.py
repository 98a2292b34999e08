"""Sit together, pay apart: an organizer turns held seats into a shared block, friends take some and pay alone.

Nobody has to end a block: the rows of its holds end by the database's clock, as every held seat does.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from accounts.selectors import verified_emails
from core.clock import ClockTimestamp, from_now
from core.limits.limiter import seconds_until_fewer
from core.live import seat_map_changes
from core.refusals import BadChoice, Refusal, TooOften, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.groups.first_names import first_name
from reservations.groups.shared_block_mails import write_shared_block_mails
from reservations.links.mailbox_codes import PROOF_SECONDS
from reservations.models import (
    LONGEST_REASON,
    BookingAccess,
    Hold,
    SharedBlock,
    SharedBlockQuerySet,
)
from reservations.refusals.seats import LeavesSingleSeats, SeatsOfSharedBlock
from reservations.seats.taking import Browser, end_hold, require_on_sale
from reservations.selling.party_rules import PartySeat, objections
from reservations.selling.selling_steps import HoldToSell, lock_hold_to_sell, single_seats_left
from reservations.selling.ticket_limits import Person, require_tickets_left
from reservations.states import HoldEnd
from sales.services.opening import Customer
from staff.services.audit import record
from theaters.models import AgeRule
from theaters.schedule.scheduling import SchedulingRefused

LEAST_SEATS = 2
BLOCKS_PER_HOUR = 3
HOUR = 3600


class OrganizerUnknown(Refusal):
    staff_can = "Nothing: for seats that long a person is known to us, by an account or by a code from their mailbox."
    sentence = _(
        "To hold tickets for your friends, please sign in with a confirmed e-mail address, or confirm the mailbox of a booking."
    )


class SharedBlockOpen(Refusal):
    staff_can = "They find their seats at the link “Sit together, pay apart” of the showtime."
    sentence = _(
        "You are holding tickets of this showtime for your friends already. Please wait until they have paid, or release those "
        "first."
    )
    way_on = WayOn(_("See who has paid"), to="share_seats")


class SharedOften(TooOften):
    sentence = _("You have held tickets for friends several times lately. Please wait %(wait)s, then try again.")


@dataclass(frozen=True)
class Organizer:
    """The person who starts a block, known by account or mailbox; their browser, and the language of mails to them."""

    browser: Browser
    customer: Customer
    language: str = ""

    @property
    def person(self) -> Person:
        return Person(self.customer, self.browser.holder)


def known_customer(*, user_id: int | None, holder: str) -> Customer | None:
    """A signed-in person with a confirmed address, or a guest whose browser has given a code from a mailbox within the hour."""
    if user_id is not None and (emails := verified_emails(user_id)):
        return Customer(email=emails[0], user_id=user_id)
    proven = BookingAccess.objects.filter(
        holder=holder, proven_at__gt=from_now(-PROOF_SECONDS), link_version=F("booking__sale__link_version")
    )
    access = proven.exclude(holder="").select_related("booking__sale__contact").order_by("-proven_at").first()
    if access is None or not access.booking.email:
        return None
    return Customer(email=access.booking.email)


def start_sharing(*, showtime_id: int, organizer: Organizer, name: str) -> SharedBlock:
    """Make a shared block of the seats that the browser holds. Raises a Refusal; then nothing is changed.

    The seats were taken within all limits of a browser and its address, and still count there. Here the limits of the
    person are checked, and the rules about all seats together.
    """
    shown = first_name(name)
    with transaction.atomic():
        require_on_sale(locks.showtime_gate(showtime_id))
        held = lock_hold_to_sell(showtime_id=showtime_id, holder=organizer.browser.holder)
        _require_shareable(held)
        locks.persons(organizer.person.keys)
        blocks = _blocks_of(organizer.person)
        if blocks.open().filter(showtime=showtime_id).exists():
            raise SharedBlockOpen
        if wait := seconds_until_fewer(blocks, "made_at", most=BLOCKS_PER_HOUR, within_seconds=HOUR):
            raise SharedOften(wait)
        require_tickets_left(showtime_id=showtime_id, person=organizer.person, count=len(held.seats))
        return _share(held, organizer, shown)


def _require_shareable(held: HoldToSell) -> None:
    if held.hold.shared_block_id is not None:
        raise SeatsOfSharedBlock
    if len(held.seats) < LEAST_SEATS:
        raise BadChoice("seats", gettext("Please choose tickets for all of you first: two or more."))
    if held.house:
        raise BadChoice(
            "seats", gettext("The theater keeps these tickets for a group already: each of you can pay by its link.")
        )
    places = [PartySeat(seat.label, seat.category) for seat in held.seats]
    if found := objections(places=places, ages=AgeRule(), showtime_id=held.showtime.pk):
        raise BadChoice("seats", found[0].sentence)
    if left_over := single_seats_left(held):
        raise LeavesSingleSeats(left_over)


def _share(held: HoldToSell, organizer: Organizer, name: str) -> SharedBlock:
    """Turn the browser's hold into a shared block's hold, which belongs to no browser."""
    hold = held.hold
    until = min(held.now + timedelta(minutes=settings.SHARED_BLOCK_MINUTES), held.showtime.sales_close_at)
    hold.holder = sha256(secrets.token_bytes(32)).hexdigest()
    hold.expires_at = hold.cap_at = until
    hold.changed_at = ClockTimestamp()
    hold.save(update_fields=["holder", "expires_at", "cap_at", "changed_at"])
    locks.lengthen_seats(hold_id=hold.pk, expires_at=until)
    labels = [seat.label for seat in held.seats]
    _publish_held(hold, labels)
    return SharedBlock.objects.create(
        showtime=held.showtime,
        hold=hold,
        code=secrets.token_urlsafe(24),
        name=name,
        holder=organizer.browser.holder,
        user_id=organizer.customer.user_id,
        customer=organizer.customer.key,
        email=organizer.customer.email,
        language=organizer.language,
        labels=labels,
    )


def release_block(*, block_id: int) -> None:
    """Free the seats that nobody took; friends keep theirs until the end. A second time changes nothing."""
    with transaction.atomic():
        _release(locks.shared_block(block_id))


def _release(block: SharedBlock) -> list[str]:
    """End the hold of a locked block. Returns the labels that are free again."""
    kept = locks.hold_by_id(block.hold_id)
    if kept.ended_at is not None:
        return []
    freed = [row.label for row in locks.seats_of_hold(kept.pk)]
    end_hold(kept, end=HoldEnd.RELEASED)
    return freed


def end_block_by_staff(*, block: SharedBlock, reason: str, actor: str) -> list[str]:
    """End a block, with a reason that organizer and friends read; returns the free labels. Raises SchedulingRefused."""
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise SchedulingRefused(gettext("Please give a reason: the organizer and the friends read it."))
    with transaction.atomic():
        locked = locks.shared_block(block.pk)
        if not SharedBlock.objects.open().filter(pk=locked.pk).exists():
            raise shared_block_is_over()
        freed = _release(locked)
        locked.ended_because = words
        locked.save(update_fields=["ended_because"])
        write_shared_block_mails([locked], about="ended by staff")
        # The entry names the block by its number, because the log keeps no names.
        after = {"shared block": str(locked), "free again": ", ".join(freed)}
        theater = block.showtime.auditorium.theater_id
        record(
            actor=actor, action="end a shared block", thing=block.showtime, theater=theater, after=after, reason=words
        )
    return freed


def shared_block_is_over() -> SchedulingRefused:
    return SchedulingRefused(gettext("These seats are not held for friends any more: they are free or sold."))


def block_organized_by(person: Person, *, showtime_id: int) -> SharedBlock | None:
    """Find this person's newest shared block at the showtime, open or over, with its hold."""
    return _blocks_of(person).filter(showtime=showtime_id).select_related("hold").order_by("-pk").first()


def _blocks_of(person: Person) -> SharedBlockQuerySet:
    return SharedBlock.objects.filter(person.blocks)


def erase_shared_blocks(*, user_id: int, emails: Iterable[str]) -> None:
    """Release and delete the shared blocks of somebody who erases their account."""
    customers = [Customer(email=email).key for email in emails]
    mine = SharedBlock.objects.filter(Q(user_id=user_id) | Q(customer__in=customers))
    with transaction.atomic():
        for block_id in mine.order_by("pk").values_list("pk", flat=True):
            release_block(block_id=block_id)
        mine.delete()


def _publish_held(hold: Hold, labels: list[str]) -> None:
    held = dict.fromkeys(labels, seat_map_changes.held_until(hold.expires_at))
    seat_map_changes.publish_on_commit(hold.showtime_id, held)
