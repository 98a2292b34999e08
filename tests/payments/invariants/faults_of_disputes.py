"""Faults of money that banks move."""

from tests.payments.invariants.faults import breaks, sql
from tests.payments.invariants.faults_of_money import PAYMENTS, REFUNDS, SALES, payment_of, refund_of

DISPUTES = "payments_dispute"


@breaks("foreign_money_goes_back")
def money_in_dollars_stays(world):
    change = "captured_currency = 'USD', ended_at = now() - interval '11 min'"
    sql(f"ALTER TABLE {PAYMENTS} DISABLE TRIGGER USER")
    sql(f"UPDATE {PAYMENTS} SET {change} WHERE id = %s", payment_of(world.confirmed))
    return f"payment {payment_of(world.confirmed)}"


@breaks("foreign_money_goes_back")
def a_refund_of_dollars_failed(world):
    change = "captured_currency = 'USD', ended_at = now() - interval '11 min'"
    sql(f"ALTER TABLE {PAYMENTS} DISABLE TRIGGER USER")
    sql(f"UPDATE {PAYMENTS} SET {change} WHERE id = %s", payment_of(world.refunded))
    sql(f"UPDATE {REFUNDS} SET status = 'FAILED' WHERE id = %s", refund_of(world.refunded))
    return f"payment {payment_of(world.refunded)}"


@breaks("payments_are_disputed_with_a_dispute")
def a_payment_is_disputed_by_nobody(world):
    sql(f"UPDATE {PAYMENTS} SET status = 'DISPUTED' WHERE id = %s", payment_of(world.confirmed))
    return f"payment {payment_of(world.confirmed)}"


@breaks("payments_are_disputed_with_a_dispute")
def a_dispute_was_not_told_to_its_payment(world):
    sql(f"UPDATE {PAYMENTS} SET status = 'SUCCEEDED' WHERE id = %s", payment_of(world.disputed))
    return f"payment {payment_of(world.disputed)}"


@breaks("frozen_tickets_are_disputed")
def tickets_stayed_frozen_after_the_dispute(world):
    sql(f"UPDATE {DISPUTES} SET status = 'WON', ended_at = now() WHERE payment_id = %s", payment_of(world.disputed))
    return f"booking {world.disputed.reference}"


@breaks("frozen_tickets_are_disputed")
def a_dead_booking_is_frozen(world):
    sql(f"UPDATE {SALES} SET frozen_at = now() WHERE id = %s", world.refunded.sale_id)
    return f"booking {world.refunded.reference}"
