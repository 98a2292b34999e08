"""The money book: what came in and went back, as the provider confirmed it or the counter did it, and what banks took back."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from payments.books.ledger_export.export_line import ExportLine, Window, batches_of_moves
from payments.models import Dispute, Payment, Refund
from payments.states import DisputeStatus, PaymentMethod, PaymentStatus, RefundStatus
from reservations.models import Move

MONEY = "money"
OF_THEATER = "sale__theater"


def payments(window: Window) -> Iterator[ExportLine]:
    """Yield each payment when its money came. A dispute that we won is not a second payment."""
    for moves in batches_of_moves(window, "payment", PaymentStatus.SUCCEEDED):
        captured = [move for move in moves if move.from_status != PaymentStatus.DISPUTED]
        rows = Payment.objects.filter(**{OF_THEATER: window.theater}).select_related("sale")
        rows = rows.exclude(method=PaymentMethod.MOVED_IN)
        found = rows.in_bulk([move.what_id for move in captured])
        for move in captured:
            if payment := found.get(move.what_id):
                yield ExportLine(
                    move.at, MONEY, "payment", payment.sale.reference, payment.taken_currency, payment.taken,
                    payment=payment.provider_id or payment.key, method=payment.method,
                )  # fmt: skip
                if payment.rounding:
                    yield _rounding_line(move, payment, payment.rounding)


def refunds(window: Window) -> Iterator[ExportLine]:
    """Yield each refund that arrived; if the bank sends it back, that is another line later."""
    for moves in batches_of_moves(window, "refund", RefundStatus.SUCCEEDED, RefundStatus.FAILED):
        moved = [move for move in moves if RefundStatus.SUCCEEDED in {move.to_status, move.from_status}]
        rows = Refund.objects.filter(**{f"payment__{OF_THEATER}": window.theater}).select_related("payment__sale")
        rows = rows.exclude(method=PaymentMethod.MOVED_IN)
        found = rows.in_bulk([move.what_id for move in moved])
        for move in moved:
            if refund := found.get(move.what_id):
                yield _refund_line(move, refund)
                if refund.rounding:
                    yield replace(
                        _rounding_line(move, refund.payment, -refund.rounding), refund=refund.key, method=refund.method
                    )


def _rounding_line(move: Move, payment: Payment, amount: Decimal) -> ExportLine:
    """What coins added to the cash in the drawer, or took off it: money, but no sale and no tax."""
    return ExportLine(
        move.at, MONEY, "cash rounding", payment.sale.reference, payment.currency, amount, payment=payment.key,
        method=payment.method,
    )  # fmt: skip


def _refund_line(move: Move, refund: Refund) -> ExportLine:
    came = move.to_status == RefundStatus.SUCCEEDED
    return ExportLine(
        move.at, MONEY, "refund" if came else "refund returned", refund.payment.sale.reference, refund.currency,
        -refund.amount if came else refund.amount,
        payment=refund.payment.provider_id or refund.payment.key, refund=refund.provider_id or refund.key, method=refund.method,
    )  # fmt: skip


def disputes(window: Window) -> Iterator[ExportLine]:
    """Yield the disputes that a bank decided for the customer. Open ones still count as our money; if the bank takes one up
    again, that is another line later.
    """
    for moves in batches_of_moves(window, "dispute", DisputeStatus.LOST, DisputeStatus.OPEN):
        moved = [move for move in moves if DisputeStatus.LOST in {move.to_status, move.from_status}]
        rows = Dispute.objects.filter(**{f"payment__{OF_THEATER}": window.theater}).select_related("payment__sale")
        found = rows.in_bulk([move.what_id for move in moved])
        yield from (_dispute_line(move, found[move.what_id]) for move in moved if move.what_id in found)


def _dispute_line(move: Move, dispute: Dispute) -> ExportLine:
    lost, payment = move.to_status == DisputeStatus.LOST, dispute.payment
    return ExportLine(
        move.at, MONEY, "dispute lost" if lost else "dispute reopened", payment.sale.reference, dispute.currency,
        -dispute.amount if lost else dispute.amount,
        payment=payment.provider_id or payment.key, refund=dispute.provider_id, method=payment.method,
    )  # fmt: skip
