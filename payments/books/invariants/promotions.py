"""Invariants of promo codes. A late payment may use a code once more than its limit; such bookings are not counted."""

from payments.books.invariants.rule import Invariant, listed
from reservations.states import PROMO_COUNTS

COUNTS = listed(PROMO_COUNTS)

PROMOTIONS = (
    Invariant(
        "promo_codes_within_their_limits",
        "No promo code is used more often than it may be, in all or by one customer.",
        """WITH counted AS MATERIALIZED (
               SELECT promo.code, promo.most_uses, promo.most_uses_each,
                      sale.contact_id, contact.customer, used.user_id
                 FROM reservations_promoredemption used
                 JOIN reservations_promocode promo ON promo.id = used.promo_code_id
                 JOIN reservations_booking booking ON booking.id = used.booking_id
                 JOIN sales_sale sale ON sale.id = booking.sale_id
                 JOIN sales_contact contact ON contact.id = sale.contact_id
                WHERE used.given_back_at IS NULL AND NOT booking.is_late
                  AND (promo.most_uses IS NOT NULL OR promo.most_uses_each IS NOT NULL))
           SELECT 'code ' || left(code, 2) || '••••' FROM counted GROUP BY code, most_uses HAVING count(*) > most_uses
           UNION ALL
           SELECT 'code ' || left(code, 2) || '••••' || ', contact ' || min(contact_id) FROM counted WHERE customer <> ''
            GROUP BY code, customer, most_uses_each HAVING count(*) > most_uses_each
           UNION ALL
           SELECT 'code ' || left(code, 2) || '••••' || ', account ' || user_id FROM counted WHERE user_id IS NOT NULL
            GROUP BY code, user_id, most_uses_each HAVING count(*) > most_uses_each""",
    ),
    Invariant(
        "redemptions_count_while_their_booking_lives",
        "A booking with a promo code has one redemption of it, which counts while the booking is pending or confirmed.",
        f"""SELECT 'booking ' || sale.reference FROM reservations_promoredemption used
             JOIN reservations_booking booking ON booking.id = used.booking_id
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE booking.promo_code_id IS DISTINCT FROM used.promo_code_id
               OR (used.given_back_at IS NULL) <> (booking.status IN ({COUNTS}))
           UNION ALL
           SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE booking.promo_code_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM reservations_promoredemption WHERE booking_id = booking.id)""",
    ),
    Invariant(
        "discounts_are_on_the_tickets",
        "What a redemption took off is on its booking's tickets to the coin. Any other has a reason of staff or was moved in.",
        """SELECT 'booking ' || sale.reference
             FROM (SELECT booking_id, sum(discount) AS discount FROM reservations_ticket
                    WHERE discount > 0 GROUP BY booking_id) sold
             FULL JOIN reservations_promoredemption used ON used.booking_id = sold.booking_id
             JOIN reservations_booking booking ON booking.id = coalesce(sold.booking_id, used.booking_id)
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE sold.discount IS DISTINCT FROM used.discount
              AND NOT (used.id IS NULL AND (sale.override_reason <> '' OR sale.channel = 'MOVED_IN'))""",
    ),
    Invariant(
        "prices_are_the_sum_of_their_parts",
        "A ticket's price is its list price and what price rules changed, less its discount; older tickets tell no parts.",
        """SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             CROSS JOIN LATERAL (SELECT coalesce(sum((change ->> 'amount')::numeric), 0) AS amount
                                   FROM jsonb_array_elements(ticket.price_changes) change) changed
            WHERE ticket.list_price IS NOT NULL
              AND ticket.list_price + changed.amount - ticket.discount <> ticket.price
               OR ticket.list_price IS NULL AND ticket.price_changes <> '[]'""",
    ),
)
