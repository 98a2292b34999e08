"""Invariants of money that others move: banks, and people in the provider's dashboard."""

from payments.books.invariants.rule import Invariant, listed
from payments.states import CAPTURED_PAYMENTS

DISPUTES = (
    Invariant(
        "foreign_money_goes_back",
        "Money that came in another currency than the booking's is in refunds, all of it, within ten minutes.",
        f"""SELECT 'payment ' || payment.id FROM payments_payment payment
            WHERE payment.status IN ({listed(CAPTURED_PAYMENTS)})
              AND payment.captured_currency <> payment.currency
              AND payment.ended_at < clock_timestamp() - interval '10 minutes'
              AND NOT EXISTS (SELECT 1 FROM payments_dispute WHERE payment_id = payment.id)
              AND payment.captured <> (SELECT coalesce(sum(amount), 0) FROM payments_refund
                                        WHERE payment_id = payment.id AND status <> 'FAILED')""",
    ),
    Invariant(
        "payments_are_disputed_with_a_dispute",
        "A payment is disputed exactly as long as a dispute over it is open or lost.",
        """SELECT 'payment ' || payment.id FROM payments_payment payment
             LEFT JOIN (SELECT DISTINCT payment_id FROM payments_dispute WHERE status IN ('OPEN', 'LOST')) disputed
               ON disputed.payment_id = payment.id
            WHERE (payment.status = 'DISPUTED') <> (disputed.payment_id IS NOT NULL)""",
    ),
    Invariant(
        "frozen_tickets_are_disputed",
        "Tickets are frozen only while a dispute over their booking's money is open, and only in confirmed bookings.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE sale.frozen_at IS NOT NULL
              AND (booking.status <> 'CONFIRMED'
                   OR NOT EXISTS (SELECT 1 FROM payments_dispute dispute
                                    JOIN payments_payment payment ON payment.id = dispute.payment_id
                                   WHERE payment.sale_id = booking.sale_id AND dispute.status = 'OPEN'))""",
    ),
)
