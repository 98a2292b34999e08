"""Invariants of provider events and mails."""

from payments.books.invariants.rule import Invariant, listed
from payments.states import CAPTURED_PAYMENTS

CAPTURED = listed(CAPTURED_PAYMENTS)

EVENTS_AND_MAILS = (
    Invariant(
        "provider_events_are_done",
        "No event of a provider waits for more than two minutes, but for those that were set aside.",
        """SELECT 'event ' || provider_id FROM payments_providerevent
            WHERE done_at IS NULL AND set_aside_at IS NULL AND received_at < clock_timestamp() - interval '2 minutes'""",
    ),
    Invariant(
        "provider_events_set_aside_are_decided",
        "A person decides about an event of a provider that was set aside within a day.",
        """SELECT 'event ' || provider_id FROM payments_providerevent
            WHERE done_at IS NULL AND set_aside_at < clock_timestamp() - interval '1 day'""",
    ),
    Invariant(
        "provider_events_are_stored_once",
        "A delivery of a provider is stored, and so acted on, once.",
        """SELECT 'event ' || provider_id FROM payments_providerevent GROUP BY provider, provider_id HAVING count(*) > 1""",
    ),
    Invariant(
        "provider_events_are_not_swallowed",
        "An event that says one of our payments was paid is only done when that money is in our books.",
        # Begins with unpaid payments, which are few, and finds their events by the index event_by_payment_key.
        f"""SELECT 'event ' || event.provider_id FROM payments_payment payment
             JOIN payments_providerevent event
               ON event.payment_key = payment.key AND event.payment_key <> '' AND event.provider = payment.provider
            WHERE payment.status NOT IN ({CAPTURED}) AND event.done_at IS NOT NULL AND event.says_paid""",
    ),
    Invariant(
        "contacts_are_forgotten_in_time",
        "No contact is kept for a week longer than its house says; the job that forgets ran within two days, once it has run.",
        """SELECT 'sale ' || sale.reference FROM sales_contact contact
             JOIN sales_sale sale ON sale.contact_id = contact.id
             JOIN houses_theater theater ON theater.id = sale.theater_id
             JOIN houses_house house ON house.id = theater.house_id
            WHERE contact.emptied_at IS NULL AND (contact.email <> '' OR contact.payer_name <> '')
              AND sale.created_at < clock_timestamp() - make_interval(months => house.contact_months, days => 7)
              AND NOT EXISTS (SELECT FROM reservations_booking booking
                                JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
                               WHERE booking.sale_id = sale.id AND showtime.ends_at
                                     >= clock_timestamp() - make_interval(months => house.contact_months, days => 7))
           UNION ALL SELECT 'the night after ' || max(began_at) FROM payments_retentionrun
           HAVING max(began_at) < clock_timestamp() - interval '2 days'""",
    ),
    Invariant(
        "one_confirmation_mail",
        "Every confirmed booking has exactly one confirmation mail, but for those without an address and those moved in.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id JOIN sales_contact contact ON contact.id = sale.contact_id
             LEFT JOIN reservations_outgoingmail mail ON mail.booking_id = booking.id AND mail.kind = 'CONFIRMATION'
            WHERE booking.status = 'CONFIRMED' AND sale.channel <> 'MOVED_IN'
            GROUP BY booking.id, sale.reference, contact.email, contact.emptied_at
           HAVING count(mail.id) <> (contact.email <> '')::int AND contact.emptied_at IS NULL""",
    ),
    Invariant(
        "tickets_are_mailed_to_the_confirmed_alone",
        "No booking that never was confirmed has a confirmation mail.",
        """SELECT 'mail ' || mail.id FROM reservations_outgoingmail mail
             JOIN reservations_booking booking ON booking.id = mail.booking_id
            WHERE mail.kind = 'CONFIRMATION' AND booking.confirmed_at IS NULL""",
    ),
    Invariant(
        "mail_goes_out",
        "No mail is due for ten minutes without a try or waits for more than a day; none was given up for a showtime to come.",
        # Mail that the receiving server refused for good breaks no invariant; the office sees it on the dashboard.
        """SELECT 'mail ' || mail.id FROM reservations_outgoingmail mail
             JOIN reservations_booking booking ON booking.id = mail.booking_id
             JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
             LEFT JOIN sales_contact contact ON contact.id = mail.contact_id
            WHERE mail.sent_at IS NULL AND NOT mail.is_refused AND contact.emptied_at IS NULL
              AND CASE WHEN mail.gave_up_at IS NULL
                       THEN mail.try_at < clock_timestamp() - interval '10 minutes'
                            OR mail.created_at < clock_timestamp() - interval '1 day'
                       ELSE showtime.ends_at > clock_timestamp() END""",
    ),
)
