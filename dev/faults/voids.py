"""Faults in voiding sales, in copies and in notes."""

from dev.faults.fault import Fault

VOIDS = (
    Fault(
        "A sale is voided although somebody is inside with its ticket",
        "if used := [ticket for ticket in live if ticket.status == TicketStatus.USED]:",
        "if used := [ticket for ticket in live if ticket.status == TicketStatus.VOID]:",
        "tests/boxoffice/test_voids.py::test_somebody_is_inside",
    ),
    Fault(
        "A sale of yesterday is voided",
        "if business_day(sale.theater, sold_at) != business_day(sale.theater, now):",
        "if sold_at > now:",
        "tests/boxoffice/test_voids.py::test_of_another_business_day",
    ),
    Fault(
        "Tickets are judged before they are locked",
        """\
        for booking in locked.bookings:
            locks.tickets_of(booking.pk)
        if done""",
        "        if done",
        "tests/race/test_voids.py::test_a_void_and_a_scan_never_both_have_the_ticket",
    ),
    Fault(
        "What was bought online is given back out of the drawer",
        "if sale.operator_id is None or taken.exclude(method__in=COUNTER_METHODS).exists():",
        "if taken.exclude(method__in=COUNTER_METHODS).exists() and sale.operator_id:",
        "tests/boxoffice/test_voids.py::test_bought_online",
    ),
    Fault(
        "The terminal need not be reversed",
        "if plan.terminal and not order.is_reversed:",
        "if plan.terminal < 0 and not order.is_reversed:",
        "tests/boxoffice/test_voids.py::test_the_terminal_is_reversed_first_and_that_is_said",
    ),
    Fault(
        "Who opens the address of a file at the counter gets it without a press",
        'return bool(last["is_copy"]) if last.get("address") == request.get_full_path() else None',
        'return bool(last.get("is_copy"))',
        "tests/boxoffice/test_counter_papers.py"
        "::test_looking_at_the_address_of_a_file_notes_no_print_and_offers_the_button",
    ),
    Fault(
        "The original is printed again after a void",
        'return "original" if remembered(request, "sold") == booking.reference and not _has_void(booking) else ""',
        'return "original" if remembered(request, "sold") == booking.reference else ""',
        "tests/boxoffice/test_voids.py::test_what_was_voided_is_not_printed_as_an_original",
    ),
    Fault(
        "A receipt that is printed again is no copy",
        "is_copy = was_handed_over or AuditEntry.objects.about(paper).exists()",
        "is_copy = AuditEntry.objects.about(paper).exists()",
        "tests/boxoffice/test_counter_papers.py::test_the_receipt_printed_again_says_copy_on_both_papers",
    ),
    Fault(
        "A free booking of the web is voided at the counter",
        "if sale.operator_id is None or taken.exclude",
        "if taken.exclude",
        "tests/boxoffice/test_voids.py::test_a_free_booking_of_the_web_is_no_sale_of_the_counter",
    ),
    Fault(
        "A sale is voided whose refund waits for a second person",
        "    if RefundRequest.objects.filter(booking__in=bookings, status=RequestStatus.WAITING).exists():\n"
        "        raise AlreadyAsked\n",
        "",
        "tests/boxoffice/test_voids.py::test_while_a_refund_of_it_waits_for_a_second_person",
    ),
    Fault(
        "An approval that nobody needs keeps a void out of the limit of one person",
        "    approver_id = order.approver_id if plan.needs_approval else None",
        "    approver_id = order.approver_id",
        "tests/boxoffice/test_voids.py::test_within_the_limit_no_approval_is_written_down",
    ),
    Fault(
        "The credit note of a void does not say what coins made of it",
        "        cash_rounding=origin.cash_rounding,\n",
        "",
        "tests/payments/sessions/test_cash_in_coins.py::TestAtTheScreen::test_a_void_hands_out_coins",
    ),
    Fault(
        "One cent costs nothing in Finland",
        "if not steps and rule.tiny is Tiny.EXACT:",
        "if False:",
        "tests/theaters/test_cash_rounding.py::test_examples_of_the_sources",
    ),
)
