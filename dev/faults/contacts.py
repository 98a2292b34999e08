"""Faults in what stands in contacts alone, and in what one reference leads to."""

from dev.faults.fault import Fault

ERASURE = "tests/sales/test_contact_erasure.py"
REFERENCE = "tests/sales/test_one_reference.py"

CONTACTS = (
    Fault(
        "A reference opens the first booking of its sale and hides the others",
        "    return sorted(found, key=lambda booking: booking.pk)\n",
        "    return sorted(found, key=lambda booking: booking.pk)[:1]\n",
        f"{REFERENCE}::test_every_page_with_a_reference_shows_both_or_asks_which",
    ),
    Fault(
        "The secret link opens one booking of its sale",
        "whole_sale = booking.sale.link_version, Booking.objects.filter(sale=booking.sale_id)",
        "whole_sale = booking.sale.link_version, Booking.objects.filter(pk=booking.pk)",
        f"{REFERENCE}::test_one_link_opens_both_and_a_new_one_closes_both",
    ),
    Fault(
        "Deliveries are stored with the person who paid",
        "for name, inner in value.items() if name not in PERSONAL}",
        "for name, inner in value.items()}",
        f"{ERASURE}::test_the_address_stands_in_contacts_alone",
    ),
    Fault(
        "The address that a sale had before is not erased",
        'contacts = {sale.contact_id, *mails.values_list("contact", flat=True)}',
        "contacts = {sale.contact_id}",
        f"{ERASURE}::test_when_they_are_emptied_no_table_has_a_trace_of_it",
    ),
    Fault(
        "An exchange begins the count of tickets sent again anew",
        "OutgoingMail.objects.filter(booking__sale__bookings=booking_id, kind=MailKind.RESENT)",
        "OutgoingMail.objects.filter(booking=booking_id, kind=MailKind.RESENT)",
        "tests/payments/refunds/test_cancel_by_link.py"
        "::test_the_bookings_of_one_sale_share_what_its_mailbox_gets_and_how_often_is_guessed",
    ),
    Fault(
        "An exchange begins the count of mailed receipts anew",
        "OutgoingMail.objects.filter(booking__sale__bookings=booking_id, kind=MailKind.RECEIPT)",
        "OutgoingMail.objects.filter(booking=booking_id, kind=MailKind.RECEIPT)",
        "tests/payments/refunds/test_cancel_by_link.py"
        "::test_the_bookings_of_one_sale_share_what_its_mailbox_gets_and_how_often_is_guessed",
    ),
    Fault(
        "An account that is erased twice is noted and mailed twice",
        "        if is_erased(user):\n            return False\n",
        "",
        "tests/race/test_posts_at_once.py::test_erase_an_account",
    ),
    Fault(
        "What a guest erases twice is noted and mailed twice",
        "        if sale.contact.emptied_at is not None:\n            return False\n",
        "",
        "tests/race/test_posts_at_once.py::test_erase_what_a_guest_bought",
    ),
    Fault(
        "A sale's contact is read before its lock",
        """\
    Sale.objects.select_for_update(no_key=True).values_list("pk").get(pk=sale_id)
    return Sale.objects.select_related("contact").get(pk=sale_id)""",
        """\
    sales = Sale.objects.select_related("contact").select_for_update(no_key=True, of=("self",))
    return sales.get(pk=sale_id)""",
        "tests/race/test_posts_at_once.py::test_erase_what_a_guest_bought",
    ),
    Fault(
        "Who has no cookie is the buyer of what has no holder",
        "is_buyer = bool(visitor.holder) and visitor.holder == booking.holder",
        "is_buyer = visitor.holder == booking.holder",
        "tests/reservations/links/test_proofs.py::test_no_cookie_is_not_the_browser_that_bought",
    ),
    Fault(
        "A proof stays good under a new link",
        "        booking=booking, holder=visitor.holder, link_version=booking.sale.link_version\n",
        "        booking=booking, holder=visitor.holder\n",
        "tests/reservations/links/test_proofs.py::test_a_proof_from_before_a_new_link_does_not_count",
    ),
    Fault(
        "Links that are over are mailed",
        "Booking.objects.link_works().filter(is_it,",
        "Booking.objects.filter(is_it,",
        "tests/reservations/links/test_proofs.py::test_no_link_is_mailed_that_is_over",
    ),
    Fault(
        "Each booking of a sale has its own count of found links",
        "booking__sale=booking.sale_id, kind=MailKind.FOUND",
        "booking=booking, kind=MailKind.FOUND",
        "tests/reservations/links/test_proofs.py::test_links_that_were_found_are_counted_for_the_whole_sale",
    ),
    Fault(
        "A renewed link keeps its random part",
        "    booking.sale.link_nonce = new_link_nonce()\n",
        "",
        "tests/reservations/links/test_proofs.py::test_a_new_link_has_another_random_part",
    ),
    Fault(
        "The payer's data has the code of a ticket that was given away",
        '"" if ticket.given_at or ticket.stays_empty else ticket.code',
        "ticket.code",
        "tests/payments/privacy/test_own_data.py"
        "::test_the_code_of_a_ticket_that_was_given_away_and_mails_to_staff_are_not_in_it",
    ),
    Fault(
        "Mails to staff are in a customer's data",
        "OutgoingMail.objects.filter(contact__isnull=False)",
        "OutgoingMail.objects",
        "tests/payments/privacy/test_own_data.py"
        "::test_the_code_of_a_ticket_that_was_given_away_and_mails_to_staff_are_not_in_it",
    ),
    Fault(
        "Data is erased while a payment is looked at",
        "Q(frozen_at__isnull=False) | Q(checking_since__isnull=False)",
        "Q(frozen_at__isnull=False)",
        "tests/payments/privacy/test_own_data.py::test_not_while_a_payment_is_looked_at_or_somebody_is_paying",
    ),
    Fault(
        "Requests for links outlive their account",
        "            LinkRequest.objects.filter(asked_for__iexact=email).delete()\n",
        "",
        "tests/payments/privacy/test_own_data.py::test_erasing_forgets_what_was_asked_for_and_allowed_too",
    ),
    Fault(
        "Who has money to come from a refund that failed is erased",
        "refunds.needing_a_person().exists() or called_off.exists()",
        "called_off.exists()",
        "tests/payments/privacy/test_own_data.py::test_not_while_money_is_owed_that_has_not_gone",
    ),
    Fault(
        "Who has money to come of a canceled showtime is erased",
        "refunds.needing_a_person().exists() or called_off.exists()",
        "refunds.needing_a_person().exists()",
        "tests/payments/privacy/test_own_data.py::test_not_while_money_is_owed_that_has_not_gone",
    ),
    Fault(
        "Who opened an older link of a booking is answered as who asked for the new one",
        'opened = renewed.filter(accesses__holder=holder, accesses__link_version=F("sale__link_version") - 1)',
        "opened = renewed.filter(accesses__holder=holder)",
        "tests/reservations/links/test_proofs.py::test_who_opened_an_older_link_is_not_told_that_a_new_one_went",
    ),
    Fault(
        "Mails of an account outlive it",
        "    AccountMail.objects.filter(to__in=emails).delete()\n",
        "",
        "tests/payments/privacy/test_own_data.py::test_needs_mails_sessions_and_the_password_go_with_the_account",
    ),
    Fault(
        "Needs of an account outlive it",
        "    SavedNeeds.objects.filter(user=user).update(needs=[], tells_staff=False)\n",
        "",
        "tests/payments/privacy/test_own_data.py::test_needs_mails_sessions_and_the_password_go_with_the_account",
    ),
    Fault(
        "Sessions of an account outlive it",
        '    Session.objects.filter(pk__in=sessions.values("session_key")).delete()\n',
        "",
        "tests/payments/privacy/test_own_data.py::test_needs_mails_sessions_and_the_password_go_with_the_account",
    ),
    Fault(
        "The password of an account outlives it",
        "    user.set_unusable_password()\n",
        "",
        "tests/payments/privacy/test_own_data.py::test_needs_mails_sessions_and_the_password_go_with_the_account",
    ),
    Fault(
        "A session elsewhere outlives its account",
        "    user.sessions_number += 1\n",
        "",
        "tests/payments/privacy/test_own_data.py::test_needs_mails_sessions_and_the_password_go_with_the_account",
    ),
    Fault(
        "Wrong codes are kept for ever",
        "            tries.filter(at__lte=from_now(-HOUR)).delete()\n",
        "",
        "tests/reservations/links/test_proofs.py::test_wrong_codes_are_forgotten_after_an_hour",
    ),
    Fault(
        "The code of a place that stays empty is among one's own data",
        '"" if ticket.given_at or ticket.stays_empty else ticket.code',
        '"" if ticket.given_at else ticket.code',
        "tests/payments/privacy/test_own_data.py::test_the_code_of_a_place_that_stays_empty_is_not_in_it",
    ),
    Fault(
        "A name that comes with late money is written into an erased contact",
        "    if session.payer_name and contact.emptied_at is None:",
        "    if session.payer_name:",
        "tests/payments/sessions/test_settlement.py::test_a_name_that_comes_after_the_contact_was_emptied_is_not_kept",
    ),
    Fault(
        "Seats that are held for friends are forgotten as soon as the show is over",
        "showtime__ends_at__lt=now - ONE_DAY",
        "showtime__ends_at__lt=now",
        "tests/payments/privacy/test_retention.py"
        "::test_what_friends_were_offered_goes_a_day_after_the_show_and_allowances_a_month",
    ),
    Fault(
        "What staff allowed one customer is forgotten as soon as the show is over",
        "TicketAllowance.objects.filter(showtime__ends_at__lt=months_before(now, 1))",
        "TicketAllowance.objects.filter(showtime__ends_at__lt=now)",
        "tests/payments/privacy/test_retention.py"
        "::test_what_friends_were_offered_goes_a_day_after_the_show_and_allowances_a_month",
    ),
    Fault(
        "What the provider answered keeps the address of an erased contact",
        'payments.exclude(last_error="").update(last_error="")',
        'payments.none().update(last_error="")',
        "tests/sales/test_contact_erasure.py::test_when_they_are_emptied_no_table_has_a_trace_of_it",
    ),
    Fault(
        "What staff allowed a customer keeps the address of an erased contact",
        "        TicketAllowance.objects.filter(showtime__bookings__sale=sale, customer=contact.customer).delete()\n",
        "",
        "tests/sales/test_contact_erasure.py::test_when_they_are_emptied_no_table_has_a_trace_of_it",
    ),
    Fault(
        "Data are erased while a bank disputes the payment",
        "Q(frozen_at__isnull=False) | Q(checking_since__isnull=False)",
        "Q(checking_since__isnull=False)",
        "tests/payments/privacy/test_own_data.py::test_not_while_a_payment_is_looked_at_or_somebody_is_paying",
    ),
    Fault(
        "Tickets that were canceled are mailed again",
        "        if booking.status != BookingStatus.CONFIRMED:\n            raise NoTickets\n",
        "",
        "tests/reservations/letters/test_tickets_again.py::test_nothing_is_sent_of_what_was_canceled",
    ),
    Fault(
        "A form of before renews the link again",
        "        if before is not None and before != booking.sale.link_version:\n            return\n        if not",
        "        if not",
        "tests/reservations/links/test_proofs.py"
        "::test_a_form_of_before_renews_nothing_and_a_form_without_a_number_does",
    ),
    Fault(
        "A form without the number of its link renews nothing",
        "        if before is not None and before != booking.sale.link_version:",
        "        if before != booking.sale.link_version:",
        "tests/reservations/links/test_proofs.py"
        "::test_a_form_of_before_renews_nothing_and_a_form_without_a_number_does",
    ),
)
