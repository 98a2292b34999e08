"""The content of receipts and credit notes: texts and amounts, to be stored as JSON and printed years later."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from core.actors import user_id_of
from core.clock import in_zone
from core.money import format_money, price_parts, rounded, tax_included
from core.texts.directions import side_by_side
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_clock, format_day, format_moment, format_number, format_percent, zone_name
from reservations.models import Booking, Cancellation, Exchange, Paper, Ticket
from reservations.price_changes import summed
from reservations.selectors.bookings import is_exchanged
from reservations.selectors.sellers import seller_of
from reservations.states import CancelCause, ExchangeStatus
from sales.states import PaidWith
from theaters.cash_rounding import rounding_of_refund
from theaters.models import Showtime
from theaters.seat_labels import is_place, section_in_words

ZERO = Decimal(0)
PAID: dict[str, str] = {
    PaidWith.CASH: _("Paid in cash"),
    PaidWith.TERMINAL: _("Paid by card at the counter"),
    "": _("Paid by card"),
}


@dataclass(frozen=True)
class PaperLink:
    name: str
    url: str


def paper_links(
    booking: Booking,
    *,
    receipt_page: str = "receipt",
    note_page: str = "credit_note",
    exchange_page: str = "exchange_receipt",
) -> tuple[PaperLink, ...]:
    """The receipt, one for each exchange, and a credit note for each cancellation that gave something back, at addresses
    with these names."""
    if booking.confirmed_at is None or not booking.total:
        return ()
    receipt = PaperLink(gettext("Receipt (PDF)"), reverse(receipt_page, args=[booking.reference]))
    has_exchange = booking.is_one_of_several or any(is_exchanged(ticket) for ticket in booking.tickets.all())
    if not (booking.sale.refund_due or has_exchange):
        return (receipt,)
    done = enumerate(Cancellation.objects.filter(booking__sale=booking.sale_id).order_by("pk"), start=1)
    notes = [
        PaperLink(
            gettext("Credit note of %(amount)s (PDF)") % {"amount": format_money(one.refunded, one.currency)},
            reverse(note_page, args=[booking.reference, position]),
        )
        for position, one in done
        if one.refunded
    ]
    return (receipt, *(_exchange_links(booking, exchange_page) if has_exchange else ()), *notes)


def _exchange_links(booking: Booking, page: str) -> list[PaperLink]:
    return [
        PaperLink(
            gettext("Receipt of %(amount)s (PDF)")
            % {"amount": format_money(sum((line.price for line in exchange.lines.all()), ZERO), booking.currency)},
            reverse(page, args=[booking.reference, position]),
        )
        for position, exchange in enumerate(exchanges_of(booking.sale_id), start=1)
    ]


def exchanges_of(sale_id: int) -> list[Exchange]:
    """The completed exchanges of a sale with their lines, oldest first."""
    done = Exchange.objects.filter(booking__sale=sale_id, status=ExchangeStatus.DONE).order_by("ended_at", "pk")
    return list(done.prefetch_related("lines"))


@dataclass(frozen=True)
class TaxLine:
    """The sums at one tax rate of a receipt or credit note. `fee` is the part of the net that is a booking fee."""

    rate: Decimal
    net: Decimal
    fee: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.fee + self.tax


def receipt_content(bookings: Sequence[Booking]) -> dict[str, Any]:
    """All tickets of a sale as sold, whether or not they were canceled since. The bookings come with their names and
    tickets.
    """
    booking = bookings[0]
    tickets = [ticket for each in bookings for ticket in each.tickets.all()]
    lines = [_line_of_sale(ticket, each, bookings) for each in bookings for ticket in each.tickets.all()]
    taxes = [
        _tax_line(ticket.tax_rate, ticket.price, ticket.fee, ticket.currency, tax=ticket.tax) for ticket in tickets
    ]
    assert booking.confirmed_at is not None
    return _head(*bookings) | {
        "on": _day(booking.confirmed_at, booking),
        "lines": lines,
        "price_rules": _price_rules(tickets),
        "discount": _discount(booking, tickets),
        "taxes": _by_rate(taxes, booking.currency),
        "total": _text(sum((each.total for each in bookings), ZERO), booking.currency),
        **_in_coins(booking.sale.total, booking.sale.cash_rounding, booking.currency),
        "paid": str(PAID.get(booking.sale.paid_with, _("Paid"))),
        **_served(booking.confirmed_at, booking, booking.sale.operator_id),
    }


def _in_coins(total: Decimal, rounding: Decimal, currency: str) -> dict[str, str]:
    """What the coins of the country made of a total that was paid, or given back, in cash; {} when it was exact."""
    if not rounding:
        return {}
    return {"rounding": _text(rounding, currency), "in_coins": _text(total + rounding, currency)}


def exchange_receipt_content(exchange: Exchange, tickets: Sequence[Ticket], receipt: Paper) -> dict[str, Any]:
    """The new tickets of an exchange at their whole price. They come with their booking and its names, and their seats."""
    booking = tickets[0].booking
    assert exchange.cancellation is not None and exchange.ended_at is not None, "it is done"
    total, credit = sum((ticket.price for ticket in tickets), ZERO), exchange.cancellation.refunded
    given = {"amount": _text(min(total, credit), booking.currency)}
    if total <= credit:
        paid = gettext("Paid with exchanged tickets")
    elif exchange.paid_with == PaidWith.CASH:
        paid = gettext("Paid with exchanged tickets (%(amount)s) and in cash")
    else:
        paid = gettext("Paid with exchanged tickets (%(amount)s) and by card")
    return _head(booking) | {
        "on": _day(exchange.ended_at, booking),
        "receipt": receipt.name,
        "receipt_on": receipt.content["on"],
        "lines": [_line(ticket, rounded(ticket.price, ticket.currency)) for ticket in tickets],
        "price_rules": _price_rules(tickets),
        "discount": {},
        "taxes": _by_rate(
            [
                _tax_line(ticket.tax_rate, ticket.price, ticket.fee, ticket.currency, tax=ticket.tax)
                for ticket in tickets
            ],
            booking.currency,
        ),
        "total": _text(total, booking.currency),
        **_in_coins(total, exchange.cash_rounding, booking.currency),
        "paid": paid % given,
    }


def _line_of_sale(ticket: Ticket, booking: Booking, bookings: Sequence[Booking]) -> dict[str, str]:
    """The line of a ticket; it names the movie when the sale has several showtimes."""
    line = _line(ticket, rounded(ticket.price, ticket.currency))
    return (
        line
        if len(bookings) == 1
        else line | {"what": side_by_side((booking.showtime.shown_title, line["what"]), ": ")}
    )


def _price_rules(tickets: Sequence[Ticket]) -> list[dict[str, str]]:
    """What price rules added to these tickets or took off them; the amounts of the lines include it."""
    changes = summed(change for ticket in tickets for change in ticket.changes)
    return [
        {
            "what": gettext("%(rule)s: in these prices already") % {"rule": change.shown_name},
            "amount": _text(change.amount, tickets[0].currency),
        }
        for change in changes
    ]


def _discount(booking: Booking, tickets: list[Ticket]) -> dict[str, str]:
    """What was taken off the full prices, and by which code; {} when nothing was. The amounts of the lines are without
    it.
    """
    amount = sum((ticket.discount for ticket in tickets), ZERO)
    if not amount:
        return {}
    if booking.promo_code:
        what = gettext("Discount, promo code %(code)s: taken off already") % {"code": booking.promo_code.masked_code}
    else:
        what = gettext("Discount: taken off already")
    return {"what": what, "amount": _text(-amount, booking.currency)}


def credit_note_content(booking: Booking, cancellation: Cancellation, receipt: Paper) -> dict[str, Any]:
    """The content of a credit note: what each canceled ticket gave back. Fees that were kept stay on the receipt, with
    their tax.
    """
    rows = list(cancellation.lines.select_related("ticket__seat").order_by("ticket__seat_id"))
    taxes = []
    for row in rows:
        is_whole = row.refunded == row.ticket.price
        fee = row.ticket.fee if is_whole else ZERO
        taxes.append(_tax_line(row.ticket.tax_rate, row.refunded, fee, row.ticket.currency, tax=row.refunded_tax))
    lines = [_line(row.ticket, row.refunded) for row in rows]
    if cancellation.cause == CancelCause.GOODWILL:
        lines, taxes = _goodwill(booking, cancellation)
    return _head(booking) | {
        "on": _day(cancellation.at, booking),
        "receipt": receipt.name,
        "receipt_on": receipt.content["on"],
        "lines": lines,
        "taxes": _by_rate(taxes, booking.currency),
        "total": _text(cancellation.refunded, booking.currency),
        **_in_coins(cancellation.refunded, cancellation.cash_rounding, booking.currency),
        **_in_coins_later(booking, cancellation),
        "paid": _given_back(booking, cancellation),
        "kept": _text(cancellation.kept, booking.currency) if cancellation.kept else "",
        **_served(cancellation.at, booking, _operator_id_of(cancellation)),
    }


def _in_coins_later(booking: Booking, cancellation: Cancellation) -> dict[str, str]:
    """What the drawer will hand out, of money that was paid in cash and is paid out later. {} when it is exact."""
    if booking.sale.paid_with != PaidWith.CASH or cancellation.cause in (CancelCause.VOID, CancelCause.EXCHANGE):
        return {}
    country = booking.showtime.auditorium.theater.country
    rounding = rounding_of_refund(cancellation.refunded, country=country, currency=booking.currency)
    return {"in_cash": _text(cancellation.refunded + rounding, booking.currency)} if rounding else {}


def _given_back(booking: Booking, cancellation: Cancellation) -> str:
    if cancellation.cause == CancelCause.EXCHANGE:
        return gettext("Counted for other tickets, or given back")
    return gettext("Given back at the counter") if booking.sale.paid_with else gettext("Given back")


def _operator_id_of(cancellation: Cancellation) -> int | None:
    """The operator who voided the sale at the counter; None for other cancellations."""
    return user_id_of(cancellation.actor) if cancellation.cause == CancelCause.VOID else None


def _served(at: datetime, booking: Booking, operator_id: int | None) -> dict[str, str]:
    """When and by whom the counter served; a number when no name is on record, never an e-mail address."""
    if operator_id is None:
        return {}
    time = format_clock(in_zone(at, booking.showtime.auditorium.theater.zone))
    operator = User.objects.get(pk=operator_id).get_full_name() or str(operator_id)
    return {"time": time, "operator": operator, "device": booking.sale.device.name if booking.sale.device else ""}


def _goodwill(booking: Booking, cancellation: Cancellation) -> tuple[list[dict[str, str]], list[TaxLine]]:
    """The lines of a goodwill refund: a reduction of the whole price, at the sale's single rate."""
    rate = booking.tickets.values_list("tax_rate", flat=True)[0]
    amount, currency = cancellation.refunded, cancellation.currency
    line = {
        "what": str(cancellation.get_cause_display()),
        "rate": format_percent(rate),
        "amount": _text(amount, currency),
    }
    return [line], [_tax_line(rate, amount, ZERO, currency, tax=tax_included(amount, rate, currency))]


