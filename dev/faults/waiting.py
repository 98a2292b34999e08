"""Faults in waiting lists."""

from dev.faults.fault import Fault

OF_THE_LIST = "tests/reservations/waiting/test_waiting_list.py::"

PRESSED = "tests/reservations/waiting/test_offers_pressed_again.py::"
WAITING = (
    Fault(
        "Tickets that come back are free for all at once",
        "    rows = _keep_for_friends(rows, kept) if kept else keep_for_waiting_list(booking.showtime_id, rows)\n",
        "",
        f"{OF_THE_LIST}test_seats_that_come_back_are_nobodys_else_and_held_for_the_first",
    ),
    Fault(
        "An offer is made of fewer seats than asked for, apart",
        "    return SkipReason.APART if wish.is_together and not choices[0].is_together else choices",
        "    return choices",
        f"{OF_THE_LIST}test_side_by_side_is_waited_for_or_not_as_was_wished",
    ),
    Fault(
        "Places of an area are offered to who waits for numbered seats",
        " or (wish.is_numbered and seats_of_plan(plan_id)):\n        return []\n",
        ":\n        return []\n",
        "tests/reservations/waiting/test_waiting_for_places.py"
        "::test_who_wants_a_numbered_seat_is_offered_no_place_and_not_told_of_places",
    ),
    Fault(
        "Seats of an offer are free for all in the moment in which its time is over",
        "GRACE_SECONDS = 120",
        "GRACE_SECONDS = -3600",
        f"{OF_THE_LIST}test_what_is_not_taken_in_time_goes_on_to_the_next_and_is_never_free_between",
    ),
    Fault(
        "A waiting list holds more seats for one internet address than its share",
        " and share.is_over_with(more):\n",
        " and False:\n",
        "tests/reservations/waiting/test_waiting_shares.py"
        "::test_one_address_is_offered_its_share_and_the_next_in_line_the_rest",
    ),
    Fault(
        "What is offered to people at an address counts nowhere",
        "        network=entry.network,\n",
        '        network="",\n',
        "tests/reservations/waiting/test_waiting_shares.py"
        "::test_one_address_is_offered_its_share_and_the_next_in_line_the_rest",
    ),
    Fault(
        "Somebody else's wish is changed by their address",
        "        if entry.status == WaitingStatus.ASKED or _is_own(customer):\n            _write_wish",
        "        if entry:\n            _write_wish",
        f"{OF_THE_LIST}test_a_stranger_who_knows_the_address_changes_nothing_and_hears_nothing",
    ),
    Fault(
        "Whoever follows the link of a taken offer is led in",
        "            if was_taken_by(entry, browser.holder):",
        "            if entry:",
        "tests/reservations/waiting/test_waiting_list.py::test_what_was_taken_is_nobody_elses_who_follows_the_link",
    ),
    Fault(
        "An offer is taken while its taker pays for other seats",
        "        _require_not_paying(showtime_id, browser)\n        require_few",
        "        require_few",
        "tests/reservations/waiting/test_waiting_list.py"
        "::test_no_offer_is_taken_by_who_is_paying_for_other_seats_there",
    ),
    Fault(
        "A canceled ticket gives a seat back that is somebody else's",
        "    rows = [row for row in rows if row.booking_id == booking.pk]\n    rows = _keep",
        "    rows = _keep",
        f"{OF_THE_LIST}test_a_seat_that_is_somebody_elses_does_not_come_back_with_a_canceled_ticket",
    ),
    Fault(
        "Who left waits again by the link of the first mail",
        "entry.status != WaitingStatus.TOOK:\n            raise WaitingListEnded\n",
        "entry.pk == 0:\n            raise WaitingListEnded\n",
        "tests/reservations/waiting/test_waiting_ends.py::test_who_left_does_not_wait_by_the_link_of_the_first_mail",
    ),
    Fault(
        "A form that is sent twice mails twice",
        "    if mails.filter(entry=entry, created_at__gt=from_now(-PAUSE_SECONDS)).exists():\n        return\n",
        "",
        "tests/reservations/waiting/test_waiting_ends.py::test_asked_twice_within_a_minute_it_is_one_mail",
    ),
    Fault(
        "People wait longer than tickets are sold",
        "    entry.until = min(wish.until or showtime.sales_close_at, showtime.sales_close_at)",
        "    entry.until = wish.until or showtime.sales_close_at",
        "tests/reservations/waiting/test_waiting_ends.py::test_nobody_waits_longer_than_tickets_are_sold",
    ),
    Fault(
        "A waiting list begins after sales are closed",
        "or not Showtime.objects.filter(pk=showtime_id, sales_close_at__gt=ClockTimestamp()).exists()",
        "or False",
        "tests/reservations/waiting/test_waiting_ends.py::test_nobody_waits_longer_than_tickets_are_sold",
    ),
    Fault(
        "An address that nobody proved is told of a canceled showtime",
        "    if is_canceled and was_waiting:",
        "    if is_canceled:",
        "tests/reservations/waiting/test_waiting_ends.py"
        "::test_who_never_proved_the_address_is_mailed_nothing_when_the_show_is_canceled",
    ),
    Fault(
        "Mails to a forgotten address stay on their way",
        "    mails = WaitingMail.objects.filter(entry__contact__in=contacts)\n",
        "    mails = WaitingMail.objects.none()\n",
        "tests/reservations/waiting/test_waiting_ends.py::test_mails_of_a_forgotten_address_are_given_up",
    ),
    Fault(
        "The end of a wish ends an offer that is still open",
        "(is_canceled or (is_over and not has_offer))",
        "(is_canceled or is_over)",
        "tests/reservations/waiting/test_waiting_ends.py::test_an_offer_is_kept_until_its_own_end",
    ),
    Fault(
        "An offer that ran out is taken before the sweep comes",
        "until__gt=ClockTimestamp()).first()\n        if offer is None or entry.status",
        ").first()\n        if offer is None or entry.status",
        "tests/reservations/waiting/test_waiting_ends.py"
        "::test_an_offer_that_ran_out_is_not_taken_before_the_sweep_comes",
    ),
    Fault(
        "Who takes an offer keeps what the browser held there",
        "            end_hold(before, end=HoldEnd.RELEASED)\n        offered_at",
        "        offered_at",
        "tests/reservations/waiting/test_waiting_ends.py::test_what_the_browser_held_there_is_given_back_for_the_offer",
    ),
    Fault(
        "An offer lasts beyond the end of sales",
        "    return int(min(settings.WAITING_OFFER_SECONDS, max(SHORTEST_OFFER_SECONDS, left / 4)))",
        "    return int(settings.WAITING_OFFER_SECONDS)",
        "tests/reservations/waiting/test_waiting_ends.py::test_near_the_end_of_sales_an_offer_is_shorter",
    ),
    Fault(
        "Seats are offered once sales are closed",
        " or not gate.is_before_close:\n                return 0",
        ":\n                return 0",
        "tests/reservations/waiting/test_waiting_ends.py::test_nothing_is_offered_once_sales_are_closed",
    ),
    Fault(
        "One address takes the offers of many without a limit",
        "        if hold.address != offered_at:\n            require_seats_left_at_address(hold)\n",
        "",
        "tests/reservations/waiting/test_waiting_shares.py::test_an_offer_counts_at_the_address_that_takes_it",
    ),
    Fault(
        "A promised offer is judged again where it was promised",
        "        if hold.address != offered_at:\n",
        "        if True:\n",
        "tests/reservations/waiting/test_waiting_shares.py"
        "::test_at_the_address_of_the_entry_an_offer_is_not_judged_again",
    ),
    Fault(
        "An offer frees for everybody what a friend kept for its taker",
        "            require_no_shared_block(before)\n            end_hold(before, end=HoldEnd.RELEASED)\n        offered_at",
        "            end_hold(before, end=HoldEnd.RELEASED)\n        offered_at",
        "tests/reservations/groups/test_shared_blocks.py"
        "::TestFriend::test_an_offer_of_the_waiting_list_does_not_replace_it",
    ),
    Fault(
        "Who comes second to an offer is told that their time ran out",
        "            raise OfferTaken\n",
        "            raise OfferOver\n",
        f"{PRESSED}test_another_browser_with_the_link_reads_that_they_are_taken",
    ),
    Fault(
        "Every browser is led to seats that one of them holds",
        "page.status == WaitingStatus.TOOK and was_taken_by(page.entry, holder_of(request))",
        "page.status == WaitingStatus.TOOK",
        f"{PRESSED}test_another_browser_with_the_link_reads_that_they_are_taken",
    ),
    Fault(
        "A late press of Yes says that who took an offer is not on the list",
        "        if entry.ended_at is not None and entry.status != WaitingStatus.TOOK:",
        "        if entry.ended_at is not None:",
        f"{PRESSED}test_a_late_press_of_another_button_changes_nothing",
    ),
)
