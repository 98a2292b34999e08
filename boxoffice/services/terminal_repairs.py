"""Repairs after a terminal gave money back although the void was then refused: notes at the sale for colleagues.

The books still say that the card paid, so either the amount is taken on the terminal once more, or the sale is voided
after all.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Sum
from django.utils.translation import gettext

from boxoffice.services.voids import Operator
from core.money import format_money, rounded
from core.refusals import Refusal
from payments.states import CAPTURED_PAYMENTS, PaymentMethod
from reservations.models import Booking, Ticket
from reservations.models.notes import LONGEST_NOTE
from reservations.records.notes import write_note
from reservations.states import TicketStatus
from sales.models import Sale
from staff.services.audit import record


@dataclass(frozen=True)
class TerminalRepair:
    """What the page offers when a void was refused after the terminal gave `amount` back."""

    amount: Decimal
    is_at_door: bool
    waits_as_pay_out: bool


def reversed_amount(sale: Sale, typed: str) -> Decimal:
    """What the page had asked to reverse; at most what was paid by the terminal. 0 for an invalid amount."""
    try:
        wanted = Decimal(typed)
    except InvalidOperation:
        return Decimal(0)
    paid = sale.payments.filter(method=PaymentMethod.TERMINAL, status__in=CAPTURED_PAYMENTS).aggregate(
        sum=Sum("amount")
    )
    is_amount = wanted.is_finite() and wanted > 0
    return rounded(min(wanted, paid["sum"] or Decimal(0)), sale.currency) if is_amount else Decimal(0)


def repair_of(sale: Sale, amount: Decimal) -> TerminalRepair:
    used = Ticket.objects.filter(booking__sale=sale, status=TicketStatus.USED)
    return TerminalRepair(amount, is_at_door=used.exists(), waits_as_pay_out=sale.refund_due > sale.paid_out)


def note_reversed_in_vain(*, booking: Booking, amount: Decimal, operator: Operator, refusal: Refusal) -> None:
    """Write a note about the reversal, so that the next person knows of it."""
    told = gettext("The terminal gave %(amount)s back, but the sale was not voided: %(why)s")
    text = told % {"amount": format_money(amount, booking.currency), "why": refusal.title}
    write_note(booking=booking, text=text[:LONGEST_NOTE], author_id=operator.user_id, actor=operator.actor)


def note_taken_again(*, booking: Booking, amount: Decimal, operator: Operator) -> None:
    """Note that the card paid again what the terminal had given back, so the sale agrees with the books."""
    shown = format_money(amount, booking.currency)
    text = gettext("Taken again on the terminal: %(amount)s.") % {"amount": shown}
    write_note(booking=booking, text=text, author_id=operator.user_id, actor=operator.actor)
    record(
        actor=operator.actor, action="take again on the terminal", thing=booking, theater=booking.sale.theater_id,
        after={"amount": shown},
    )  # fmt: skip
