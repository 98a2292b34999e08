"""Faults of the move of a showtime to another auditorium."""

from dev.faults.fault import Fault

AUDITORIUM_MOVES = (
    Fault(
        "Seats of the old auditorium are sold while staff look at the move",
        """\
    if row[5] and when_paused == WhenPaused.STOPS:
""",
        """\
    if row[5] and when_paused != WhenPaused.STOPS:
""",
        "tests/payments/refunds/test_auditorium_moves.py"
        "::TestSalesPause::test_nobody_takes_a_seat_or_pays_while_staff_look",
    ),
    Fault(
        "Standard tickets take the premium seats of others in the other auditorium",
        """\
                if self._leaves_enough(pairs):
""",
        """\
                if pairs:
""",
        "tests/reservations/seats/test_new_seats.py"
        "::TestAsAPersonExpects::test_premium_seats_are_kept_for_those_who_paid_for_them",
    ),
    Fault(
        "A wheelchair space is given to anybody",
        """\
        self.free = {seat.label: seat for seat in there if not is_wheelchair(seat.category) and not seat.unit}
""",
        """\
        self.free = {seat.label: seat for seat in there if not seat.unit}
""",
        "tests/reservations/seats/test_new_seats.py"
        "::TestAsAPersonExpects::test_nobody_else_is_put_into_a_wheelchair_space",
    ),
    Fault(
        "What was sold since the move was planned is left behind",
        """\
    if sold := [ticket.seat.label for ticket in tickets if ticket.pk not in seats]:
""",
        """\
    if sold := [ticket.seat.label for ticket in tickets if ticket.pk in ()]:
""",
        "tests/payments/refunds/test_auditorium_moves.py"
        "::TestSalesPause::test_what_was_sold_after_the_pause_stops_the_move",
    ),
)
