"""Faults in holds, seats, promo codes, parties and at the door."""

from dev.faults.fault import Fault

SEATS = (
    Fault(
        "A kept panel says of a limit what was said to another browser",
        "return (panel.url, panel.count, panel.limit, panel.is_shared",
        "return (panel.url, panel.count, panel.is_shared",
        "tests/reservations/seats/test_click_answer.py::test_what_is_said_of_a_limit_is_for_those_it_concerns",
    ),
    Fault(
        "A kept panel leads to the showtime for which it was drawn first",
        "return (panel.url, panel.count, panel.limit, panel.is_shared",
        "return (panel.count, panel.limit, panel.is_shared",
        "tests/reservations/seats/test_click_answer.py::test_each_showtime_has_a_panel_of_its_own",
    ),
    Fault(
        "Seats are locked in no order",
        """\
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY id FOR NO KEY UPDATE),
asking""",
        """\
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) FOR NO KEY UPDATE),
asking""",
        "tests/race/test_lock_order.py::test_free_seats_are_locked_by_id",
    ),
    Fault(
        "A seat is judged without its lock",
        """\
ORDER BY id FOR NO KEY UPDATE),
asking""",
        """\
ORDER BY id),
asking""",
        "tests/race/test_one_seat.py::test_one_of_many_buyers_has_the_seat_and_the_others_leave_no_trace",
    ),
    Fault(
        "The limit of seats per hold is one more",
        "others + n <= %(most)s)",
        "others + n <= %(most)s + 1)",
        "tests/reservations/selling/test_holds.py::test_ten_seats_are_the_most",
    ),
    Fault(
        "An address has no share of a showtime",
        "AND NOT (SELECT over OR over_unpaid FROM shares)",
        "AND NOT (SELECT over_unpaid FROM shares)",
        "tests/reservations/seats/test_shares.py::test_an_address_has_a_quarter_of_the_seats_over_all_its_browsers",
    ),
    Fault(
        "Browsers that have not paid have no common share",
        "AND NOT (SELECT over OR over_unpaid FROM shares)",
        "AND NOT (SELECT over FROM shares)",
        "tests/reservations/seats/test_shares.py::test_browsers_that_never_paid_have_half_of_it_together",
    ),
    Fault(
        "Browsers of one network take seats at once",
        "THEN pg_advisory_xact_lock(hashtextextended('seats of ' || showtime_id || ' for ' || network, 0))::text END",
        "THEN pg_backend_pid()::text END",
        "tests/race/test_shares.py::test_a_browser_waits_for_another_of_its_address",
    ),
    Fault(
        "A taken seat loses the focus that it has",
        """ENABLED_SEAT.replace(" data-state", ' aria-disabled="true" tabindex="-1" data-state')""",
        """ENABLED_SEAT.replace(" data-state", " disabled data-state")""",
        "tests/reservations/seats/test_seat_pages.py::test_the_map_tells_free_held_mine_sold_and_house_apart",
    ),
    Fault(
        "The list offers seats that are taken",
        """if state == "f"]
    wanted""",
        """]
    wanted""",
        "tests/reservations/seats/test_seat_list.py::test_each_free_seat_stands_in_its_row_and_section",
    ),
    Fault(
        "Every row is as far from the screen as the first",
        "ahead = measures.first_row + measures.pitch * rows",
        "ahead = measures.first_row",
        "tests/reservations/seats/test_screen_views.py::test_rows_behind_are_farther_and_higher",
    ),
    Fault(
        "The list forgets the way to an exit",
        "(group.rows_from_exit, not group.is_at_aisle),",
        "(not group.is_at_aisle,),",
        "tests/reservations/seats/test_seat_list.py"
        "::test_it_is_ordered_by_the_way_to_the_nearest_exit_and_shows_the_rest_after",
    ),
    Fault(
        "The facts of seats keep their name when the auditorium is measured anew",
        "sha256(repr((FORM, language, facts.measures, sorted(facts.exit_rows), notes)).encode())",
        "sha256(b'')",
        "tests/reservations/seats/test_facts_file.py"
        "::test_it_is_kept_for_ever_under_a_name_that_changes_with_the_facts",
    ),
    Fault(
        "A corrected translation of a text about a seat is the old file",
        "sorted(facts.exit_rows), notes)",
        "sorted(facts.exit_rows))",
        "tests/theaters/test_names_in_languages.py"
        "::TestNotesOfSeats::test_a_corrected_translation_is_another_file_at_once",
    ),
    Fault(
        "Steps that nobody counted are none",
        "return inf if steps is None else steps",
        "return steps or 0",
        "tests/reservations/seats/test_seat_list.py::"
        "test_it_is_ordered_by_facts_with_what_nobody_knows_behind_what_is_known_to_be_so",
    ),
    Fault(
        "A step-free seat speaks for its neighbors",
        "return max(steps) if steps and len(steps) == len(facts) else None",
        "return max(steps) if steps else None",
        "tests/theaters/test_plan_facts.py::test_what_is_known_of_several_seats",
    ),
    Fault(
        "Who waits for a hearing loop is offered seats of which nobody knows",
        "facts.hearing_loop is True or not self.has_hearing_loop",
        "facts.hearing_loop is not False or not self.has_hearing_loop",
        "tests/reservations/waiting/test_waiting_list.py"
        "::test_who_needs_no_steps_is_offered_seats_of_which_that_is_known",
    ),
    Fault(
        "A row without a gap has no seat beside an aisle",
        "_beside_gaps(ordered) or {seat.label for row in ordered for seat in (row[0], row[-1])}",
        "_beside_gaps(ordered)",
        "tests/reservations/seats/test_geometry.py::test_beside_an_aisle",
    ),
    Fault(
        "A press in the list leads to the map",
        """redirect(f"{address}?{wish.query}")""",
        """redirect(address)""",
        "tests/reservations/seats/test_seat_list_page.py"
        "::test_without_scripts_a_press_takes_the_group_and_leads_back_to_the_same_list",
    ),
    Fault(
        "A hold is lengthened twice",
        "if hold.extended_at is not None or is_early or later",
        "if is_early or later",
        "tests/reservations/selling/test_holds.py::test_a_hold_is_extended_once",
    ),
    Fault(
        "A hold is lengthened past its cap",
        "later = min(hold.expires_at + timedelta(seconds=settings.HOLD_EXTENSION_SECONDS), hold.cap_at)",
        "later = hold.expires_at + timedelta(seconds=settings.HOLD_EXTENSION_SECONDS)",
        "tests/reservations/selling/test_holds.py::test_a_hold_is_never_extended_past_its_cap",
    ),
    Fault(
        "Holds that came to nothing never slow a browser down",
        """\
    left = pause - (hold.seconds_since_last or 0)
""",
        """\
    left = 0 * pause
""",
        "tests/reservations/selling/test_holds.py::test_after_three_unpaid_holds_a_new_one_waits_and_longer_each_time",
    ),
    Fault(
        "A fresh cookie is a fresh start",
        """\
    over = hold.unpaid_at_address - UNPAID_HOLDS_FOR_FREE_AT_ADDRESS
    if over < 0:""",
        """\
    over = hold.unpaid_at_address - UNPAID_HOLDS_FOR_FREE_AT_ADDRESS
    if over < 10**6:""",
        "tests/reservations/seats/test_shares.py::test_a_fresh_cookie_is_no_fresh_start_where_holds_end_unpaid",
    ),
    Fault(
        "Nobody counts tickets per person",
        """\
        require_tickets_left(showtime_id=showtime_id, person=person, count=own)
""",
        "        pass\n",
        "tests/reservations/selling/test_ticket_limits.py::test_up_to_the_limit_and_no_further",
    ),
    Fault(
        "A promo code with a limit is used once more",
        "if promo.most_uses is not None and uses >= promo.most_uses:",
        "if promo.most_uses is not None and uses > promo.most_uses:",
        "tests/reservations/selling/test_promo_codes.py::test_a_code_that_is_used_up_is_refused",
    ),
    Fault(
        "A promo code is redeemed without its lock",
        """\
        promo = locks.promo_code(promotion.promo_code_id)
""",
        """\
        promo = PromoCode.objects.get(pk=promotion.promo_code_id)
""",
        "tests/race/test_promo.py::test_ten_uses_are_ten_when_fifty_want_one",
    ),
    Fault(
        "An alias of an address is another person",
        """\
        name = name.split("+", maxsplit=1)[0] or name
""",
        "",
        "tests/reservations/selling/test_promo_codes.py"
        "::test_one_customer_is_known_by_the_address_without_case_and_alias",
    ),
    Fault(
        "A used ticket is welcome again",
        '    used = _used(last_admission(ticket.pk), theater) if ticket.status == TicketStatus.USED else ""',
        '    used = ""',
        "tests/reservations/door/test_door_scans.py::test_the_second_time_says_when_and_where_the_first_was",
    ),
    Fault(
        "A ticket of another theater is welcome",
        '"" if theater == door.theater else gettext("This ticket is for',
        '"" if True else gettext("This ticket is for',
        "tests/reservations/door/test_door_scans.py::test_a_ticket_of_another_theater_is_told_apart_and_not_shown",
    ),
    Fault(
        "A canceled ticket is welcome",
        """\
    if ticket.status == TicketStatus.VOID:
        return gettext("This ticket was canceled""",
        """\
    if False:
        return gettext("This ticket was canceled""",
        "tests/reservations/door/test_door_scans.py::test_a_canceled_ticket_is_worth_nothing",
    ),
    Fault(
        "Yesterday's ticket is welcome",
        """\
    if day == today:
        return ""
    when =""",
        """\
    if day <= today:
        return ""
    when =""",
        "tests/reservations/door/test_door_scans.py::test_the_wrong_day_or_hour",
    ),
    Fault(
        "Two scanners let one ticket in",
        "    tickets ="
        ' Ticket.objects.select_related("booking__sale__contact").select_for_update(no_key=True, of=("self",))',
        '    tickets = Ticket.objects.select_related("booking__sale__contact")',
        "tests/race/test_door.py::test_one_ticket_at_eight_doors_lets_one_person_in",
    ),
    Fault(
        "An entry is taken back after any time without a reason",
        """\
        if not reason and not Scan.objects.filter(pk=scan.pk, at__gt=from_now(-UNDO_WITHIN.total_seconds())).exists():
            raise TooLongAgo""",
        """\
        if False:
            raise TooLongAgo""",
        "tests/reservations/door/test_door_scans.py::test_an_old_entry_stays",
    ),
    Fault(
        "A child comes alone",
        """\
        if kind.needs_adult:
""",
        """\
        if False:
""",
        "tests/reservations/selling/test_party_rules.py::test_a_type_that_needs_an_adult_is_sold_with_one",
    ),
    Fault(
        "The minimum age of a movie is not looked at",
        "kind.max_age < ages.min_age:",
        "kind.max_age < 0:",
        "tests/reservations/selling/test_party_rules.py::test_pay_refuses_with_the_sentence_and_changes_nothing",
    ),
    Fault(
        "A companion seat is sold without a wheelchair space",
        "if is_companion(place.category)][allowed:]",
        "if False][allowed:]",
        "tests/reservations/selling/test_party_rules.py::test_pay_refuses_with_the_sentence_and_changes_nothing",
    ),
    Fault(
        "A seat is taken whatever its state is",
        """\
OR {state_sql("locked", at="at")} = {FREE}
""",
        """\
OR {state_sql("locked", at="at")} <> {HOUSE}
""",
        "tests/reservations/selling/test_holds.py::test_one_seat_that_is_gone_means_none",
    ),
    Fault(
        "Customers take house seats",
        'OR (%(house)s AND {state_sql("locked", at="at")} = {HOUSE})',
        'OR ({state_sql("locked", at="at")} = {HOUSE})',
        "tests/reservations/selling/test_holds.py::test_a_house_seat_is_not_sold",
    ),
    Fault(
        "Seats that are being paid for do not count in an address's share",
        "IN ('{SeatState.HELD}', '{SeatState.PENDING}'))\"",
        "IN ('{SeatState.HELD}'))\"",
        "tests/reservations/seats/test_shares.py::test_pressing_pay_frees_nothing",
    ),
    Fault(
        "The answer to a swap forgets what the address can still take",
        "seen if own is None else replace(seen, left_at_address=own.left_at_address)",
        "seen",
        "tests/reservations/seats/test_shares.py::test_the_panel_says_after_a_swap_what_is_left_for_the_address",
    ),
    Fault(
        "The answer to a click shows the seats of that click alone",
        "SELECT id, label FROM locked UNION ALL SELECT id, label FROM held_before",
        "SELECT id, label FROM locked",
        "tests/reservations/seats/test_click_answer.py::test_taking_seats_says_what_the_browser_has_then",
    ),
    Fault(
        "Whoever has as many seconds left sees the moment at which somebody else's hold ends",
        '{"panel": replace(panel, expires_at=END)}',
        '{"panel": panel}',
        "tests/reservations/seats/test_click_answer.py::test_a_cached_countdown_equals_one_rendered_again",
    ),
    Fault(
        "Every token has the same mask",
        "secrets.token_bytes(2 * CSRF_SECRET_LENGTH)",
        "bytes(2 * CSRF_SECRET_LENGTH)",
        "tests/core/caches/test_csrf_tokens.py::test_each_answer_has_a_mask_of_its_own",
    ),
    Fault(
        "A swap says that the seat given back is mine",
        "if own is not None and set(labels) <= set(own.labels):",
        "if own is not None:",
        "tests/reservations/seats/test_click_answer.py::test_seats_that_were_not_taken_say_nothing_of_the_browser",
    ),
    Fault(
        "Late money takes a house seat",
        "return _confirm_booking(booking, {SeatState.FREE}, actor=actor)",
        "return _confirm_booking(booking, {SeatState.FREE, SeatState.HOUSE}, actor=actor)",
        "tests/reservations/selling/test_hand_over.py::test_a_seat_that_is_somebody_elses_now_means_no_ticket_at_all",
    ),
    Fault(
        "The Python twin of a seat's state forgets that time passes",
        "if row.hold_id is not None if row.held_until is None else row.held_until > now:",
        "if row.held_until is not None:",
        "tests/reservations/seats/test_state.py::test_sql_and_python_judge_every_mix_of_the_columns_alike",
    ),
    Fault(
        "A hold's seats stay when it lapses",
        """\
    freed = locks.release_seats(hold_id=hold.pk, labels=None)
""",
        """\
    freed: dict[str, str] = {}
""",
        "tests/reservations/selling/test_holds.py::test_taking_again_after_my_hold_lapsed_begins_a_new_one",
    ),
    Fault(
        "A draft is on sale",
        """\
    if gate is None or gate.status == ShowtimeStatus.DRAFT:
""",
        """\
    if gate is None:
""",
        "tests/reservations/selling/test_holds.py::test_a_draft_is_not_on_sale",
    ),
    Fault(
        "Sales go on after their close",
        """\
    if not published.is_before_close:
""",
        """\
    if not published:
""",
        "tests/reservations/selling/test_holds.py::test_nothing_is_taken_at_a_canceled_showtime_or_after_sales_closed",
    ),
    Fault(
        "A browser holds seats of any number of showtimes",
        "    if most and held_elsewhere >= most:",
        "    if False:",
        "tests/reservations/selling/test_cart.py::test_holds_elsewhere_are_links_in_the_refusal",
    ),
    Fault(
        "Holds that are over count as holds elsewhere",
        """\
ended_at IS NULL AND expires_at > clock_timestamp()
         UNION ALL
        SELECT shared.""",
        """\
ended_at IS NULL
         UNION ALL
        SELECT shared.""",
        "tests/reservations/selling/test_cart.py"
        "::test_other_peoples_holds_and_those_that_are_over_are_no_holds_elsewhere",
    ),
)
