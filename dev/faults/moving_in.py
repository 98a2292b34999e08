"""Faults in tickets that are moved in from another system."""

from dev.faults.fault import Fault

MOVING_IN = (
    Fault(
        "A file with many columns is read for minutes",
        "name for name, count in Counter(columns).items() if name and count > 1",
        "{name for name in columns if name and columns.count(name) > 1}",
        "tests/core/test_large_files.py::test_a_file_of_old_tickets_that_names_a_column_a_hundred_thousand_times",
    ),
    Fault(
        "An old barcode is looked for among the tickets of all theaters",
        "return _with_barcode(text).filter(theater=theater_id).",
        "return _with_barcode(text).",
        "tests/moving_in/test_after_moving_in.py"
        "::test_two_theaters_may_have_the_same_barcode_and_each_lets_its_own_guest_in",
    ),
    Fault(
        "Old barcodes are compared without case",
        "barcode__in={text.strip(), _without_kind(text.strip())})",
        "barcode__iexact=text.strip())",
        "tests/moving_in/test_after_moving_in.py::test_a_barcode_is_compared_exactly",
    ),
    Fault(
        "A moved-in ticket takes a seat that is sold",
        'return gettext("This seat is sold already, to somebody else.")',
        'return ""',
        "tests/moving_in/test_moving_in.py::test_a_seat_that_somebody_has_is_a_conflict",
    ),
    Fault(
        "The money of moved-in tickets is in the sales report",
        "OURS = \"(fact.method <> 'MOVED_IN')::int\"",
        'OURS = "1"',
        "tests/moving_in/test_moving_in.py::test_its_money_is_in_no_takings_and_its_people_are_counted",
    ),
    Fault(
        "What the other system gave back is taken out of the drawer",
        "    if method in COUNTER_METHODS:\n        note_paid_out(locked.sale, refund.amount)",
        "    note_paid_out(locked.sale, refund.amount)",
        "tests/moving_in/test_after_moving_in.py::test_its_money_is_given_back_by_hand_and_noted",
    ),
    Fault(
        "Tickets for a show that has begun are moved in",
        "            if ticket.key.starts_at <= now:",
        "            if False:",
        "tests/moving_in/test_moving_in.py::test_what_began_already_is_refused",
    ),
    Fault(
        "A price below nothing is moved in",
        "if price is None or price < 0 or price >= 10**8",
        "if price is None or price >= 10**8",
        "tests/moving_in/test_moving_in.py::test_what_is_no_price_is_refused",
    ),
    Fault(
        "A price of coins that a currency does not have is moved in",
        "price >= 10**8 or in_coins(price, self.theater.currency) != price:",
        "price >= 10**8:",
        "tests/moving_in/test_moving_in.py::test_what_is_no_price_is_refused",
    ),
    Fault(
        "An old ticket for an area gets a place that is sold or kept back",
        "if place.pk not in named and states.get(place.label, free)[0] == SeatState.FREE]",
        "if place.pk not in named]",
        "tests/moving_in/test_unnumbered_places.py"
        "::test_places_that_are_taken_kept_back_or_named_are_passed_over_and_a_full_area_is_a_conflict",
    ),
    Fault(
        "An old ticket for an area that comes again gets another place",
        "seat=by_id.get(before.seat_id) if before else next(free[line.area], None)",
        "seat=next(free[line.area], None)",
        "tests/moving_in/test_unnumbered_places.py"
        "::test_an_order_for_an_area_is_one_booking_and_comes_again_without_a_change",
    ),
    Fault(
        "Four decimals are thousands",
        "    if len(numbers[-1]) != 3 or",
        "    if len(numbers[-1]) < 3 or",
        "tests/moving_in/test_old_ticket_files.py::test_amounts",
    ),
    Fault(
        "What the old system took back is moved in as sold",
        'if folded(line.cell("status")) in NOT_SOLD:',
        'if line.cell("status") in NOT_SOLD:',
        "tests/moving_in/test_moving_in.py::test_what_the_old_system_took_back_is_not_moved_in",
    ),
    Fault(
        "Of two columns for the barcode the first in the file is read",
        '    return [column if rank == best[column] else "" for column, rank in ranked]\n',
        "    return [column for column, _ in ranked]\n",
        "tests/moving_in/test_old_ticket_files.py::test_exports_of_other_systems_are_read_as_they_are",
    ),
    Fault(
        "The door of one house names the theaters of another",
        "filter(theater__house=theater.house_id).exclude(theater=theater)",
        "exclude(theater=theater)",
        "tests/moving_in/test_after_moving_in.py::test_another_house_does_not_know_it",
    ),
    Fault(
        "Of two theaters with the same old barcode the door names one",
        "return found[0] if len(found) == 1 else None",
        "return found[0] if found else None",
        "tests/moving_in/test_after_moving_in.py::test_where_two_other_theaters_have_the_barcode_neither_is_named",
    ),
)
