"""Faults in the seat categories of theaters: whose names they have, and what a ticket keeps."""

from dev.faults.fault import Fault

ON_SALE = "tests/boxoffice/test_seat_categories.py::TestOnSale"
THEATERS = "tests/theaters/test_seat_categories.py"

SEAT_CATEGORIES = (
    Fault(
        "Names of seat categories are read from the wrong theater",
        'SeatCategory.objects.filter(theater=theater_id).select_related("theater")',
        'SeatCategory.objects.exclude(theater=theater_id).select_related("theater")',
        f"{THEATERS}::TestTheDatabase::test_names_are_those_of_the_theater",
    ),
    Fault(
        "A sofa of the theater's own is sold seat by seat",
        'SeatBehavior.UNIT: "S-"',
        'SeatBehavior.UNIT: "SS"',
        f"{THEATERS}::test_a_code_says_how_seats_are_sold",
    ),
    Fault(
        "A ticket takes every new name of its category",
        "now.name if now.own_name == ticket.category_name else ticket.category_name or usual_name(now.code)",
        "now.name",
        f"{ON_SALE}::test_from_checkout_to_ticket_and_report",
    ),
    Fault(
        "A showtime goes on sale while a category of its seats changes",
        " WHERE plan.id = %s FOR SHARE OF theater",
        " WHERE plan.id = %s",
        "tests/race/test_category_behavior.py::test_who_changes_it_while_such_seats_go_on_sale_waits_and_is_refused",
    ),
)
