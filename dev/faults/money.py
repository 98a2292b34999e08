"""Faults in payments, what providers deliver, and pauses."""

from dev.faults.fault import Fault

IN_SWEEPS = "tests/payments/test_odd_answers_in_sweeps.py::"

MONEY = (
    Fault(
        "Disputes that cannot be read hide those behind them",
        "    except errors.Unknown as error:\n        return not errors.is_silence(error)\n",
        "    except errors.Unknown as error:\n        return False\n",
        f"{IN_SWEEPS}test_disputes_that_cannot_be_read_do_not_hide_the_one_behind_them",
    ),
    Fault(
        "A payment page that could not be closed in time stays open",
        "    if payment is not None and not _is_waited_for(payment):\n",
        "    if False:\n",
        f"{IN_SWEEPS}test_a_page_that_could_not_be_closed_in_time_is_closed_when_the_provider_is_back",
    ),
    Fault(
        "One answer that cannot be read ends a sweep",
        "return self.in_a_row >= MOST_IN_DOUBT",
        "return self.in_a_row >= 1",
        f"{IN_SWEEPS}test_an_exchange_whose_session_cannot_be_read_does_not_keep_the_page_of_another_open",
    ),
    Fault(
        "A card that cannot be read is asked for first for ever",
        'order_by("looks", "ended_at")',
        'order_by("ended_at")',
        f"{IN_SWEEPS}test_cards_that_cannot_be_read_do_not_hide_the_card_behind_them",
    ),
    Fault(
        "A booking is confirmed with some of its seats",
        "    if not tickets or len(mine) != len(tickets):",
        "    if not mine:",
        "tests/payments/sessions/test_settlement.py::test_money_for_seats_that_are_gone_goes_back_in_the_same_moment",
    ),
    Fault(
        "Pay does not look at the total that was shown",
        """\
    if quote.total != form.expected_total:
        raise QuoteChanged
    person""",
        "    person",
        "tests/payments/sessions/test_checkout_pages.py"
        "::test_a_wrong_form_is_shown_again_with_a_sentence_and_charges_nothing",
    ),
    Fault(
        "The amount that came is taken from our request",
        "captured=session.received,",
        "captured=payment.amount,",
        "tests/payments/sessions/test_settlement.py"
        "::test_a_wrong_amount_goes_back_as_it_came_gives_no_ticket_and_staff_hear_of_it",
    ),
    Fault(
        "Less money than asked confirms a booking",
        "if payment.taken == payment.amount and not payment.is_foreign:",
        "if not payment.is_foreign:",
        "tests/payments/sessions/test_settlement.py"
        "::test_a_wrong_amount_goes_back_as_it_came_gives_no_ticket_and_staff_hear_of_it",
    ),
    Fault(
        "Money in another currency confirms a booking",
        "if payment.taken == payment.amount and not payment.is_foreign:",
        "if payment.taken == payment.amount:",
        "tests/payments/sessions/test_settlement.py::test_a_wrong_currency_goes_back_in_that_currency",
    ),
    Fault(
        "A session of another installation is ours",
        "return is_same and not is_from_elsewhere(session.metadata)",
        "return is_same",
        "tests/payments/sessions/test_ownership.py"
        "::test_a_copy_of_the_database_in_another_installation_settles_nothing",
    ),
    Fault(
        "A payment is settled twice",
        """\
        if payment.status in CAPTURED_PAYMENTS:
            return SettlementResult.DONE_BEFORE
        _move_to_success""",
        "        _move_to_success",
        "tests/race/test_settlement.py::test_expiry_that_finds_the_money_follows_the_paid_path",
    ),
    Fault(
        "Late money confirms after sales have closed",
        "return booking.status == BookingStatus.EXPIRED and gate.is_before_close",
        "return booking.status == BookingStatus.EXPIRED",
        "tests/payments/sessions/test_settlement.py::test_late_money_after_sales_closed_goes_back",
    ),
    Fault(
        "Money for a showtime that is over confirms",
        "if gate is None or gate.status != ShowtimeStatus.PUBLISHED or gate.is_over:",
        "if gate is None or gate.status != ShowtimeStatus.PUBLISHED:",
        "tests/payments/sessions/test_settlement.py::test_money_in_time_that_is_found_after_the_show_goes_back",
    ),
    Fault(
        "Money for a canceled showtime confirms",
        "if gate is None or gate.status != ShowtimeStatus.PUBLISHED or gate.is_over:",
        "if gate is None or gate.is_over:",
        "tests/payments/sessions/test_settlement.py::test_money_for_a_canceled_showtime_goes_back",
    ),
    Fault(
        "Refund keys are trusted for ever",
        "if database_now() - refund.created_at > KEYS_ARE_KEPT:",
        "if False:",
        "tests/payments/test_crashes.py::test_killed_while_a_part_is_given_back_it_is_given_once",
    ),
    Fault(
        "Session keys are trusted for ever",
        """\
    if age > KEYS_ARE_KEPT:
""",
        """\
    if age > KEYS_ARE_KEPT * 10**4:
""",
        "tests/payments/test_crashes.py"
        "::test_killed_while_a_payment_session_is_opened_there_is_one_at_most_and_it_is_known",
    ),
    Fault(
        "Seats are given for a part of a sale's money",
        "        if is_exact and _is_waiting_for_more(whole, payments):\n            return SettlementResult.PARTLY\n",
        "",
        "tests/sales/test_several_parts.py::TestPayments::test_a_part_alone_gives_no_seats_yet",
    ),
    Fault(
        "A part of a sale's money is kept when its time to pay is over",
        "        if captured_of(payments) > 0:\n            give_back_the_rest(whole, payments, actor=actor)\n",
        "",
        "tests/sales/test_several_parts.py::TestPayments::test_when_the_rest_does_not_come_in_time_the_part_goes_back",
    ),
    Fault(
        "What is paid already is asked for again",
        "missing = booking.sale.total - captured_of(payments)",
        "missing = booking.sale.total",
        "tests/sales/test_several_parts.py::TestPayments::test_cash_and_a_card_together_reach_the_total",
    ),
    Fault(
        "The oldest payment is refunded first",
        "balance.payment.ended_at or balance.payment.created_at, reverse=True",
        "balance.payment.ended_at or balance.payment.created_at",
        "tests/payments/sessions/test_settlement.py::test_a_second_success_is_refunded_and_the_ticket_stays",
    ),
    Fault(
        "The webhook acknowledges what it did not store",
        """\
    if stored is None:
        raise NotStored(news.id)
""",
        """\
    if stored is None:
        stored = database_now()
""",
        "tests/payments/books/test_webhook.py::test_what_is_not_in_the_database_is_not_acknowledged",
    ),
    Fault(
        "An old delivery is accepted",
        "settings.STRIPE_WEBHOOK_TOLERANCE + web_clock_ahead or -1",
        "10**9",
        "tests/payments/books/test_webhook.py::test_a_delivery_that_stripe_did_not_send_is_400_and_leaves_no_row",
    ),
    Fault(
        "An event that fails is tried for ever",
        "if event.failures < MOST_FAILURES and not isinstance(error, errors.Meaningless):",
        "if True:",
        "tests/payments/books/test_odd_events.py::test_news_without_an_object_is_set_aside_at_once",
    ),
    Fault(
        "The fifth decline does not close the session",
        """\
    if declines < MOST_DECLINES or not session.is_open:
        return False
""",
        """\
    if True:
        return False
""",
        "tests/payments/sessions/test_card_testing.py::test_the_fifth_decline_closes_the_session",
    ),
    Fault(
        "Changing seats begins the count of payments anew",
        "Q(sale__bookings__hold=root) | Q(sale__bookings__hold__root=root)",
        "Q(sale__bookings__hold=booking.hold_id)",
        "tests/payments/sessions/test_card_testing.py::test_change_seats_brings_no_new_sessions",
    ),
    Fault(
        "Declines of an address are not counted",
        'if declined["number"] >= settings.DECLINES_PER_HOUR_PER_ADDRESS and',
        'if declined["number"] >= settings.DECLINES_PER_HOUR_PER_ADDRESS * 10**6 and',
        "tests/payments/sessions/test_card_testing.py::test_ten_declines_an_hour_stop_an_address",
    ),
    Fault(
        "A lost sale is written while sales run",
        """\
    if read_pause() is None:
        raise SalesRun(""",
        """\
    if False:
        raise SalesRun(""",
        "tests/payments/books/test_reconcile.py::test_lost_sales_are_not_written_while_seats_are_sold",
    ),
    Fault(
        "A restored database sells on",
        """\
    pause_after_restore(why, marker.written_at)
    return True
""",
        """\
    return True
""",
        "tests/payments/sessions/test_database_age.py"
        "::test_a_file_that_knows_more_pauses_sales_with_the_moment_of_the_last_move",
    ),
    Fault(
        "Numbers do not move ahead after a restore",
        """\
lost=lost)
    move_beyond_lost_numbers()""",
        "lost=lost)",
        "tests/payments/sessions/test_database_age.py::test_a_database_that_pauses_by_itself_gives_no_number_twice",
    ),
    Fault(
        "The webhook believes any signature",
        """\
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, tolerance)
""",
        """\
        json.loads(body)
""",
        "tests/payments/books/test_webhook.py::test_a_delivery_that_stripe_did_not_send_is_400_and_leaves_no_row",
    ),
    Fault(
        "Everything can be had while sales are paused",
        """\
    elif stops(when_paused, PauseKind(row[3])):
        raise SalesPaused""",
        """\
    elif False:
        raise SalesPaused""",
        "tests/payments/test_pauses.py::test_nothing_is_sold_while_sales_are_paused",
    ),
    Fault(
        "One event that is not answered ends the sweep",
        "            answered = settle_event(event_id=event_id)\n        if silence.is_away(after_doubt=not answered):",
        "            answered = settle_event(event_id=event_id)\n        if not answered:",
        "tests/payments/test_odd_answers_in_sweeps.py::test_a_dead_provider_is_asked_twice_a_sweep",
    ),
    Fault(
        "An odd answer about one object counts as a provider that is away",
        "    return isinstance(error, Unknown) and not isinstance(error, ANSWERS_OF_ONE)",
        "    return isinstance(error, Unknown)",
        "tests/payments/test_odd_answers_in_sweeps.py::test_two_broken_objects_do_not_hide_the_third_in_the_same_sweep",
    ),
    Fault(
        "A restored hold takes the seat of who paid after the dump",
        "{SeatState.FREE, SeatState.HELD, SeatState.HOUSE}",
        "{SeatState.FREE}",
        "tests/payments/books/test_reconcile.py"
        "::test_seats_that_nobody_paid_for_at_the_dump_are_those_of_who_paid_since",
    ),
    Fault(
        "A sale that a restore lost takes what somebody is paying for",
        "{SeatState.FREE, SeatState.HELD, SeatState.HOUSE}",
        "{SeatState.FREE, SeatState.HELD, SeatState.HOUSE, SeatState.PENDING}",
        "tests/payments/books/test_reconcile.py::test_what_somebody_is_paying_for_stays_theirs",
    ),
    Fault(
        "A session of a sale with two bookings counts twice",
        'Count("pk", distinct=True), moment',
        'Count("pk"), moment',
        "tests/payments/sessions/test_card_testing.py::test_the_session_of_a_sale_with_two_bookings_is_one",
    ),
    Fault(
        "A bank's no of which nothing was heard before takes the rest of the time to pay",
        "if booking.status == BookingStatus.PENDING and whole.sale.checking_since is not None:",
        "if booking.status == BookingStatus.PENDING:",
        "tests/payments/sessions/test_slow_banks.py"
        "::test_a_no_of_a_bank_of_which_nothing_was_heard_before_leaves_the_time_to_pay",
    ),
    Fault(
        "A card that was declined is compared as money that came",
        'for thing in things if resource != "charges" or thing.status == "succeeded")',
        "for thing in things)",
        "tests/payments/books/test_reconcile.py::test_nothing_differs_after_an_ordinary_evening",
    ),
    Fault(
        "Refunds of foreign money are tried for ever",
        "        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))\n        .filter(~Q(captured",
        "        .filter(~Q(captured",
        "tests/payments/sessions/test_settlement.py::test_after_five_failures_a_person_has_to_look_at_foreign_money",
    ),
    Fault(
        "A promo code is used up by tickets that are given away",
        "    if order.promo_code and (order.allow.prices or order.comp_reason):",
        "    if order.promo_code and order.allow.prices:",
        "tests/payments/sessions/test_counter_overrides.py::TestPrices::test_no_price_goes_with_a_promo_code",
    ),
    Fault(
        "A credit note is issued of what gave nothing back",
        "    if receipt is None or not cancellation.refunded:",
        "    if receipt is None:",
        "tests/reservations/letters/test_papers.py::test_there_is_no_credit_note_of_what_gave_nothing_back",
    ),
    Fault(
        "An older look at a session takes a declined card back",
        "Payment.objects.filter(pk=payment.pk, declines__lt=declines)",
        "Payment.objects.filter(pk=payment.pk)",
        "tests/payments/sessions/test_card_testing.py::test_an_older_look_takes_no_decline_back",
    ),
    Fault(
        "Staff are told of a card that pays what they allowed its customer",
        'allowed = max([most, *allowances.values_list("most", flat=True)])',
        "allowed = most",
        "tests/payments/sessions/test_card_testing.py::test_what_staff_allowed_for_one_customer_counts_for_their_card",
    ),
    Fault(
        "Seats that wait for a bank are free before sales close, when these close later than they did",
        "if whole.sale.checking_since is None or whole.sale.payable_until < last_close:",
        "if whole.sale.checking_since is None:",
        "tests/payments/sessions/test_slow_banks.py"
        "::test_when_sales_close_later_than_they_did_the_seats_stay_until_then",
    ),
    Fault(
        "What comes back of a ticket in dinars has single fils",
        "    return rounded(amount.quantize(price_step(currency), rounding=ROUND_HALF_UP), currency)",
        "    return rounded(amount, currency)",
        "tests/payments/refunds/test_cancel_pages.py::test_half_a_coin_is_rounded_for_the_customer",
    ),
    Fault(
        "Tax in dinars is worked out to ten fils",
        "    return gross - rounded(gross / (1 + rate), currency)",
        "    return gross - in_coins(gross / (1 + rate), currency)",
        "tests/reservations/selling/test_quotes.py::test_tax_as_worked_out_by_hand",
    ),
    Fault(
        "Goodwill in dinars has its tax to two decimals in reports",
        " WHEN {0} = ANY(%(thousandths)s) THEN 3",
        "",
        "tests/payments/test_every_currency.py::test_sql_knows_the_decimals",
    ),
    Fault(
        "The nightly comparison looks at what still changes",
        "_since(), database_now() - SETTLED_AFTER",
        "_since(), database_now()",
        "tests/payments/books/test_comparison_runs.py::test_a_comparison_ends_before_what_may_still_change",
    ),
    Fault(
        "The door believes that the database knows tickets from after a loss",
        "Move.objects.all() if unknown_from is None else Move.objects.filter(at__lte=unknown_from)",
        "Move.objects.all()",
        "tests/payments/sessions/test_database_age.py"
        "::test_the_door_is_told_of_the_last_move_before_the_first_fact_that_is_missing",
    ),
    Fault(
        "Books that agreed before new proof still agree",
        "    note_agreement(agrees=False)\n",
        "",
        "tests/payments/sessions/test_database_age.py::test_new_proof_takes_an_agreement_back",
    ),
    Fault(
        "A lost sale that is written twice is an error",
        "        if known is not None:\n            return known\n        booking = write_lost_booking",
        "        booking = write_lost_booking",
        "tests/payments/books/test_lost_sales.py::test_written_a_second_time_it_is_the_same_sale",
    ),
    Fault(
        "A lost sale is written for a seat that is not there",
        "    if missing := _listed(labels - seats.keys()):",
        '    if missing := "":',
        "tests/payments/books/test_lost_sales.py::test_a_seat_that_the_room_no_longer_has_is_left_to_a_person",
    ),
    Fault(
        "A lost sale gets the ticket type that has the old number now",
        "for ticket_type in same or here if ticket_type.pk",
        "for ticket_type in here if ticket_type.pk",
        "tests/payments/books/test_lost_sales.py"
        "::test_a_ticket_type_is_found_by_its_name_where_its_number_is_another_one_now",
    ),
    Fault(
        "A refund of another amount than ours is no difference",
        "    if (row.amount, row.currency) != (refund.amount, refund.currency):",
        "    if False:",
        "tests/payments/books/test_reconcile.py::test_a_refund_of_another_amount_is_a_difference",
    ),
    Fault(
        "Money that came twice for one payment is no difference",
        "    elif payment.provider_id != intent:",
        "    elif False:",
        "tests/payments/books/test_reconcile.py::test_money_that_came_twice_for_one_payment_is_a_difference",
    ),
    Fault(
        "A dispute that stands otherwise at the provider is no difference",
        "    if row.status != dispute.status:",
        "    if False:",
        "tests/payments/books/test_comparison_runs.py"
        "::test_a_decided_dispute_that_was_taken_up_again_without_news_is_followed",
    ),
    Fault(
        "News of an object that a restore lost are acted on for ever",
        "update(done_at=ClockTimestamp(), outcome=LOST)",
        "update(outcome=LOST)",
        "tests/payments/sessions/test_ownership.py"
        "::test_what_was_there_before_sales_were_resumed_is_an_alarm_and_no_pause",
    ),
    Fault(
        "News is acted on while sales are paused after a restore",
        "    if is_stopped_after_restore():\n        return False\n    if not EVENTS",
        "    if not EVENTS",
        "tests/payments/sessions/test_ownership.py::test_a_paid_session_of_ours_without_a_row_is_an_alarm",
    ),
    Fault(
        "A page asks the provider as long as if nobody had waited before",
        "time.monotonic() + PAGE_SECONDS - seconds_since_arrival()",
        "time.monotonic() + PAGE_SECONDS",
        "tests/payments/sessions/test_patience.py"
        "::test_what_a_request_waited_before_it_was_looked_at_is_taken_off_its_time",
    ),
    Fault(
        "A card at the counter gets back what coins can pay",
        "    if method != PaymentMethod.CASH:\n        return Decimal(0)\n    return rounding_of_refund",
        "    return rounding_of_refund",
        "tests/payments/sessions/test_cash_in_coins.py::test_money_goes_back_as_it_is_handed_out",
    ),
    Fault(
        "The drawer is counted without what coins made of its cash",
        "        return self.cash_in - self.cash_out + self.rounding",
        "        return self.cash_in - self.cash_out",
        "tests/payments/sessions/test_cash_in_coins.py::test_the_drawer_holds_coins_and_the_books_say_why",
    ),
    Fault(
        "Money of another country is rounded as at home",
        "rule is None or rule.currency != currency or",
        "rule is None or",
        "tests/theaters/test_cash_rounding.py::test_foreign_money_and_other_countries_are_exact",
    ),
)
