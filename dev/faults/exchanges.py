"""Faults in exchanges of tickets."""

from dev.faults.fault import Fault

OF_MONEY_BACK = "tests/payments/refunds/test_exchange_gives_no_more.py::"
AT_COUNTER = "tests/payments/refunds/test_counter_exchanges.py::"

PRESSED_AGAIN = "tests/payments/test_pressed_again.py::"

EXCHANGES = (
    Fault(
        "A form of an exchange that is done leads on without a word",
        "    if paying is None:\n        return _late(request, booking)\n",
        "    if paying is None:\n        return redirect(booking)\n",
        f"{PRESSED_AGAIN}TestExchange::test_after_it_was_done_it_says_so_and_leads_to_the_tickets",
    ),
    Fault(
        "A late form at the counter says that nothing was exchanged",
        "if done := last_exchange_of(booking_id=booking.pk, holder=seller_of(request).holder):",
        "if done := None:",
        f"{PRESSED_AGAIN}TestExchangeAtTheCounter::test_after_it_was_done",
    ),
    Fault(
        "A stopped exchange is called done because an earlier one was",
        "return (done.filter(pk=own.pk) if own else done).first()",
        "return done.first()",
        f"{PRESSED_AGAIN}TestExchange::test_stopped_after_an_earlier_one_was_done_it_does_not_speak_of_that",
    ),
    Fault(
        "Tickets that were given back can be kept",
        "        raise NothingToKeep\n",
        "        pass\n",
        f"{PRESSED_AGAIN}TestAnswerToAChange::test_keeping_what_was_given_back_does_not_call_it_valid",
    ),
    Fault(
        "Two clerks hand out the same money",
        "        elif (refund.operator_id, refund.device_id) != (operator_id, device_id):\n            raise PaidOutAlready\n",
        "",
        "tests/boxoffice/test_counter_money.py::test_somebody_else_who_comes_later_is_told_to_hand_out_no_more",
    ),
    Fault(
        "After an exchange a code is guessed twice as often",
        "tries = WrongCodeTry.objects.filter(booking__sale=booking.sale_id)",
        "tries = WrongCodeTry.objects.filter(booking=booking)",
        "tests/payments/refunds/test_cancel_by_link.py"
        "::test_the_bookings_of_one_sale_share_what_its_mailbox_gets_and_how_often_is_guessed",
    ),
    Fault(
        "After an exchange one person gives back twice the limit",
        "RefundRequest.objects.filter(booking__sale=booking.sale_id, status=RequestStatus.DONE, decided_by=None)",
        "RefundRequest.objects.filter(booking=booking, status=RequestStatus.DONE, decided_by=None)",
        "tests/boxoffice/test_staff_refunds.py::test_two_bookings_of_one_sale_have_one_limit",
    ),
    Fault(
        "A ticket that was used is exchanged",
        "return old if all(ticket.status == TicketStatus.VALID and ticket.given_at is None for ticket in old) else []",
        "return old if all(ticket.given_at is None for ticket in old) else []",
        "tests/payments/refunds/test_exchanges.py"
        "::test_money_that_cannot_have_its_seats_goes_back_and_the_old_tickets_stay",
    ),
    Fault(
        "A ticket that was given away meanwhile is exchanged",
        "return old if all(ticket.status == TicketStatus.VALID and ticket.given_at is None for ticket in old) else []",
        "return old if all(ticket.status == TicketStatus.VALID for ticket in old) else []",
        "tests/payments/refunds/test_failed_exchanges.py"
        "::test_a_ticket_that_was_given_away_while_the_difference_was_paid_is_the_friends",
    ),
    Fault(
        "Who gave a ticket away gives it away again",
        "if ticket.code != code:",
        "if False:",
        "tests/reservations/aftersale/test_transfers.py"
        "::test_who_gave_it_away_cannot_take_it_back_by_a_page_from_before",
    ),
    Fault(
        "The link of the mail alone takes the money back after a change",
        'if asked == "refund" and not _is_trusted(request, booking):',
        "if False:",
        "tests/payments/refunds/test_offer_page.py::test_the_link_alone_takes_no_money_back",
    ),
    Fault(
        "An exchange takes seats that are somebody's by now",
        "return row.hold_id == hold.pk or state_of(row, now) == SeatState.FREE",
        "return True",
        "tests/payments/refunds/test_exchanges.py"
        "::test_money_that_cannot_have_its_seats_goes_back_and_the_old_tickets_stay",
    ),
    Fault(
        "The payer's reference lets in a ticket that was given away",
        "missing = [one for one in tickets if one.status == TicketStatus.VALID and one.is_let_in_with_party]",
        "missing = [one for one in tickets if one.status == TicketStatus.VALID]",
        "tests/reservations/aftersale/test_transfers.py::test_the_payers_reference_lets_in_the_rest_of_the_party_alone",
    ),
    Fault(
        "An exchange gives money back when canceling would give none",
        "    if not plan.back or plan.percent == ALL:\n",
        "    if True:\n",
        f"{OF_MONEY_BACK}test_cheaper_seats_are_refused_while_canceling_gives_a_part",
    ),
    Fault(
        "A ticket that came by an exchange is canceled by the terms of its new show alone",
        "return percent if self.is_changed or ticket.most_percent is None else min(percent, ticket.most_percent)",
        "return percent",
        f"{OF_MONEY_BACK}test_a_later_show_gives_back_what_the_old_tickets_did",
    ),
    Fault(
        "A second exchange forgets what the first one left",
        "return min((terms.percent_of(ticket) for ticket in tickets), default=ALL)",
        "return terms.percent or 0",
        f"{OF_MONEY_BACK}test_through_a_chain_of_exchanges_the_least_counts",
    ),
    Fault(
        "After a changed showtime tickets that came by an exchange give less than all",
        "return CancelTerms(ALL, changed.until, is_changed=True)",
        "return CancelTerms(ALL, changed.until)",
        f"{OF_MONEY_BACK}test_a_changed_showtime_gives_all_back_and_lets_all_be_exchanged",
    ),
    Fault(
        "All that exchanged tickets cost is given back",
        "owe(booking.sale, Decimal(0) if is_credit else cancellation.refunded, fees_kept=cancellation.kept)",
        "owe(booking.sale, cancellation.refunded, fees_kept=cancellation.kept)",
        "tests/payments/refunds/test_exchanges.py::test_seats_of_the_same_price_change_hands_at_once",
    ),
    Fault(
        "A payment page opens for an exchange whose time is over",
        "        if not Exchange.objects.filter(pk=exchange.pk, payable_until__gt=from_now(1)).exists():",
        "        if False:",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py"
        "::test_no_payment_page_is_opened_when_its_time_is_over_and_no_sweep_came_yet",
    ),
    Fault(
        "Any amount pays for an exchange",
        "        is_due = exchange.status == ExchangeStatus.PAYING and _is_exact(payment, whole.first)",
        "        is_due = exchange.status == ExchangeStatus.PAYING",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py"
        "::test_another_amount_than_was_asked_for_exchanges_nothing_and_goes_back",
    ),
    Fault(
        "An exchange opens payment pages without an end",
        'unpaid, "created_at", most=MOST_SESSIONS_PER_HOLD, within_seconds=HOUR',
        'unpaid, "created_at", most=99, within_seconds=HOUR',
        "tests/payments/refunds/test_exchanges_of_all_kinds.py::test_an_exchange_opens_five_payment_pages_and_no_more",
    ),
    Fault(
        "An exchange lets in browsers of a link of before",
        "opened = old.accesses.filter(link_version=whole.sale.link_version)",
        "opened = old.accesses.all()",
        "tests/reservations/links/test_proofs.py::test_an_exchange_lets_in_no_browser_whose_link_was_renewed",
    ),
    Fault(
        "A ticket of a showtime that was called off is given to a friend",
        "showtime.status != ShowtimeStatus.PUBLISHED or showtime.ends_at <= database_now()",
        "showtime.ends_at <= database_now()",
        "tests/reservations/aftersale/test_transfers.py::test_what_opens_no_door_is_not_given",
    ),
    Fault(
        "Tickets that a bank disputes are exchanged",
        "booking.status == BookingStatus.CONFIRMED and whole.sale.frozen_at is None",
        "booking.status == BookingStatus.CONFIRMED",
        "tests/payments/refunds/test_failed_exchanges.py"
        "::test_who_paid_for_an_exchange_that_cannot_be_hears_what_the_old_tickets_are",
    ),
    Fault(
        "That a ticket was canceled meanwhile is not said",
        "    if {ticket.pk for ticket in tickets} != set(exchange.ticket_ids):",
        "    if {ticket.pk for ticket in tickets} - set(exchange.ticket_ids):",
        "tests/payments/refunds/test_exchanges.py::test_a_ticket_that_was_canceled_since_is_said",
    ),
    Fault(
        "A child stays alone at the old showtime",
        "        _require_company(booking, tickets)\n        return\n",
        "        return\n",
        "tests/payments/refunds/test_exchanges.py::test_a_child_does_not_stay_alone_at_the_old_showtime",
    ),
    Fault(
        "Half a sofa on which staff put two tickets meanwhile is exchanged alone",
        "    tickets = with_sofas(exchangeable(booking), exchange.ticket_ids)",
        "    tickets = [ticket for ticket in exchangeable(booking) if ticket.pk in exchange.ticket_ids]",
        "tests/payments/refunds/test_exchanges.py::test_a_ticket_that_is_for_half_a_sofa_by_now_is_not_exchanged_alone",
    ),
    Fault(
        "Who paid for an exchange of half a sofa loses the other half",
        "    old = with_sofas(live, exchange.ticket_ids)",
        "    old = [ticket for ticket in live if ticket.pk in exchange.ticket_ids]",
        "tests/payments/refunds/test_exchanges.py::test_half_a_sofa_is_not_exchanged_once_the_difference_is_paid",
    ),
    Fault(
        "A choice that was left without a word never ends",
        "status=ExchangeStatus.CHOOSING, started_at__gt=from_now(-CHOICE_SECONDS)",
        "status=ExchangeStatus.CHOOSING",
        "tests/payments/refunds/test_exchanges.py::test_a_choice_is_over_after_half_an_hour",
    ),
    Fault(
        "Who chooses another showtime goes on choosing at the first one too",
        "    end_choices(booking.exchanges.filter(holder=holder))\n",
        "",
        "tests/payments/refunds/test_exchanges.py"
        "::test_after_starting_for_another_showtime_people_buy_at_the_first_as_usual",
    ),
    Fault(
        "Two exchanges of one booking are paid for at once",
        '    if exchange_being_paid(exchange.booking) is not None:\n        raise CannotExchange(gettext("Another',
        '    if False:\n        raise CannotExchange(gettext("Another',
        "tests/payments/refunds/test_exchanges.py::test_while_one_exchange_is_paid_for_no_other_is_agreed_to",
    ),
    Fault(
        "Exchanges that are being paid for bring more tickets than one person may have",
        "        exchange__showtime=showtime_id, exchange__status=ExchangeStatus.PAYING,",
        "        exchange__showtime=showtime_id, exchange__status=ExchangeStatus.CHOOSING,",
        "tests/payments/refunds/test_exchanges.py::test_the_limit_of_a_person_counts_exchanges_that_are_being_paid_for",
    ),
    Fault(
        "An exchange within one showtime counts its tickets twice",
        "    ).exclude(old_ticket__showtime=showtime_id)",
        ")",
        "tests/payments/refunds/test_exchanges.py"
        "::test_an_exchange_within_a_showtime_that_is_being_paid_for_counts_its_tickets_once",
    ),
    Fault(
        "An exchange that is begun again brings new payment pages",
        "    require_sessions_left_for_exchanges(booking.sale_id)\n",
        "",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py"
        "::test_stopping_and_beginning_again_brings_no_new_payment_pages",
    ),
    Fault(
        "Paid exchanges use up the payment pages of later ones",
        "exchange__isnull=False).exclude(status__in=CAPTURED_PAYMENTS)",
        "exchange__isnull=False)",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py"
        "::test_exchanges_that_were_paid_leave_their_payment_pages_to_later_ones",
    ),
    Fault(
        "The link of a booking alone stops what somebody is paying for",
        "if paying.holder != visitor.holder and not is_trusted(booking, visitor):",
        "if False:",
        "tests/payments/refunds/test_exchange_pages.py::test_the_link_alone_stops_no_exchange_that_somebody_pays_for",
    ),
    Fault(
        "An exchange opens payment pages that do not count at the address",
        "    require_sessions_left_at_address(browser.address)\n    with transaction.atomic():\n        gates",
        "    with transaction.atomic():\n        gates",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py::test_payment_pages_of_exchanges_count_at_the_address",
    ),
    Fault(
        "Going on with an exchange opens pages that do not count at the address",
        "    if not Payment.objects.filter(exchange=exchange_id, status__in=OPEN_PAYMENTS).exists():\n"
        "        require_sessions_left_at_address(address)\n",
        "",
        "tests/payments/refunds/test_exchanges_of_all_kinds.py::test_payment_pages_of_exchanges_count_at_the_address",
    ),
    Fault(
        "The counter breaks the terms of a sale without a reason",
        "    if planned.terms and not order.reason:",
        "    if False:",
        f"{AT_COUNTER}TestTerms::test_against_them_a_reason_is_asked_for_and_kept",
    ),
    Fault(
        "Anybody at the counter gives money back against the terms",
        "planned.plan.back > order.may_give_back",
        "False",
        f"{AT_COUNTER}TestTerms::test_money_back_against_them_needs_the_right_to_give_money_back",
    ),
    Fault(
        "The counter exchanges another plan than it showed",
        "    if planned.mark != order.mark:",
        "    if False:",
        f"{AT_COUNTER}test_what_fails_changes_nothing",
    ),
    Fault(
        "The receipt of an exchange for cash says by card",
        "    elif exchange.paid_with == PaidWith.CASH:",
        "    elif False:",
        f"{AT_COUNTER}test_the_receipt_of_the_exchange_says_how_the_difference_was_paid",
    ),
    Fault(
        "A device asks for no PIN when tickets are exchanged",
        "if act not in (_begin, _stop):",
        "if act not in (_begin, _stop, _agree):",
        "tests/boxoffice/test_device_sales.py::test_an_exchange_asks_the_pin_when_it_is_done_and_names_device_and_operator",
    ),
)
