"""Faults in the choice of seats: the single seat rule and the best seats."""

from dev.faults.fault import Fault

AROUND = "tests/reservations/seats/test_best_seats_oracle.py"
ORACLE = "tests/reservations/seats/test_best_seats_oracle.py::test_ordinary_seats"
SINGLE_SEATS = "tests/reservations/seats/test_single_seats.py"
EXCHANGES = "tests/payments/refunds/test_single_seats_in_exchanges.py"
WAITING = "tests/reservations/waiting/test_waiting_list.py"
EXAMPLES = f"{SINGLE_SEATS}::test_what_leaves_a_single_seat_over"

NEEDS = "tests/accounts/test_needs.py"
TOLD = "tests/payments/sessions/test_told_needs.py"
TAKERS = "tests/reservations/aftersale/test_needs_of_takers.py"
WAITING_NEEDS = "tests/reservations/waiting/test_waiting_for_needs.py"
BEST = "tests/reservations/seats/test_best_seats.py"
OUTAGES = "tests/payments/refunds/test_outages.py"
IN_LIST = "tests/reservations/seats/test_list_groups.py"

BEST_SEATS = (
    Fault(
        "A notice offers more wheelchair spaces than there are people",
        "raise OnlyWheelchairSpaces(min(spaces, wish.count))",
        "raise OnlyWheelchairSpaces(spaces)",
        f"{BEST}::test_where_only_wheelchair_spaces_are_free_the_notice_asks_how_many",
    ),
    Fault(
        "The map below the list marks nothing that fits",
        "**(_marked_map(page, needs, known) if wish.has_map else {}),",
        "",
        "tests/accounts/test_every_need.py::test_each_way_begins_with_each_need",
    ),
    Fault(
        "The list offers seats that leave a single seat over",
        "if not leaves or not self._is_refused([*self.held, *group])",
        "if not leaves or group",
        f"{IN_LIST}::test_a_pair_that_leaves_a_single_seat_is_listed_only_where_the_section_has_no_other",
    ),
    Fault(
        "The list forgets the seats that the browser holds",
        """        chosen = [*self.held, *group]
        if any(is_for_some""",
        """        chosen = [*group]
        if any(is_for_some""",
        f"{IN_LIST}::test_what_is_held_already_is_judged_with_it",
    ),
    Fault(
        "The list offers companion seats alone",
        "if not rules.has_companion_alone(seats)]",
        "]",
        f"{IN_LIST}::test_a_companion_seat_alone_is_left_out_until_it_is_released",
    ),
    Fault(
        "In the list a wheelchair user sits alone",
        'if asked in ("", seat.category) or is_for_some(asked)]',
        'if asked in ("", seat.category)]',
        f"{IN_LIST}::test_with_the_wheelchair_filter_the_seats_beside_the_space_belong_to_the_group",
    ),
    Fault(
        "Who looks for the best seats does not wait for a turn",
        """\
        locks.turn_for_best_seats(showtime_id=showtime_id)
        for _ in range(MOST_TRIES):
            seat_map = _seat_map(showtime_id, browser.holder)
""",
        """\
        for _ in range(MOST_TRIES):
            seat_map = _seat_map(showtime_id, browser.holder)
""",
        "tests/race/test_best_seats.py::test_fifty_at_once_for_forty_pairs",
    ),
    Fault(
        "The best seats leave a single seat over",
        "return [part for part in parts if not part.singles] or parts",
        "return parts",
        ORACLE,
    ),
    Fault(
        "The seats farthest from the best place come first",
        "keys[id(part)][1:], part.distance))",
        "keys[id(part)][1:], -part.distance))",
        ORACLE,
    ),
    Fault(
        "Nobody who needs an exit near by gets such a row first",
        "ranks[NEAR_EXIT] = not any(seat.row in self.exit_rows for seat in seats)",
        "ranks[NEAR_EXIT] = 0",
        "tests/reservations/seats/test_best_seats.py::test_rows_near_an_exit_come_first_for_who_needs_one_and_are_no_condition",
    ),
    Fault(
        "Best seats order by the first need alone",
        "return (sum(rank != MET for rank in ranks), *ranks)",
        "return (0, *ranks)",
        f"{AROUND}::test_facts_and_aisles_that_are_asked_for_come_before_the_distance",
    ),
    Fault(
        "One person gets no aisle where it leaves a single seat over",
        "if wish.count == 1 and wish.needs:",
        "if wish.count == 0:",
        "tests/accounts/test_every_need.py::test_each_way_begins_with_each_need",
    ),
    Fault(
        "A showtime without such seats fits who needs them",
        'facets["access"] | facets["seats"]',
        'facets["access"] | facets["seats"] | {"aisle", "armrest", "near-exit"}',
        "tests/accounts/test_every_need.py::test_each_way_begins_with_each_need",
    ),
    Fault(
        "An account that saved no needs cannot tell those of its browser",
        "return _needs_in_cookie(request) if _needs_of_account(request) is None else []",
        "return [] if request.user.is_authenticated else _needs_in_cookie(request)",
        f"{TOLD}::test_an_account_that_has_saved_none_tells_those_of_its_browser",
    ),
    Fault(
        "The door reads nothing of what a friend needs who took a ticket",
        "return in_words(taken.told_needs) if taken else ()",
        "return ()",
        f"{TAKERS}::test_the_door_reads_it_with_this_ticket_alone",
    ),
    Fault(
        "What the friend before needed is read with a ticket that was given on",
        "    ticket.transfers.exclude(told_needs=[]).update(told_needs=[])\n",
        "",
        f"{TAKERS}::test_who_takes_it_after_them_tells_their_own",
    ),
    Fault(
        "Anybody with the code takes back what a friend told",
        "    if not was_taken_by(found, holder=holder_of(request)):\n        raise Http404",
        "    if False:\n        raise Http404",
        f"{TAKERS}::test_nobody_else_reads_or_changes_it",
    ),
    Fault(
        "What a friend needs outlives the erased sale",
        "    Transfer.objects.filter(ticket__booking__sale=sale).exclude(told_needs=[]).update(told_needs=[])\n",
        "",
        f"{TAKERS}::test_erasing_the_sale_empties_it",
    ),
    Fault(
        "The night finds no friend's needs where the contact says nothing",
        ") | Exists(takers)",
        ")",
        f"{TAKERS}::test_the_night_finds_it_where_the_contact_says_nothing",
    ),
    Fault(
        "An outage tells nobody of what a friend needs",
        " | with_sale | with_ticket",
        " | with_sale",
        "tests/payments/refunds/test_outages.py::test_of_what_a_friend_needs_who_took_a_ticket_the_buyer_is_told",
    ),
    Fault(
        "A program shows what fits no earlier than the rest",
        "(not any(chip.fits_needs for chip in row.chips), row.chips[0].starts_at)",
        "row.chips[0].starts_at",
        "tests/accounts/test_every_need.py::test_each_way_begins_with_each_need",
    ),
    Fault(
        "The map marks every seat for somebody with needs",
        "[seat.label for seat in offered if asked.are_met_by([seat])]",
        "[seat.label for seat in offered]",
        "tests/accounts/test_every_need.py::test_each_way_begins_with_each_need",
    ),
    Fault(
        "Another way to split a party is offered that the rule refuses",
        "[best, *(other for other in splits if _is_let(open_seats.picture, other))]",
        "[best, *splits]",
        ORACLE,
    ),
    Fault(
        "The party of an aisle is split more often than it has to be",
        "must_have=having is not None)",
        "must_have=False)",
        f"{AROUND}::test_the_party_of_an_aisle_is_split_as_seldom_as_can_be",
    ),
    Fault(
        "A sofa and a seat beside it are two parts to the rule of single seats",
        "self._at_new_run(walk, at, is_beside=number > 0)",
        "self._at_new_run(walk, at, is_beside=False)",
        "tests/reservations/seats/test_single_seats.py::test_what_leaves_a_single_seat_over",
    ),
    Fault(
        "The door reads nothing of a guest's needs",
        "return in_words({*of_account, *sale.contact.told_needs})",
        "return in_words(of_account)",
        f"{TOLD}::test_the_door_reads_it",
    ),
    Fault(
        "An outage tells no guest",
        "told = Q(sale__user_id__in=accounts_that_need(needs)) | with_sale",
        "told = Q(sale__user_id__in=accounts_that_need(needs))",
        "tests/payments/refunds/test_outages.py::test_guests_who_told_it_with_their_booking_are_told_and_no_others",
    ),
    Fault(
        "Needs that were told outlive the contact",
        'payer_search="", told_needs=[], emptied_at',
        'payer_search="", emptied_at',
        f"{TOLD}::test_it_is_in_the_file_of_the_person_and_goes_with_the_contact",
    ),
    Fault(
        "The night forgets no contact that says nothing but needs",
        " | ~Q(contact__told_needs=[])",
        "",
        f"{TOLD}::test_the_night_finds_a_contact_that_says_nothing_but_needs",
    ),
    Fault(
        "Another row comes before a choice that meets more needs",
        "    for _, alike in groupby(parts, key=lambda part: lacks(part.seats)[0]):",
        "    for _, alike in groupby(parts, key=lambda part: 0):",
        f"{AROUND}::test_facts_and_aisles_that_are_asked_for_come_before_the_distance",
    ),
    Fault(
        "Who slides over the armrest has it at another seat than the aisle",
        "return 1 if needs_both and armrest_rank(at_aisle) != MET else MET",
        "return MET",
        f"{WAITING_NEEDS}::test_who_slides_over_the_armrest_needs_aisle_and_armrest_at_one_seat",
    ),
    Fault(
        "A party that is split lacks what it must have",
        "    if must.are_met_by([seat for part in near for seat in part]):",
        "    if near or True:",
        f"{AROUND}::test_what_a_party_must_have_it_has_together_or_apart",
    ),
    Fault(
        "The list of somebody with several needs begins with the first of them",
        'sort = "needs" if len(judged) > 1 else next(',
        "sort = next(",
        f"{NEEDS}::TestFactsOfSeats::test_two_needs_are_both_said",
    ),
    Fault(
        "A dog of the waiting list gets no aisle",
        "or (self.has_dog and not self.wheelchairs)",
        "",
        f"{WAITING_NEEDS}::test_what_is_held_meets_the_need_and_what_does_not_is_named",
    ),
    Fault(
        "Near an exit is forgotten by the waiting list",
        "(seat.row in found.exit_rows or not wish.is_near_exit)",
        "True",
        f"{WAITING_NEEDS}::test_what_is_held_meets_the_need_and_what_does_not_is_named",
    ),
    Fault(
        "Who is skipped for a need does not read which",
        'return REASONS.get(next(alone, ""), SkipReason.NEEDS)',
        "return found",
        f"{WAITING_NEEDS}::test_what_is_held_meets_the_need_and_what_does_not_is_named",
    ),
    Fault(
        "The waiting list offers an area's places to who needs an aisle",
        "if wish.needs_a_seat or (",
        "if wish.wheelchairs or (",
        f"{WAITING_NEEDS}::test_a_place_without_a_number_is_beside_no_aisle",
    ),
    Fault(
        "A wheelchair space does not end a run of seats",
        "        if not is_for_some(seat.category):\n            rows.setdefault",
        "        if True:\n            rows.setdefault",
        EXAMPLES,
    ),
    Fault(
        "What is offered instead leaves a single seat over itself",
        "            if state == LEFT_ONE:\n                continue\n",
        "",
        f"{SINGLE_SEATS}::test_refused_just_when_a_better_choice_exists",
    ),
    Fault(
        "A party answers for what later ones leave over",
        "(self._is_left(beside, chosen) or beside in self.later)",
        "self._is_left(beside, chosen)",
        f"{SINGLE_SEATS}::test_who_came_later_answers_for_what_is_left_then",
    ),
    Fault(
        "One person alone is refused for a single seat",
        "self.is_on and chosen > 1 and free > self.off_up_to",
        "self.is_on and free > self.off_up_to",
        EXAMPLES,
    ),
    Fault(
        "Pay sells seats that leave a single seat over",
        "    if left_over := single_seats_left(held):\n        raise LeavesSingleSeats(left_over)\n    terms",
        "    terms",
        "tests/reservations/seats/test_single_seats_at_sale.py::test_pay_refuses_and_changes_nothing",
    ),
    Fault(
        "Seats that one party chooses apart may leave single seats over",
        "near = {*labels, *beside, *_around(picture, beside)}",
        "near = {*labels, *_around(picture, beside)}",
        "tests/reservations/seats/test_single_seats_at_sale.py::"
        "test_pay_refuses_separate_seats_that_leave_single_seats",
    ),
    Fault(
        "The counter leaves a single seat over without the right",
        "    if left_over and not order.allow.single_seats:\n        raise LeavesSingleSeats(left_over)\n",
        "",
        "tests/boxoffice/test_single_seats.py::test_the_counter_refuses_and_offers_others_at_one_press",
    ),
    Fault(
        "The map of an exchange takes the old seats for taken",
        "rule=frame.single_seat_rule, own=own, freed=visitor.freed",
        "rule=frame.single_seat_rule, own=own",
        f"{EXCHANGES}::test_a_seat_that_comes_free_between_new_ones_and_others_is_told_on_the_map",
    ),
    Fault(
        "An exchange is judged without the seats that it frees",
        "if left_over := single_seats_left(held, freed=seats_freed_by(exchange)):",
        "if left_over := single_seats_left(held):",
        f"{EXCHANGES}::test_map_and_continue_never_differ",
    ),
    Fault(
        "A house seat that an exchange gives up counts as free",
        "~HOUSE_SEATS, showtime=exchange.showtime_id, booking=exchange.booking_id, area=None",
        "showtime=exchange.showtime_id, booking=exchange.booking_id, area=None",
        f"{EXCHANGES}::test_a_house_seat_that_is_given_up_is_kept_back_again",
    ),
    Fault(
        "A house seat that a swap leaves counts as free",
        "freed={move.old.label for move in moves}.difference(kept_back)",
        "freed={move.old.label for move in moves}",
        "tests/boxoffice/test_single_seats.py::test_a_house_seat_that_a_swap_leaves_is_no_neighbor",
    ),
    Fault(
        "The old seats are offered instead of the new ones",
        "if seat.category not in categories or seat.label in picture.not_offered:",
        "if seat.category not in categories:",
        f"{SINGLE_SEATS}::test_refused_just_when_a_better_choice_exists",
    ),
    Fault(
        "The best seats of an exchange isolate a seat that comes free",
        "replace(open_seats.without(wish.freed), memory=_Memory())",
        "replace(open_seats, memory=_Memory())",
        f"{EXCHANGES}::test_the_best_seats_isolate_no_seat_that_comes_free",
    ),
    Fault(
        "Pay refuses the seats that the waiting list offered",
        "Q(shared_block__isnull=False) | Q(seat_offer__labels__contains=labels, seat_offer__labels__len=len(labels))",
        "Q(shared_block__isnull=False)",
        f"{WAITING}::test_what_the_house_offers_is_not_refused_for_the_single_seat_it_leaves",
    ),
    Fault(
        "Who took an offer may leave single seats over elsewhere",
        "Q(seat_offer__labels__contains=labels, seat_offer__labels__len=len(labels))",
        "Q(seat_offer__isnull=False)",
        f"{WAITING}::test_what_the_house_offers_is_not_refused_for_the_single_seat_it_leaves",
    ),
    Fault(
        "A party is given seats without what it needs, so that it leaves no single seat",
        "is_free, not_offered = frozenset(picture.free).union(labels), picture.not_offered.union(labels)",
        "is_free, not_offered = frozenset(picture.free).union(labels), picture.not_offered",
        f"{AROUND}::test_nobody_is_given_what_is_not_offered_for_the_single_seat_that_they_leave",
    ),
    Fault(
        "Companion seats are released while other seats are only held",
        "in_state(SeatState.FREE, SeatState.HELD, SeatState.PENDING, at=ClockTimestamp())",
        "in_state(SeatState.FREE, at=ClockTimestamp())",
        "tests/reservations/selling/test_party_rules.py::"
        "test_companion_seats_are_released_when_every_other_seat_is_sold_and_that_is_logged",
    ),
    Fault(
        "A click takes half a sofa",
        "        wanted = with_mates(mates_of_plan(gate.plan_id), wanted)\n        hold = _hold_of",
        "        hold = _hold_of",
        "tests/reservations/seats/test_units.py::test_one_click_takes_the_sofa_and_one_gives_it_back",
    ),
    Fault(
        "The best seats cut a sofa",
        "if is_end[at] and is_end[at + size] and halves[at] == halves[at + size]:",
        "if halves[at] == halves[at + size]:",
        "tests/reservations/seats/test_units.py::test_the_best_seats_cut_no_sofa",
    ),
    Fault(
        "A sofa of which somebody has a part is offered in the best seats",
        "if is_end[at] and is_end[at + size] and halves[at] == halves[at + size]:",
        "if is_end[at] and is_end[at + size]:",
        "tests/reservations/seats/test_units.py::test_the_best_seats_cut_no_sofa",
    ),
    Fault(
        "Parts around a sofa that is too large are not looked for",
        "one + other <= most and (one + other, has_it or brings_it) not in found",
        "one + other < most and (one + other, has_it or brings_it) not in found",
        f"{AROUND}::test_a_party_around_what_it_cannot_have",
    ),
    Fault(
        "A part of a sofa is canceled",
        "return [ticket for ticket in live_tickets if ticket.pk in ticket_ids or sofas.get(ticket.seat_id) in named]",
        "return [ticket for ticket in live_tickets if ticket.pk in ticket_ids]",
        "tests/reservations/seats/test_units.py::test_staff_give_money_back_for_all_of_it",
    ),
    Fault(
        "Parts of a party leave a single seat between them",
        "return choice if wish.wheelchairs or wish.must else _without_singles(open_seats, choice)",
        "return choice",
        f"{AROUND}::test_a_party_around_what_it_cannot_have",
    ),
    Fault(
        "A chair beside a sofa is no neighbor of it",
        "places = {(seat.section, seat.y, seat.x) for seat in chosen}",
        "places = {(seat.section + seat.unit, seat.y, seat.x) for seat in chosen}",
        f"{AROUND}::test_a_chair_beside_a_sofa_is_side_by_side_with_it_for_the_rule_too",
    ),
    Fault(
        "A party that is split gets no other ways",
        "    splits = _other_splits(open_seats, wish, best, others)\n",
        "    splits: list[SeatChoice[S]] = []\n",
        f"{BEST}::test_a_split_party_has_three_other_ways_one_press_away",
    ),
    Fault(
        "Another way to split a party lets people sit alone",
        "limit = Limit(len(best.parts) + 1, best.alone)",
        "limit = Limit(len(best.parts) + 1, len(best.labels))",
        f"{BEST}::test_the_other_ways_of_a_split_party_are_about_as_good",
    ),
    Fault(
        "Another way to split a party has no place for a part of the best",
        "for part in reversed(best.parts):",
        "for part in ():",
        f"{BEST}::test_the_other_ways_of_a_split_party_are_about_as_good",
    ),
    Fault(
        "The list searches for a better choice for each group anew",
        "if kind not in self._refused:",
        "if kind:",
        f"{IN_LIST}::test_better_choices_are_searched_for_once_for_each_kind_not_for_each_group",
    ),
    Fault(
        "A refused swap has no button with better seats",
        "raise SwapLeavesSingleSeats(sentence, instead)",
        "raise SwapLeavesSingleSeats(sentence, ())",
        "tests/boxoffice/test_single_seats.py::"
        "test_the_better_seats_of_a_swap_are_one_press_away_with_ticket_and_reason",
    ),
    Fault(
        "The better seats of a swap leave out those that are kept",
        "instead = (*sorted(staying), *(seat.label for seat in others))",
        "instead = tuple(seat.label for seat in others)",
        "tests/boxoffice/test_single_seats.py::"
        "test_the_better_seats_of_a_swap_are_one_press_away_with_ticket_and_reason",
    ),
    Fault(
        "The friend who took a ticket reads what its buyer told the staff",
        "return has_told or (Need.WHEELCHAIR in needs and is_for_some(ticket.seat.category))",
        "return bool(needs)",
        f"{OUTAGES}::test_a_friend_does_not_read_what_the_buyer_needs",
    ),
    Fault(
        "The friend who took a ticket is told nothing of a broken lift",
        '        "news": news_of_ticket(found),\n',
        "",
        f"{OUTAGES}::test_a_wheelchair_space_from_a_friend_tells_of_the_lift",
    ),
    Fault(
        "The page of a movie is kept for people with other needs",
        "*_wishes(request, Filters(needed=needed)))",
        "*_wishes(request, Filters()))",
        f"{NEEDS}::TestShowtimes::test_the_pages_of_a_movie_and_a_series_mark_what_fits",
    ),
    Fault(
        "The page of a series is kept for people with other needs",
        '("series", slug, needed), draw)',
        '("series", slug), draw)',
        f"{NEEDS}::TestShowtimes::test_the_pages_of_a_movie_and_a_series_mark_what_fits",
    ),
    Fault(
        "The rule finds no choice in as many parts as the refused one has",
        "for most in range(1, parts + 1):",
        "for most in range(1, parts):",
        EXAMPLES,
    ),
)