def _head(*bookings: Booking) -> dict[str, Any]:
    """The head of a paper, without the buyer, whose address is in the contact of the sale."""
    booking = bookings[0]
    theater = booking.showtime.auditorium.theater
    seller = seller_of(theater)
    return {
        "seller": list(seller.lines),
        "theater": theater.shown_name,
        "tax_number": seller.tax_number,
        "reference": booking.reference,
        "show": side_by_side((_show(each.showtime) for each in bookings), "; "),
        "currency": booking.currency,
    }


def _show(showtime: Showtime) -> str:
    starts_at = in_zone(showtime.starts_at, showtime.auditorium.theater.zone)
    when = f"{format_moment(starts_at, 'date')} {zone_name(starts_at)}"
    return side_by_side((showtime.shown_title, when, showtime.auditorium.shown_name))


def _line(ticket: Ticket, amount: Decimal) -> dict[str, str]:
    seat = {
        "row": ticket.seat.row,
        "seat": ticket.seat.number,
        "type": ticket.type_text,
        "section": section_in_words(ticket.seat.section),
    }
    if is_place(ticket.seat.label):
        what = gettext("Ticket, %(section)s, unreserved, %(type)s") % seat
    elif ticket.seat.section:
        what = gettext("Ticket, %(section)s, row %(row)s seat %(seat)s, %(type)s") % seat
    else:
        what = gettext("Ticket, row %(row)s seat %(seat)s, %(type)s") % seat
    if ticket.discount:
        full = _text(ticket.full_price, ticket.currency)
        what = gettext("%(what)s (full price %(amount)s)") % {"what": what, "amount": full}
    return {"what": what, "rate": format_percent(ticket.tax_rate), "amount": _text(amount, ticket.currency)}


def _tax_line(rate: Decimal, gross: Decimal, fee: Decimal, currency: str, *, tax: Decimal) -> TaxLine:
    parts = price_parts(gross, tax=tax, rate=rate, fee=fee, currency=currency)
    return TaxLine(rate=rate, net=parts.net, fee=parts.fee, tax=tax)


def _by_rate(lines: Iterable[TaxLine], currency: str) -> list[dict[str, str]]:
    """Sum up lines by tax rate. Nothing is ever computed from a sum."""
    found: dict[Decimal, list[TaxLine]] = defaultdict(list)
    for line in lines:
        found[line.rate.normalize()].append(line)
    return [
        {
            "rate": format_percent(rate),
            "net": _text(sum((line.net for line in same), ZERO), currency),
            "fee": _text(sum((line.fee for line in same), ZERO), currency),
            "tax": _text(sum((line.tax for line in same), ZERO), currency),
            "gross": _text(sum((line.gross for line in same), ZERO), currency),
        }
        for rate, same in sorted(found.items())
    ]


def _text(amount: Decimal, currency: str) -> str:
    return format_number(rounded(amount, currency))


def _day(moment: datetime, booking: Booking) -> str:
    return format_day(in_zone(moment, booking.showtime.auditorium.theater.zone), "date")
