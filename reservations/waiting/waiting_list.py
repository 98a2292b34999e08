"""Joining and leaving the waiting list of a showtime. A place in the line begins when the address is confirmed."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.selectors import is_proven_address
from core.clock import ClockTimestamp, from_now
from core.limits.addresses import origin_of
from core.limits.limiter import seconds_until_fewer
from core.refusals import BadChoice, Refusal, TooFast, WayOn
from core.rows import hints
from core.rows.sweeps import next_row_on_error
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.models import WaitingEntry, WaitingEntryQuerySet, WaitingMail
from reservations.seats.map_reads import read_seat_map
from reservations.seats.party_seats import REASONS, PartyWish, fits_when_empty, fitting
from reservations.states import WAITING_MOVES, SkipReason, WaitingMailKind, WaitingStatus
from reservations.waiting.waiting_mails import write_waiting_mail
from reservations.waiting.waiting_offers import end_offer_for_the_next, offer_seats
from sales.models import Contact
from sales.services.opening import Customer
from theaters.models import Showtime
from theaters.states import ShowtimeStatus

CONFIRMATIONS_PER_HOUR = 3
HOUR = 3600
# A form that is sent twice, because its answer was lost, causes one mail.
PAUSE_SECONDS = 60
# The address of an ended entry is deleted after this time.
ADDRESS_KEPT_DAYS = 30
NEVER_THERE = _(
    "This auditorium never has such seats, even when it is empty. Please ask for fewer seats, for seats apart, or for seats "
    "in another part of it."
)


class NoWaitingList(Refusal):
    status = 410
    sentence = _("Tickets for this showtime are not on sale, so it has no waiting list.")


class SeatsAreFree(Refusal):
    tone = "info"
    sentence = _("Good news: there are free tickets that fit. You can choose them now.")
    way_on = WayOn(_("See what is free"), to="seat_map")


class WaitingListEnded(Refusal):
    sentence = _("You are not on this waiting list any more. You can join it again.")


class AskedToWaitOften(TooFast):
    sentence = _("There were many requests for the waiting list from here. Please wait a little, then try again.")


@dataclass(frozen=True)
class WaitingWish:
    """What a party waits for, and until when; `until` None means until sales close."""

    party: PartyWish
    until: datetime | None = None


def join(*, showtime_id: int, customer: Customer, wish: WaitingWish, language: str, address: str) -> WaitingEntry:
    """Put a party on the waiting list: at once with a proven e-mail address, else when the link in a mail is followed.

    A second time with the same address changes the wish and keeps the place. `address` is the client's, for the limits.
    Raises NoWaitingList, BadChoice, SeatsAreFree.
    """
    _require_numbers(wish.party)
    with transaction.atomic():
        showtime = Showtime.objects.filter(pk=showtime_id, status=ShowtimeStatus.PUBLISHED).first()
        if (
            showtime is None
            or not Showtime.objects.filter(pk=showtime_id, sales_close_at__gt=ClockTimestamp()).exists()
        ):
            raise NoWaitingList
        locks.persons([f"waiting {showtime_id} {customer.key}"])
        _require_full(showtime_id, wish.party)
        entry = _entry_of(showtime_id, customer) or _new_entry(showtime, customer, language, address)
        if entry.status == WaitingStatus.ASKED or _is_own(customer):
            _write_wish(entry, wish, showtime)
        if entry.status == WaitingStatus.ASKED and _is_own(customer):
            _begin(entry)
        elif not _is_own(customer):
            _send_link(entry)
    return entry


def _require_numbers(wish: PartyWish) -> None:
    most = settings.MAX_SEATS_PER_HOLD
    if wish.count < 1 or (most and wish.count > most):
        raise BadChoice("count", str(_("Please say how many you would like.")))
    if wish.wheelchairs > wish.count:
        raise BadChoice("wheelchairs", str(_("There cannot be more wheelchair spaces than people.")))


def _require_full(showtime_id: int, wish: PartyWish) -> None:
    """Check that no seats fit now. Raises SeatsAreFree, or BadChoice if they never could."""
    seat_map = read_seat_map(showtime_id=showtime_id, holder="")
    if seat_map is None:
        raise NoWaitingList
    if not isinstance(fitting(seat_map, wish), SkipReason):
        raise SeatsAreFree
    if not fits_when_empty(seat_map, wish):
        raise BadChoice("count", str(NEVER_THERE))


def _entry_of(showtime_id: int, customer: Customer) -> WaitingEntry | None:
    """Lock and return the live entry of this address."""
    mine = WaitingEntry.objects.live().filter(showtime_id=showtime_id, contact__customer=customer.key)
    number = mine.values_list("pk", flat=True).first()
    return None if number is None else locks.waiting_entry(number)


def _new_entry(showtime: Showtime, customer: Customer, language: str, address: str) -> WaitingEntry:
    origin = origin_of(address)
    contact = Contact.objects.create(email=customer.email, customer=customer.key)
    return WaitingEntry.objects.create(
        showtime=showtime,
        contact=contact,
        user_id=customer.user_id,
        code=secrets.token_urlsafe(24),
        language=language,
        address=origin.address,
        network=origin.network,
        count=1,
        until=showtime.sales_close_at,
    )


def _write_wish(entry: WaitingEntry, wish: WaitingWish, showtime: Showtime) -> None:
    party = wish.party
    entry.count, entry.wheelchairs, entry.is_together = party.count, party.wheelchairs, party.is_together
    entry.section, entry.is_numbered = party.section, party.is_numbered
    for need in REASONS:
        setattr(entry, need, getattr(party, need))
    entry.until = min(wish.until or showtime.sales_close_at, showtime.sales_close_at)
    entry.save(update_fields=["count", "wheelchairs", "is_together", "section", "is_numbered", "until", *REASONS])


def _is_own(customer: Customer) -> bool:
    return is_proven_address(customer.user_id, customer.email)


def _send_link(entry: WaitingEntry) -> None:
    """Mail the link that confirms an entry, unless one has just gone out, or too many to this address in an hour."""
    mails = WaitingMail.objects.filter(entry__contact__customer=entry.contact.customer, kind=WaitingMailKind.CONFIRM)
    if mails.filter(entry=entry, created_at__gt=from_now(-PAUSE_SECONDS)).exists():
        return
    if seconds_until_fewer(mails, "created_at", most=CONFIRMATIONS_PER_HOUR, within_seconds=HOUR) is None:
        write_waiting_mail(entry, WaitingMailKind.CONFIRM, about=mails.filter(entry=entry).count())


def _begin(entry: WaitingEntry) -> None:
    WAITING_MOVES.move(entry, WaitingStatus.WAITING, joined_at=ClockTimestamp())
    hints.on_commit("reservations.offer_waiting_seats", showtime_id=entry.showtime_id)


def confirm(*, code: str) -> None:
    """Confirm an entry by the link of a mail; a second time changes nothing, nor does one after the offer was taken. Raises
    WaitingListEnded, WaitingEntry.DoesNotExist.
    """
    with transaction.atomic():
        entry = locks.waiting_entry_by_code(code)
        if entry.ended_at is not None and entry.status != WaitingStatus.TOOK:
            raise WaitingListEnded
        if entry.status == WaitingStatus.ASKED:
            _begin(entry)


def leave(*, code: str) -> None:
    """End an entry by the link of a mail; seats that are held for it go to the next. A second time changes nothing.
    Raises WaitingEntry.DoesNotExist.
    """
    with transaction.atomic():
        entry = locks.waiting_entry_by_code(code)
        if entry.ended_at is None:
            _end(entry, WaitingStatus.LEFT)


def serve_waiting_lists() -> None:
    """Offer free seats to waiting parties. A showtime that fails does not stop the others."""
    end_lists_that_are_over()
    for showtime_id in sorted(set(WaitingEntry.objects.live().values_list("showtime_id", flat=True))):
        with next_row_on_error("waiting_list_failed", showtime=showtime_id):
            offer_seats(showtime_id=showtime_id)


def end_lists_that_are_over() -> None:
    """End entries whose time, sale or showtime is over, and delete old addresses. Called by the sweep."""
    for number in WaitingEntry.objects.live().values_list("pk", flat=True).order_by("pk"):
        with next_row_on_error("waiting_entry_not_ended", entry=number), transaction.atomic():
            _end_if_over(number)
    forget_addresses()


def _end_if_over(number: int) -> None:
    entry = locks.waiting_entry(number)
    showtime = Showtime.objects.get(pk=entry.showtime_id)
    is_canceled = showtime.status == ShowtimeStatus.CANCELED
    is_over = WaitingEntry.objects.filter(pk=number, until__lte=ClockTimestamp()).exists()
    has_offer = entry.offers.filter(ended_at=None, until__gt=ClockTimestamp()).exists()
    if entry.ended_at is not None or not (is_canceled or (is_over and not has_offer)):
        return
    was_waiting = entry.status != WaitingStatus.ASKED
    _end(entry, WaitingStatus.OVER)
    if is_canceled and was_waiting:
        write_waiting_mail(entry, WaitingMailKind.OVER)


def _end(entry: WaitingEntry, status: WaitingStatus) -> None:
    if entry.status == WaitingStatus.OFFERED:
        end_offer_for_the_next(entry, status, ended_at=ClockTimestamp())
    else:
        WAITING_MOVES.move(entry, status, ended_at=ClockTimestamp())


def forget_addresses() -> None:
    """Delete e-mail addresses of entries that ended some time ago, and the network addresses of all ended ones. The
    entries stay, for the figures.
    """
    WaitingEntry.objects.exclude(ended_at=None).exclude(address="").update(address="", network="")
    _forget(WaitingEntry.objects.filter(ended_at__lt=from_now(-ADDRESS_KEPT_DAYS * 24 * HOUR)))


def erase_entries(*, user_id: int, emails: Iterable[str]) -> None:
    """Remove somebody who erases their account from every list, and delete the addresses."""
    customers = [Customer(email=email).key for email in emails]
    mine = WaitingEntry.objects.filter(Q(user_id=user_id) | Q(contact__customer__in=customers))
    with transaction.atomic():
        for code in mine.live().order_by("pk").values_list("code", flat=True):
            leave(code=code)
        _forget(mine)
        mine.update(user=None, address="", network="")


def _forget(entries: WaitingEntryQuerySet) -> None:
    contacts = Contact.objects.filter(waiting_entry__in=entries, emptied_at=None)
    mails = WaitingMail.objects.filter(entry__contact__in=contacts)
    mails.exclude(last_error="").update(last_error="")
    mails.filter(sent_at=None, gave_up_at=None).update(gave_up_at=ClockTimestamp())
    contacts.update(email="", customer="", payer_name="", payer_search="", emptied_at=ClockTimestamp())
