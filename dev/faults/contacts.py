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
        '    return Sale.objects.select_related("contact").get(pk=sale_id)',
        """\
    sales = Sale.objects.select_related("contact").select_for_update(no_key=True, of=("self",))
    return sales.get(pk=sale_id)""",
        "tests/race/test_posts_at_once.py::test_erase_what_a_guest_bought",
    ),
)
