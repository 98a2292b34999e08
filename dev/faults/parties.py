"""Faults in who comes with a booking: places that stay empty, codes for all, groups that move, people an outage touches."""

from dev.faults.fault import Fault

PARTIES = (
    Fault(
        "The strictest rating of a program is the first one by the alphabet",
        "max(ratings, key=strictness).label",
        "min(rating.label for rating in ratings)",
        "tests/theaters/test_age_limits.py::test_a_double_bill_shows_the_strictest_wherever_it_is_read",
    ),
    Fault(
        "A rating without typed ages lets everybody in",
        "limits_of(rating.country, rating.label) if typed == NO_LIMITS else typed",
        "typed",
        "tests/theaters/test_age_limits.py::test_a_double_bill_shows_the_strictest_wherever_it_is_read",
    ),
    Fault(
        "A sofa is bought with nobody on it",
        "        elif place.unit not in taken:",
        "        elif place.unit in taken:",
        "tests/reservations/seats/test_empty_places.py::test_somebody_sits_there_and_the_house_must_sell_it",
    ),
    Fault(
        "A place that stays empty lets somebody in",
        "        return self.status in LIVE_TICKETS and self.given_at is None and not self.is_empty_place",
        "        return self.status in LIVE_TICKETS and self.given_at is None",
        "tests/reservations/seats/test_empty_places.py"
        "::test_the_door_counts_one_person_and_the_empty_place_opens_nothing",
    ),
    Fault(
        "The list forgets what the empty place costs",
        "price * self.wish.count + nobody * empty",
        "price * self.wish.count",
        "tests/reservations/seats/test_empty_places.py::test_the_list_promises_what_the_quote_charges",
    ),
    Fault(
        "An exchange goes by what the theater says today",
        "    return booking.showtime.auditorium.theater.exchange_minutes if agreed is None else agreed",
        "    return booking.showtime.auditorium.theater.exchange_minutes",
        "tests/payments/refunds/test_exchanges.py::test_the_terms_of_the_sale_count_whatever_the_house_says_later",
    ),
    Fault(
        "The door lets in all of a party where some were ticked",
        "            missing = [one for one in missing if one.seat.label in seats]",
        "            missing = list(missing)",
        "tests/reservations/door/test_party_codes.py::test_the_door_sees_the_party_and_lets_in_all_or_some",
    ),
    Fault(
        "A group loses its seats when its showtime moves",
        "    claims |= {seats[-row.seat_id]: _claim(row) for row in kept}",
        "    claims |= {}",
        "tests/payments/refunds/test_auditorium_moves.py::TestTheMove"
        "::test_the_seats_of_a_group_move_with_it_and_are_still_the_groups",
    ),
    Fault(
        "A corrected fact is told to everybody who sits there",
        "    who &= Q(Exists(taken))",
        "    who = Q(Exists(taken))",
        "tests/payments/refunds/test_corrected_facts.py::test_exactly_those_who_count_on_it_and_sit_there_are_told",
    ),
    Fault(
        "More steps than before are nothing to tell",
        "    return after > (before or 0)",
        "    return before is None and after > 0",
        "tests/payments/refunds/test_corrected_facts.py::test_which_facts_of_a_seat_became_worse",
    ),
    Fault(
        "An outage tells everybody at the showtime",
        "    return live if request.outage is None else live.filter(bookings_in_need(request.outage))",
        "    return live",
        "tests/payments/refunds/test_outages.py::test_exactly_those_who_miss_it_are_told",
    ),
)
