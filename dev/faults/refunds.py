"""Faults in money that goes back: canceling, refunds, disputes, payouts."""

from dev.faults.fault import Fault

REFUNDS = (
    Fault(
        "A refund that a second person approves takes a ticket with it that shares a sofa by now",
        " or {ticket.pk for ticket in plan.tickets} != set(request.tickets):",
        ":",
        "tests/boxoffice/test_staff_refunds.py::TestAboveTheLimit::"
        "test_a_ticket_that_shares_a_sofa_with_it_by_now_does_not_become_void_as_well",
    ),
    Fault(
        "Who was let in takes the money back after a change",
        "cancel_and_refund(booking_id=booking_id, ticket_ids=_unused_tickets(booking_id), origin=origin)",
        "cancel_and_refund(booking_id=booking_id, ticket_ids=None, origin=origin)",
        "tests/payments/refunds/test_offer_page.py::test_who_was_let_in_does_not_get_the_money_back_as_well",
    ),
    Fault(
        "A refusal without a code is a no",
        "return bool(self.code) and self.kind in TYPES_OF_A_NO",
        "return self.kind in TYPES_OF_A_NO",
        "tests/payments/refunds/test_refund_paid_once.py"
        "::test_a_refusal_without_a_code_is_a_no_when_stripes_list_proves_it",
    ),
    Fault(
        "A second refund is sent without looking at the first",
        """\
    if not _has_looked(refund_id):
        return RefundOutcome.UNKNOWN
""",
        "",
        "tests/payments/refunds/test_refund_paid_once.py::test_before_a_retry_stripe_is_asked_for_the_earlier_keys",
    ),
    Fault(
        "A failed refund that is alive keeps its retries",
        """\
            _drop_unsent(whole.sale, payments)
""",
        "",
        "tests/payments/refunds/test_refund_paid_once.py::test_before_a_retry_stripe_is_asked_for_the_earlier_keys",
    ),
    Fault(
        "A disputed booking can be canceled for money",
        """\
    if any(payment.status == PaymentStatus.DISPUTED for payment in locks.payments_of(booking.sale_id)):
        raise BookingDisputed
""",
        "",
        "tests/payments/refunds/test_disputes.py::test_the_refund_button_is_locked",
    ),
    Fault(
        "A failed refund is tried again without end",
        """\
        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))
        .filter(refund_due__gt""",
        "        .filter(refund_due__gt",
        "tests/payments/refunds/test_failed_refunds.py"
        "::TestAsTheSweepTriesAgain::test_five_times_and_then_a_person_has_to_look",
    ),
    Fault(
        "A customer's cancellation ignores the amount shown",
        "if offer.refund != shown:",
        "if False:",
        "tests/payments/refunds/test_cancel_pages.py"
        "::test_a_step_that_passed_meanwhile_shows_the_new_amount_and_does_nothing",
    ),
    Fault(
        "A child may stay without the grown-up",
        """\
        require_company(booking, leaving={line.ticket_id for line in offer.chosen})
""",
        "",
        "tests/payments/refunds/test_cancel_pages.py::test_a_child_does_not_stay_alone",
    ),
    Fault(
        "Canceling gives goodwill back a second time",
        "    return max(Decimal(0), live + booking.sale.fees_kept - booking.sale.goodwill)",
        "    return max(Decimal(0), live + booking.sale.fees_kept)",
        "tests/payments/refunds/test_dashboard_refunds.py"
        "::test_what_was_goodwill_is_not_given_twice_when_the_tickets_are_canceled",
    ),
    Fault(
        "Money back is offered to who was let in",
        "        is_all_used=not unused,",
        "        is_all_used=False,",
        "tests/payments/refunds/test_offer_page.py::test_who_was_let_in_does_not_get_the_money_back_as_well",
    ),
    Fault(
        "A dispute of one payment keeps its own money alone",
        "    if any(account.is_disputed for account in accounts):",
        "    if all(account.is_disputed for account in accounts):",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py"
        "::test_a_dispute_of_one_payment_keeps_the_money_of_all_of_them",
    ),
    Fault(
        "What a bank took of one payment is given back by another",
        "    missing = owed - sum((account.refunded + account.lost for account in newest_first), Decimal(0))",
        "    missing = owed - sum((account.refunded for account in newest_first), Decimal(0))",
        "tests/payments/refunds/test_refund_paid_once.py"
        "::test_what_a_bank_took_of_one_payment_is_not_given_back_by_another",
    ),
    Fault(
        "A no that comes late makes a refund that is done a failed one",
        "        if refund.status != RefundStatus.SUBMITTED:\n            return\n        error = ",
        "        error = ",
        "tests/payments/refunds/test_refund_paid_once.py::test_a_late_answer_takes_nothing_back",
    ),
    Fault(
        "Goodwill that is sent twice is given twice",
        "{self.kept}:{self.owed_before}:{self.is_whole:d}",
        "{self.kept}:{self.is_whole:d}",
        "tests/boxoffice/test_staff_refunds.py::TestGoodwill::test_sent_twice_it_is_given_once",
    ),
    Fault(
        "More goodwill is given than is kept",
        "    if not 0 < amount <= most or in_coins",
        "    if not 0 < amount or in_coins",
        "tests/boxoffice/test_staff_refunds.py::TestGoodwill::test_more_than_is_kept_or_nonsense_is_refused",
    ),
    Fault(
        "What was given as goodwill can be given again",
        "price_of_live_tickets(booking.sale) + booking.sale.fees_kept - booking.sale.goodwill",
        "price_of_live_tickets(booking.sale) + booking.sale.fees_kept",
        "tests/boxoffice/test_staff_refunds.py::TestGoodwill::test_what_was_given_before_is_not_kept",
    ),
    Fault(
        "Money of another currency is paid out of the drawer",
        "    if refund.payment.is_foreign:\n        raise ForeignMoney\n",
        "",
        "tests/payments/refunds/test_payouts.py::TestOfACard::test_money_in_another_currency_is_not_paid_out",
    ),
    Fault(
        "One payment gives back what two brought",
        "    return min(missing, account.left)",
        "    return missing",
        "tests/payments/refunds/test_payouts.py::test_a_payment_gives_back_no_more_than_it_brought",
    ),
    Fault(
        "Any refusal of Stripe says that the thing is not there",
        'is_missing=code == "resource_missing"',
        "is_missing=True",
        "tests/payments/refunds/test_dashboard_refunds.py"
        "::test_a_refusal_for_another_reason_does_not_say_that_there_is_no_such_refund",
    ),
    Fault(
        "Of two disputes one that is won thaws the tickets",
        "    if not others.open().exists():\n        thaw",
        "    if True:\n        thaw",
        "tests/payments/refunds/test_disputes.py::test_of_two_disputes_one_that_is_won_leaves_the_tickets_frozen",
    ),
    Fault(
        "A payment of which a bank took a part is good again when it wins another part",
        "others.filter(payment=payment, status__in=[DisputeStatus.OPEN, DisputeStatus.LOST])",
        "others.filter(payment=payment, status=DisputeStatus.OPEN)",
        "tests/payments/refunds/test_disputes.py::test_money_of_which_a_bank_has_taken_a_part_stays_disputed",
    ),
    Fault(
        "Two workers that hear of a refund of the dashboard write it down twice",
        "        if Refund.objects.filter(provider=payment.provider, provider_id=answer.id).exists():\n"
        "            return\n",
        "",
        "tests/payments/refunds/test_dashboard_refunds.py::test_two_workers_that_hear_of_it_at_once_write_it_down_once",
    ),
    Fault(
        "A refund that failed before comes without a word",
        "    if is_late or refunds.filter(status=RefundStatus.FAILED).exists():",
        "    if is_late:",
        "tests/payments/refunds/test_refund_paid_once.py::test_a_refund_that_failed_before_is_told_of",
    ),
    Fault(
        "A refund that comes days later comes without a word",
        "    if is_late or refunds.filter(status=RefundStatus.FAILED).exists():",
        "    if refunds.filter(status=RefundStatus.FAILED).exists():",
        "tests/payments/refunds/test_refund_paid_once.py::test_a_refund_that_comes_days_later_is_told_of",
    ),
    Fault(
        "What was told of a refund counts as untold for ever",
        "method=PaymentMethod.ONLINE).exclude(pk__in=list(mailed))",
        "method=PaymentMethod.ONLINE)",
        "tests/payments/refunds/test_dashboard_refunds.py"
        "::test_what_was_goodwill_is_not_given_twice_when_the_tickets_are_canceled",
    ),
    Fault(
        "What a refund and a bank gave of one payment is more than came",
        "        min(account.payment.taken, given.get(account.payment.pk, Decimal(0)) + account.lost) for"
        " account in accounts\n",
        "        given.get(account.payment.pk, Decimal(0)) + account.lost for account in accounts\n",
        "tests/payments/refunds/test_refund_paid_once.py"
        "::test_what_a_refund_and_a_bank_gave_of_one_payment_is_no_more_than_came",
    ),
    Fault(
        "A refund that failed at Stripe leaves no room for another one",
        "(answer.amount for answer in listed if answer.status != RefundStatus.FAILED)",
        "(answer.amount for answer in listed)",
        "tests/payments/refunds/test_refund_paid_once.py::test_what_failed_at_stripe_leaves_room_for_another_refund",
    ),
    Fault(
        "Who stops an exchange ends it for a payment that was just begun",
        "        if any(payment.status in OPEN_PAYMENTS for payment in payments) and not _is_past_grace(exchange_id):\n"
        "            return\n",
        "",
        "tests/payments/refunds/test_failed_exchanges.py"
        "::test_a_payment_that_was_begun_while_the_one_before_was_closed_has_its_time",
    ),
    Fault(
        "A won dispute that is taken up again is not followed",
        "        DisputeStatus.WON: {DisputeStatus.OPEN},\n",
        "",
        "tests/payments/refunds/test_disputes.py::test_a_dispute_that_was_won_is_taken_up_again_and_lost",
    ),
    Fault(
        "A lost dispute that is taken up again is not followed",
        "        DisputeStatus.LOST: {DisputeStatus.OPEN},\n",
        "",
        "tests/payments/refunds/test_disputes.py"
        "::test_a_dispute_that_was_lost_is_won_at_last_and_its_money_goes_to_the_customer",
    ),
    Fault(
        "A dispute that the bank withdraws freezes the tickets for ever",
        "{DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.CLOSED},",
        "{DisputeStatus.WON, DisputeStatus.LOST},",
        "tests/payments/refunds/test_disputes.py::test_an_inquiry_that_was_closed_becomes_a_dispute_after_all",
    ),
    Fault(
        "Tickets of a withdrawn dispute stay frozen",
        "DisputeStatus.CLOSED: _win, ",
        "",
        "tests/payments/refunds/test_disputes.py::test_an_inquiry_that_was_closed_becomes_a_dispute_after_all",
    ),
    Fault(
        "An older answer opens a decided dispute again",
        "    if is_older or dispute.status == answer.status:",
        "    if dispute.status == answer.status:",
        "tests/payments/refunds/test_disputes.py::test_an_answer_that_is_older_than_the_decision_changes_nothing",
    ),
    Fault(
        "Each news of a won dispute opens and closes it once more",
        "    if is_older or dispute.status == answer.status:",
        "    if is_older:",
        "tests/payments/refunds/test_disputes.py::test_news_of_a_decided_dispute_that_is_repeated_changes_nothing",
    ),
    Fault(
        "Staff do not hear that a dispute was taken up again",
        '        purpose=f"dispute:{dispute.pk}:{dispute.status}" + (f":{times}" if times > 1 else ""),',
        '        purpose=f"dispute:{dispute.pk}:{dispute.status}",',
        "tests/payments/refunds/test_disputes.py::test_a_dispute_that_was_won_is_taken_up_again_and_lost",
    ),
    Fault(
        "The export keeps a lost dispute that was won at last",
        '    for moves in batches_of_moves(window, "dispute", DisputeStatus.LOST, DisputeStatus.OPEN):',
        '    for moves in batches_of_moves(window, "dispute", DisputeStatus.LOST):',
        "tests/payments/ledger/test_export.py::test_a_lost_dispute_that_is_taken_up_again_is_a_line_of_its_own",
    ),
    Fault(
        "A refund request that became needless is said to be lost",
        "refund.status == RefundStatus.FAILED and refund.last_error == NOT_SENT",
        "refund.status == RefundStatus.FAILED and not refund",
        "tests/payments/refunds/test_money_trail.py::"
        "test_a_request_that_another_refund_made_needless_is_not_said_to_be_lost",
    ),
    Fault(
        "A customer gets money back for a ticket that is scanned at this moment",
        "        reservation_locks.tickets_of(booking_id)\n        booking = Booking",
        "        booking = Booking",
        "tests/race/test_door_and_refund.py::test_who_is_inside_gets_no_money_back",
    ),
    Fault(
        "The counter finds bookings that nobody paid in time",
        ".exclude(status=BookingStatus.EXPIRED)\n    seats = ",
        "\n    seats = ",
        "tests/boxoffice/test_find_bookings.py::test_a_booking_that_nobody_paid_in_time_is_not_found",
    ),
)
