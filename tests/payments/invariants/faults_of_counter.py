"""Faults of sales at the counter and of the money in its drawer."""

from reservations.models import MovedInTicket
from sales.models import Sale
from tests.devices import make_device
from tests.factories import make_staff, make_theater
from tests.payments.invariants.faults import breaks, copied, one, sql, unguarded
from tests.payments.invariants.faults_of_money import BOOKINGS, PAYMENTS, REFUNDS, SALES, payment_of

PAID_OUT = f"SELECT min(id) FROM {REFUNDS} WHERE payment_id = %s AND status = 'SUCCEEDED'"


@breaks("counter_money_never_meets_a_provider")
def cash_has_an_id_of_stripe(world):
    unguarded(PAYMENTS, "payment_online_or_of_the_counter")
    sql(f"UPDATE {PAYMENTS} SET provider_id = 'pi_cash' WHERE id = %s", payment_of(world.counter))
    return f"payment {payment_of(world.counter)}"


@breaks("counter_money_never_meets_a_provider")
def cash_was_sent_to_provider(world):
    unguarded(REFUNDS, "refund_online_or_of_the_counter")
    pk = one(PAID_OUT, payment_of(world.counter))
    sql(f"UPDATE {REFUNDS} SET status = 'SUBMITTED', ended_at = NULL WHERE id = %s", pk)
    return f"refund {pk}"


@breaks("counter_money_never_meets_a_provider")
def cash_goes_back_to_a_card(world):
    unguarded(REFUNDS, "refund_online_or_of_the_counter")
    pk = one(PAID_OUT, payment_of(world.counter))
    sql(f"UPDATE {REFUNDS} SET method = 'ONLINE', provider_id = 're_cash' WHERE id = %s", pk)
    return f"refund {pk}"


@breaks("counter_sales_are_paid_as_they_say")
def a_sale_says_another_way(world):
    unguarded(BOOKINGS)
    sql(f"UPDATE {SALES} SET paid_with = 'TERMINAL' WHERE id = %s", world.counter.sale_id)
    return f"booking {world.counter.reference}"


@breaks("cash_is_rounded_to_coins")
def a_payment_is_rounded_and_its_sale_is_not(world):
    unguarded(PAYMENTS)
    sql(f"UPDATE {PAYMENTS} SET rounding = 0.02, tendered = NULL WHERE id = %s", payment_of(world.counter))
    return f"booking {world.counter.reference}"


@breaks("cash_is_rounded_to_coins")
def a_refund_is_rounded_by_more_than_any_coin(world):
    unguarded(REFUNDS, "refund_rounding_is_of_cash")
    pk = one(PAID_OUT, payment_of(world.counter))
    sql(f"UPDATE {REFUNDS} SET rounding = 9 WHERE id = %s", pk)
    return f"refund {pk}"


@breaks("moved_in_sales_are_paid_elsewhere")
def a_ticket_of_the_counter_has_an_old_barcode(world):
    ticket = world.counter.tickets.earliest("pk")
    theater = ticket.showtime.auditorium.theater
    MovedInTicket.objects.create(theater=theater, ticket=ticket, barcode="12345", code=ticket.code)
    return f"ticket {ticket.pk}"


@breaks("counter_sales_are_paid_as_they_say")
def a_sale_brought_no_money(world):
    unguarded(SALES, "sales_sale_contact_id_key")
    gone = {"paid_with": "", "refund_due": 0, "paid_out": 0, "override_reason": ""}
    sale = copied(SALES, world.counter.sale_id, reference="AAAA-AAAA", **gone)
    dead = {"status": "EXPIRED", "confirmed_at": None, "ended_at": "2026-01-01T00:00Z"}
    copied(BOOKINGS, world.counter.pk, sale_id=sale, **dead)
    return "booking AAAA-AAAA"


@breaks("counter_sales_are_paid_as_they_say")
def a_sale_was_paid_twice(world):
    copied(PAYMENTS, payment_of(world.counter), key="another")
    return f"booking {world.counter.reference}"


@breaks("counter_sales_are_paid_as_they_say")
def somebody_else_took_the_money(world):
    unguarded(PAYMENTS)
    sql(f"UPDATE {PAYMENTS} SET operator_id = %s WHERE id = %s", make_staff("DOOR").pk, payment_of(world.counter))
    return f"booking {world.counter.reference}"


@breaks("counter_sales_are_paid_as_they_say")
def the_money_went_into_another_drawer(world):
    unguarded(PAYMENTS)
    device = make_device(Sale.objects.get(pk=world.counter.sale_id).theater)
    sql(f"UPDATE {PAYMENTS} SET device_id = %s WHERE id = %s", device.pk, payment_of(world.counter))
    return f"booking {world.counter.reference}"


@breaks("money_is_in_a_drawer_of_its_theater")
def money_left_the_drawer_of_another_theater(world):
    unguarded(REFUNDS)
    pk = one(PAID_OUT, payment_of(world.counter))
    sql(f"UPDATE {REFUNDS} SET device_id = %s WHERE id = %s", make_device(make_theater()).pk, pk)
    return f"refund {pk}"


@breaks("what_was_paid_out_is_written_down")
def a_booking_says_more_was_paid_out(world):
    unguarded(SALES, "sale_paid_out_was_owed")
    sql(f"UPDATE {SALES} SET paid_out = paid_out + 1 WHERE id = %s", world.counter.sale_id)
    return f"booking {world.counter.reference}"


@breaks("what_was_paid_out_is_written_down")
def money_was_paid_out_and_the_booking_does_not_say_so(world):
    sql(f"UPDATE {SALES} SET paid_out = 0 WHERE id = %s", world.counter.sale_id)
    return f"booking {world.counter.reference}"


@breaks("what_was_paid_out_is_written_down")
def nobody_paid_it_out(world):
    unguarded(REFUNDS, "refund_online_or_of_the_counter")
    sql(f"UPDATE {REFUNDS} SET operator_id = NULL WHERE id = %s", one(PAID_OUT, payment_of(world.counter)))
    return f"booking {world.counter.reference}"


@breaks("house_seats_are_held_by_staff_alone")
def a_customer_holds_a_house_seat(world):
    seats = "reservations_showtimeseat"
    sql(f"UPDATE {seats} SET house_reason = 'Press' WHERE hold_id = %s AND label = 'C3'", world.hold.pk)
    return f"showtime {world.showtime.pk}, seat C3"


@breaks("broken_rules_are_in_the_audit_log")
def a_rule_was_broken_and_nobody_can_read_why(world):
    unguarded("staff_auditentry")
    sql("DELETE FROM staff_auditentry WHERE what_id = %s AND what = 'reservations.booking'", world.counter.pk)
    return f"booking {world.counter.reference}"
