"""Faults in seats that are held for friends."""

from dev.faults.fault import Fault

OF_GUESTS = "tests/reservations/opening/test_invited_guests.py::"

MOVES = "tests/reservations/groups/test_shared_block_moves.py"
SHARED = "tests/reservations/groups/test_shared_blocks.py"
SHARED_BLOCKS = (
    Fault(
        "A friend gets a seat after the end",
        "if not _is_alive(kept, database_now()):\n            raise SharedBlockOver",
        "if False:\n            raise SharedBlockOver",
        f"{SHARED}::TestEnd::test_after_the_end_nothing_is_taken",
    ),
    Fault(
        "An unpaid seat of a friend is free minutes after the end",
        "else min(held_until, held.hold.cap_at),",
        "else held_until,",
        f"{SHARED}::TestEnd::test_of_a_short_block_a_quarter_of_its_time_is_left_for_closing",
    ),
    Fault(
        "Payment pages of friends close at the end of the block",
        "last = cap_at if block is None else block.payable_until(cap_at)",
        "last = cap_at",
        f"{SHARED}::TestEnd::test_the_time_to_pay_ends_so_early_that_its_grace_ends_with_the_block",
    ),
    Fault(
        "A friend takes a seat that is not in the block",
        "if not set(wanted) <= {row.label for row in rows}:",
        "if False:",
        f"{SHARED}::TestFriend::test_a_seat_of_another_friend_is_refused",
    ),
    Fault(
        "A friend's hold lives as long as any other",
        "cap_at=kept.expires_at,",
        "cap_at=kept.expires_at + (kept.expires_at - kept.started_at),",
        f"{SHARED}::TestEnd::test_a_friends_hold_ends_with_the_block_and_is_not_extended",
    ),
    Fault(
        "What friends hold is given to everybody on the map",
        "    if hold.shared_block_id is not None:\n        raise SeatsOfSharedBlock",
        "    if False:\n        raise SeatsOfSharedBlock",
        f"{SHARED}::TestFriend::test_the_map_changes_nothing_of_it",
    ),
    Fault(
        "A seat that a friend cancels is everybody's",
        "    kept = open_hold_of_friends(booking)\n    rows =",
        "    kept = None\n    rows =",
        f"{SHARED}::TestEnd::test_a_ticket_that_a_friend_cancels_is_the_friends_again_while_their_block_lives",
    ),
    Fault(
        "Staff end a shared block without a word why",
        "    if not words:\n        raise SchedulingRefused",
        "    if False:\n        raise SchedulingRefused",
        "tests/boxoffice/test_shared_blocks.py::test_without_a_reason_nothing_ends",
    ),
    Fault(
        "A friend's choice is judged for single seats",
        "chosen = Q(shared_block__isnull=False) | ",
        "chosen = ",
        f"{SHARED}::TestFriend::test_a_friends_choice_is_not_also_after_the_others_are_free",
    ),
    Fault(
        "Nobody counts what friends take at one address",
        "        require_seats_left_at_address(mine)\n",
        "",
        f"{SHARED}::TestLimits::test_what_a_friend_takes_counts_at_the_friends_address",
    ),
    Fault(
        "Seats for friends are not counted among the organizer's tickets",
        'return has + ShowtimeSeat.objects.filter(hold__in=blocks.values("hold")).count()',
        "return has",
        f"{SHARED}::TestLimits::test_the_seats_that_nobody_took_count_among_the_organizers_tickets",
    ),
    Fault(
        "Anybody holds seats for friends",
        "    if known is None:\n        raise OrganizerUnknown\n    block =",
        "    known = known or Customer()\n    block =",
        f"{SHARED}::TestOrganizer::test_a_stranger_is_asked_to_sign_in_and_starts_nothing",
    ),
    Fault(
        "Seats for friends end when the showtime moves",
        "        if locked[block.hold_id].ended_at is None\n",
        "        if False\n",
        f"{MOVES}::TestToAnotherAuditorium::test_the_seats_move_and_the_link_leads_to_them",
    ),
    Fault(
        "One seat that came back since the move was planned ends the block",
        "any(row.seat_id in seats for row in friends[block.pk])",
        "all(row.seat_id in seats for row in friends[block.pk])",
        f"{MOVES}::TestToAnotherAuditorium::test_what_a_friend_cancels_while_staff_look_is_given_up_alone",
    ),
    Fault(
        "Friends who paid are not of the block any more when it moved",
        "        block.labels = [*(there[row.seat_id] for row in rows), *paid]\n",
        "        block.labels = [there[row.seat_id] for row in rows]\n",
        f"{MOVES}::TestToAnotherAuditorium::test_a_friend_who_paid_is_a_holder_and_is_still_seen",
    ),
    Fault(
        "The organizer hears nothing of a change",
        '        write_shared_block_mails(blocks, about=f"change {change.pk}")\n',
        "",
        f"{MOVES}::TestMail::test_of_a_canceled_showtime",
    ),
    Fault(
        "Seats for friends are held past the close of an earlier sale",
        "            end_with_the_sale(showtime.pk, planned.sales_close_at)\n",
        "",
        f"{MOVES}::TestMail::test_at_an_earlier_time_nothing_is_held_past_the_close_of_the_sale",
    ),
    Fault(
        "A group hears nothing of a change",
        "            tell_groups_of_change(showtime, about=str(change.pk))\n",
        "            pass\n",
        "tests/boxoffice/test_group_mails.py::test_a_group_that_has_not_paid_is_told_of_a_changed_showtime",
    ),
    Fault(
        "At a closed showtime friends have the checkout without seats",
        "(guest.is_of_group if wants_again else guest.may_pay)",
        "(guest.is_of_group if wants_again else True)",
        f"{OF_GUESTS}test_seeing_the_link_alone_opens_no_checkout",
    ),
    Fault(
        "At a closed showtime friends take seats of the map",
        "guest.is_of_group if wants_again else guest.may_pay",
        "guest.may_pay",
        f"{OF_GUESTS}test_it_opens_nothing_else",
    ),
    Fault(
        "Taking a group's seats again takes any seat of a closed showtime",
        "        take_group_seats(block=group, browser=browser, labels=labels)",
        "        take_seats(showtime_id=showtime_id, browser=browser, labels=labels)",
        "tests/reservations/opening/test_invited_guests.py::test_taking_again_opens_no_other_seat",
    ),
    Fault(
        "A group's seats that ran out are taken from the map",
        "            retake=[] if group_url else own.retake,",
        "            retake=own.retake,",
        "tests/reservations/opening/test_invited_guests.py"
        "::test_at_an_open_showtime_the_map_leads_back_to_the_group_and_takes_nothing_again",
    ),
    Fault(
        "A guest stays known under a link of before",
        'proven_at__gt=from_now(-PROOF_SECONDS), link_version=F("booking__sale__link_version")',
        "proven_at__gt=from_now(-PROOF_SECONDS)",
        "tests/reservations/links/test_proofs.py::test_a_proof_from_before_a_new_link_does_not_count",
    ),
    Fault(
        "A guest stays known for ever",
        "holder=holder, proven_at__gt=from_now(-PROOF_SECONDS)",
        "holder=holder, proven_at__isnull=False",
        "tests/reservations/links/test_proofs.py::test_a_proof_makes_a_guest_known_for_an_hour_and_by_the_present_link",
    ),
    Fault(
        "Friends share the seats of friends anew",
        "    if held.hold.shared_block_id is not None:\n        raise SeatsOfSharedBlock\n",
        "",
        "tests/reservations/groups/test_shared_blocks.py::TestStart::test_what_a_friend_took_is_not_shared_again",
    ),
    Fault(
        "The seats of a group are shared with friends",
        "    if held.house:\n",
        "    if False:\n",
        "tests/reservations/groups/test_shared_blocks.py"
        "::TestStart::test_seats_that_the_theater_keeps_for_a_group_are_not_shared",
    ),
    Fault(
        "Giving back to friends gives one's own seats",
        "        if mine is None or mine.shared_block_id != locked.pk:",
        "        if mine is None:",
        "tests/reservations/groups/test_shared_blocks.py"
        "::TestStart::test_giving_back_to_friends_gives_none_of_ones_own_seats",
    ),
    Fault(
        "A group's seats that got more time while the sweep waited are on sale",
        "        if not GroupBlock.objects.due().filter(pk=locked.pk).exists():\n            return False\n",
        "",
        "tests/race/test_group_blocks.py::test_a_block_that_got_more_time_is_left_alone",
    ),
    Fault(
        "A group's contact is not found by an address with capitals",
        "    wanted = {same_mailbox(email) for email in emails}\n    return GroupBlock",
        "    wanted = set(emails)\n    return GroupBlock",
        "tests/reservations/groups/test_groups.py::test_a_contact_is_known_whatever_the_case_of_its_letters",
    ),
    Fault(
        "The sweep notes the end of a group's seats of which none came back",
        "    if freed or actor != SWEEP:",
        "    if True:",
        "tests/reservations/groups/test_groups.py::TestPaid::test_when_all_are_paid_the_end_leaves_nothing",
    ),
    Fault(
        "A broken chair is the friends' again when its ticket is canceled",
        "    back = [row for row in rows if not is_house_seat(row)]",
        "    back = rows",
        "tests/reservations/groups/test_shared_blocks.py"
        "::TestEnd::test_a_chair_that_broke_meanwhile_is_not_the_friends_again",
    ),
    Fault(
        "A ticket is exchanged for seats that a friend keeps",
        "    require_no_shared_block(held.hold)\n    # The sofas",
        "    # The sofas",
        "tests/reservations/groups/test_shared_blocks.py::TestFriend::test_an_old_ticket_is_not_exchanged_for_it",
    ),
    Fault(
        "Who stops an exchange is refused because of seats that a friend keeps",
        "    with suppress(Paying, SeatsOfSharedBlock):",
        "    with suppress(Paying):",
        "tests/reservations/groups/test_shared_blocks.py::TestFriend::test_an_old_ticket_is_not_exchanged_for_it",
    ),
    Fault(
        "The link of a group leads to another group's seats",
        "GroupBlock.objects.filter(code=code, until__gt=now)",
        "GroupBlock.objects.filter(until__gt=now)",
        "tests/reservations/groups/test_groups.py"
        "::TestPage::test_each_link_leads_to_its_own_group_and_takes_nothing_of_another",
    ),
)
