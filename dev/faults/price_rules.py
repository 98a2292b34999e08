"""Faults in price rules and public holidays."""

from dev.faults.fault import Fault

ON_SALE = "tests/reservations/selling/test_price_rules_on_sale.py"

PRICE_RULES = (
    Fault(
        "An early bird has no end",
        "rule.end != self.until, early)",
        "False, early)",
        "tests/theaters/test_price_making.py::test_each_rule_and_their_order",
    ),
    Fault(
        "Something is added to a ticket that is free",
        "        if amount:\n            surcharges",
        "        if True:\n            surcharges",
        "tests/theaters/test_price_making.py::test_each_rule_and_their_order",
    ),
    Fault(
        "A hold that begins in time has not the early price that the map showed",
        '(SELECT {version_sql("clock_timestamp()")} AS price_version_id,',
        "(SELECT showtime.price_version_id,",
        f"{ON_SALE}::TestEarlyBird::test_who_chooses_in_time_pays_less_on_the_map_in_lists_and_at_pay",
    ),
    Fault(
        "A surcharge for 3D is taken in 2D",
        "showtime.picture in (rule.pictures or [showtime.picture])",
        "True",
        f"{ON_SALE}::test_a_surcharge_is_in_the_price_of_showtimes_in_3d_alone",
    ),
    Fault(
        "A list for public holidays counts on all days",
        "HolidayUse.ON: is_holiday,",
        "HolidayUse.ON: True,",
        "tests/theaters/test_public_holidays.py::test_what_a_list_says_about_holidays",
    ),
    Fault(
        "A ticket forgets what price rules did to its price",
        "        return written(self.changes)",
        "        return []",
        "tests/payments/sessions/test_price_parts.py::test_a_ticket_keeps_its_parts_whatever_becomes_of_the_rules",
    ),
    Fault(
        "The report on price rules counts what canceled tickets took back",
        "return self.gross - self.taken_back",
        "return self.gross",
        "tests/boxoffice/test_reports_and_ledger.py::test_every_day_adds_up_to_the_ledger",
    ),
    Fault(
        "The map shows the price of a type that is not sold for the day",
        "return is_of_day and not kind.needs_code",
        "return not kind.needs_code",
        "tests/reservations/selling/test_odd_prices.py"
        "::test_a_type_that_ends_today_is_shown_today_and_no_more_tomorrow",
    ),
    Fault(
        "A changed rule of a type makes a wheelchair space dear",
        "            self._require_no_dear_places(data, theater)\n",
        "",
        "tests/boxoffice/test_ticket_types.py::test_a_changed_rule_never_makes_an_accessible_seat_dearer_than_others",
    ),
    Fault(
        "What was dear before keeps other changes of a type away",
        "        if cell not in known:\n",
        "        if cell in cells:\n",
        "tests/boxoffice/test_ticket_types.py::test_what_was_dear_before_does_not_keep_other_changes_away",
    ),
)
