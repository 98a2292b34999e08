"""The history of a booking as one list in order of time: status changes, payments, refunds and mails."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext

from accounts.models import User
from core.actors import device_id_of, staff_actor_name, user_id_of
from core.money import format_money
from payments.models import Payment, Refund
from payments.sessions.provider_names import provider_names
from reservations.models import Booking, Move, OutgoingMail, Ticket
from staff.models import Device

ERASED = "an erased address"
WHO = {
    "customer": "the customer",
    "worker": "Marquee",
    "sweep": "Marquee",
    "return": "the customer's return",
}
SAYS = {
    ("booking", "CONFIRMED"): "The booking was confirmed.",
    ("booking", "EXPIRED"): "The time to pay ran out, or other seats were chosen.",
    ("booking", "CANCELED"): "The booking was canceled.",
    ("booking", "REFUNDED"): "The seats could not be given: all of the money goes back.",
    ("ticket", "VALID"): "Valid now: {seats}.",
    ("ticket", "USED"): "At the door: {seats}.",
    ("ticket", "VOID"): "Void now: {seats}.",
    ("payment", "OPEN"): "The payment page for {amount} was opened.",
    ("payment", "SUCCEEDED"): "{amount} was paid.",
    ("payment", "FAILED"): "The payment provider refused to open a payment page for {amount}.",
    ("payment", "CLOSED"): "The payment page for {amount} was closed unpaid.",
    ("payment", "DISPUTED"): "The customer's bank asks for {amount} back.",
    ("refund", "SUBMITTED"): "The refund of {amount} was sent to the payment provider.",
    ("refund", "PENDING"): "The payment provider has the refund of {amount}, the bank not yet.",
    ("refund", "SUCCEEDED"): "{amount} went back.",
    ("refund", "FAILED"): "The refund of {amount} failed.",
    ("retry", "REQUESTED"): "The refund of {amount} is tried again.",
    ("request", "WAITING"): "Staff asked to give money back.",
    ("request", "DONE"): "Giving money back was allowed.",
    ("request", "DECLINED"): "Giving money back was declined.",
    ("mail", "RESENT"): "The confirmation was sent again by staff.",
    ("message", "SENT"): "Staff wrote to everybody with tickets for this showtime.",
    ("message", "UNREACHED"): "Staff wrote to everybody with tickets for this showtime; this booking has no address.",
    ("dispute", "INQUIRY"): "The customer's bank asks about the payment.",
    ("dispute", "OPEN"): "The customer's bank took the money and is deciding.",
    ("dispute", "WON"): "The bank decided for us.",
    ("dispute", "LOST"): "The bank decided for the customer.",
    ("dispute", "CLOSED"): "The bank asked no further.",
    ("freeze", "FROZEN"): "The tickets do not work at the door until the bank has decided.",
    ("freeze", ""): "The tickets are as good as before.",
    ("goodwill", "GIVEN"): "Money was given back, and the tickets stay.",
    ("swap", ""): "Seat {old} became {new}: another ticket, with a code of its own.",
    ("address", ""): "The e-mail was changed; the old link opens nothing any more.",
}


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    text: str
    who: str = ""
    note: str = ""


def booking_history(
    booking: Booking, *, tickets: list[Ticket], payments: list[Payment], refunds: list[Refund],
    mails: list[OutgoingMail], moves: list[Move],
) -> list[HistoryEntry]:  # fmt: skip
    """The history of a booking. One query for names of staff, one for those of devices."""
    words = _Words(tickets, payments, refunds, _names(moves))
    told = [
        HistoryEntry(booking.created_at, _beginning(booking), _seller(booking, words), booking.sale.override_reason)
    ]
    # The tickets of one booking move together: one sentence for all of them.
    for _, together in groupby(
        moves, key=lambda move: (move.what, move.to_status, move.actor, move.what == "ticket" or move.pk)
    ):
        told.append(words.entry(list(together)))
    told += [
        HistoryEntry(mail.sent_at, f"Mail to {mail.recipient or ERASED}: {mail.get_kind_display()}.", "Marquee")
        for mail in mails
        if mail.sent_at
    ]
    told += [
        HistoryEntry(
            mail.gave_up_at,
            f"Mail to {mail.recipient or ERASED} could not be sent: {mail.get_kind_display()}.",
            "Marquee",
            mail.last_error,
        )
        for mail in mails
        if mail.gave_up_at
    ]
    return sorted(told, key=lambda entry: entry.at)


def _seller(booking: Booking, words: "_Words") -> str:
    if booking.sale.operator_id:
        return words.names.get(staff_actor_name(booking.sale.operator_id, booking.sale.device_id), "")
    return "" if booking.sale.comp_reason else gettext("the customer")


def _beginning(booking: Booking) -> str:
    if booking.sale.comp_reason:
        return gettext("Staff gave these tickets away: %(comp_reason)s.") % {"comp_reason": booking.sale.comp_reason}
    if booking.sale.operator_id:
        paid = f", {booking.sale.get_paid_with_display().lower()}" if booking.sale.paid_with else ""
        return gettext("Sold at the counter: %(amount)s%(paid)s.") % {
            "amount": format_money(booking.total, booking.currency),
            "paid": paid,
        }
    return gettext("Pay was pressed: %(amount)s, mail to %(email)s.") % {
        "amount": format_money(booking.total, booking.currency),
        "email": booking.email,
    }


def _names(moves: Iterable[Move]) -> dict[str, str]:
    """The names of staff, and of the devices they used, by actor such as `staff:7@3`."""
    actors = {move.actor: number for move in moves if (number := user_id_of(move.actor)) is not None}
    emails = dict(User.objects.filter(pk__in=actors.values()).values_list("pk", "email"))
    devices = Device.objects.in_bulk({number for actor in actors if (number := device_id_of(actor)) is not None})
    places = {actor: devices.get(device_id_of(actor) or 0) for actor in actors}
    return {
        actor: f"{emails[number]}, {place.name}" if (place := places[actor]) else emails[number]
        for actor, number in actors.items()
        if number in emails
    }


class _Words:
    def __init__(
        self, tickets: list[Ticket], payments: list[Payment], refunds: list[Refund], names: dict[str, str]
    ) -> None:
        self.seats = {ticket.pk: ticket.seat.label for ticket in tickets}
        money: dict[str, list[Payment] | list[Refund]] = {"payment": payments, "refund": refunds, "retry": refunds}
        self.amounts = {
            (what, row.pk): format_money(row.amount, row.currency) for what, rows in money.items() for row in rows
        }
        self.names = names

    def entry(self, moves: list[Move]) -> HistoryEntry:
        first = moves[0]
        says = SAYS.get((first.what, first.to_status)) or SAYS.get((first.what, ""))
        text = (
            says
            or f"{first.what.capitalize()} {first.what_id}: {first.from_status.lower()} → {first.to_status.lower()}."
        )
        seats = ", ".join(
            self.seats[move.what_id] for move in moves if move.what == "ticket" and move.what_id in self.seats
        )
        amount = self.amounts.get((first.what, first.what_id), "")
        who = self.names.get(first.actor) or (WHO | provider_names()).get(first.actor, first.actor)
        return HistoryEntry(
            first.at,
            text.format(seats=seats, amount=amount, old=first.from_status, new=first.to_status),
            who,
            first.note,
        )
