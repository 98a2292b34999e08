"""Faults of promo codes."""

from accounts.models import User
from tests.factories import make_promo
from tests.payments.invariants.faults import breaks, copied, one, sql, unguarded
from tests.payments.invariants.faults_of_seats import ticket_of

CODES = "reservations_promocode"
USES = "reservations_promoredemption"
BOOKINGS = "reservations_booking"
TICKETS = "reservations_ticket"


def use_of(booking) -> int:
    return one(f"SELECT id FROM {USES} WHERE booking_id = %s", booking.pk)


def used_again(world) -> None:
    """Let the same customer use it for another booking too. That is no fault as long as the code allows it."""
    copied(USES, use_of(world.discounted), booking_id=world.confirmed.pk)
    sql("UPDATE sales_contact SET customer = 'ada@example.com' WHERE id = %s", world.discounted.sale.contact_id)
    sql("UPDATE sales_contact SET customer = 'ada@example.com' WHERE id = %s", world.confirmed.sale.contact_id)


@breaks("promo_codes_within_their_limits")
def a_code_was_used_too_often(world):
    used_again(world)
    sql(f"UPDATE {CODES} SET most_uses = 1")
    return f"code {world.discounted.promo_code.masked_code}"


@breaks("promo_codes_within_their_limits")
def a_customer_used_a_code_too_often(world):
    used_again(world)
    sql(f"UPDATE {CODES} SET most_uses = NULL, most_uses_each = 1")
    first = min(world.discounted.sale.contact_id, world.confirmed.sale.contact_id)
    return f"code {world.discounted.promo_code.masked_code}, contact {first}"


@breaks("promo_codes_within_their_limits")
def an_account_used_a_code_too_often(world):
    used_again(world)
    user = User.objects.create_user("somebody@example.com", "x").pk
    sql(f"UPDATE {CODES} SET most_uses = NULL, most_uses_each = 1")
    unguarded(USES)
    sql(f"UPDATE {USES} SET user_id = %s", user)
    sql("UPDATE sales_contact SET customer = '' WHERE id = %s", world.confirmed.sale.contact_id)
    return f"code {world.discounted.promo_code.masked_code}, account {user}"


@breaks("redemptions_count_while_their_booking_lives")
def a_redemption_is_missing(world):
    sql(f"DELETE FROM {USES} WHERE id = %s", use_of(world.discounted))
    return f"booking {world.discounted.reference}"


@breaks("redemptions_count_while_their_booking_lives")
def a_redemption_was_given_back_though_the_booking_lives(world):
    sql(f"UPDATE {USES} SET given_back_at = clock_timestamp() WHERE id = %s", use_of(world.discounted))
    return f"booking {world.discounted.reference}"


@breaks("redemptions_count_while_their_booking_lives")
def a_redemption_of_an_expired_booking_still_counts(world):
    unguarded(USES)
    sql(f"UPDATE {USES} SET booking_id = %s WHERE id = %s", world.expired.pk, use_of(world.discounted))
    code = world.discounted.promo_code_id
    sql(f"UPDATE {BOOKINGS} SET promo_code_id = NULL WHERE id = %s", world.discounted.pk)
    sql(f"UPDATE {BOOKINGS} SET promo_code_id = %s WHERE id = %s", code, world.expired.pk)
    return f"booking {world.expired.reference}"


@breaks("redemptions_count_while_their_booking_lives")
def a_redemption_is_of_another_code(world):
    unguarded(USES)
    sql(f"UPDATE {USES} SET promo_code_id = %s WHERE id = %s", make_promo("OTHER").pk, use_of(world.discounted))
    return f"booking {world.discounted.reference}"


@breaks("redemptions_count_while_their_booking_lives")
def a_booking_forgot_its_code(world):
    sql(f"UPDATE {BOOKINGS} SET promo_code_id = NULL WHERE id = %s", world.discounted.pk)
    return f"booking {world.discounted.reference}"


@breaks("discounts_are_on_the_tickets")
def a_redemption_took_off_more_than_the_tickets_say(world):
    unguarded(USES)
    sql(f"UPDATE {USES} SET discount = discount + 0.01 WHERE id = %s", use_of(world.discounted))
    return f"booking {world.discounted.reference}"


@breaks("prices_are_the_sum_of_their_parts")
def a_price_rule_changed_more_than_the_price(world):
    unguarded(TICKETS)
    change = '[{"kind": "SURCHARGE", "name": "3D", "amount": "2.00", "names": {}}]'
    sql(f"UPDATE {TICKETS} SET price_changes = '{change}' WHERE id = %s", ticket_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("prices_are_the_sum_of_their_parts")
def a_ticket_without_a_list_price_has_changes(world):
    unguarded(TICKETS)
    change = '[{"kind": "SURCHARGE", "name": "3D", "amount": "0.00", "names": {}}]'
    sql(f"UPDATE {TICKETS} SET price_changes = '{change}', list_price = NULL WHERE id = %s", ticket_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("discounts_are_on_the_tickets")
def a_ticket_has_a_discount_that_nobody_redeemed(world):
    unguarded(TICKETS)
    sql(f"UPDATE {TICKETS} SET discount = 0.01 WHERE id = %s", ticket_of(world.confirmed))
    return f"booking {world.confirmed.reference}"
