"""Faults in waiting lists."""

from dev.faults.fault import Fault

OF_THE_LIST = "tests/reservations/waiting/test_waiting_list.py::"

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
        "tests/reservations/waiting/test_waiting_for_places.py::test_who_wants_a_numbered_seat_is_offered_no_place_and_not_told_of_places",
    ),
    Fault(
        "Seats of an offer are free for all in the moment in which its time is over",
        "GRACE_SECONDS = 120",
        "GRACE_SECONDS = -3600",
        f"{OF_THE_LIST}test_what_is_not_taken_in_time_goes_on_to_the_next_and_is_never_free_between",
    ),
    Fault(
        "A waiting list holds more seats for one internet address than its share",
        "    if share.is_over_with(count):\n",
        "    if False:\n",
        "tests/reservations/waiting/test_waiting_shares.py::test_one_address_is_offered_its_share_and_the_next_in_line_the_rest",
    ),
    Fault(
        "What is offered to people at an address counts nowhere",
        "        network=entry.network,\n",
        '        network="",\n',
        "tests/reservations/waiting/test_waiting_shares.py::test_one_address_is_offered_its_share_and_the_next_in_line_the_rest",
    ),
    Fault(
        "Somebody else's wish is changed by their address",
        "        if entry.status == WaitingStatus.ASKED or _is_own(customer):\n            _write_wish",
        "        if entry:\n            _write_wish",
        f"{OF_THE_LIST}test_a_stranger_who_knows_the_address_changes_nothing_and_hears_nothing",
    ),
    Fault(
        "Whoever follows the link of a taken offer is led in",
        "        if entry.status == WaitingStatus.TOOK and _was_taken_by(entry, browser):",
        "        if entry.status == WaitingStatus.TOOK:",
        "tests/reservations/waiting/test_waiting_list.py::test_what_was_taken_is_nobody_elses_who_follows_the_link",
    ),
    Fault(
        "An offer is taken while its taker pays for other seats",
        "        _require_not_paying(showtime_id, browser)\n        hold",
        "        hold",
        "tests/reservations/waiting/test_waiting_list.py::test_no_offer_is_taken_by_who_is_paying_for_other_seats_there",
    ),
)
