"""Faults in what is counted: tries, requests, memory, and who counts as the same person."""

from dev.faults.fault import Fault

WAYS = "tests/reservations/selling/test_ways_to_seats.py::"
LIMITS = (
    Fault(
        "The limiter lets one more through",
        "    if counted > limit.most:",
        "    if counted > limit.most + 1:",
        "tests/core/limits/test_limits.py::test_as_many_as_the_limit_and_then_a_wait_till_the_window_ends",
    ),
    Fault(
        "Without Redis nothing is limited",
        "        counted = count_here(key, amount, limit.seconds + 1)",
        "        counted = 0",
        "tests/core/limits/test_limits.py"
        "::test_without_redis_the_process_counts_for_itself_and_does_not_ask_for_a_while",
    ),
    Fault(
        "Soft hyphens make another mailbox",
        '    return unicodedata.category(letter) in {"Cf", "Cc"}',
        '    return unicodedata.category(letter) in {"Cc"}',
        "tests/core/letters/test_mailboxes.py::test_an_address_is_stored_in_one_spelling",
    ),
    Fault(
        "An address that mail cannot reach is charged",
        '    if strange := next((letter for letter in name if not letter.isascii()), ""):',
        '    if strange := "":',
        "tests/core/letters/test_mailboxes.py::test_the_pages_of_accounts_clean_them_too",
    ),
    Fault(
        "Wrong links are answered for ever",
        "            except TooManyWrongLinks as refusal:\n                return refuse(request, refusal)",
        "            except TooManyWrongLinks:\n                return response",
        "tests/core/web/test_wrong_links.py::test_they_are_ten_a_minute_and_another_address_has_its_own",
    ),
    Fault(
        "Scripts may try as many links of accounts as they like",
        '        return match is not None and match.url_name == "mfa_login_webauthn" and super().is_ajax(request)',
        "        return match is not None and super().is_ajax(request)",
        "tests/core/web/test_wrong_links.py::test_wrong_ones_are_limited_at_every_address_with_a_secret",
    ),
    Fault(
        "Right codes of a closed showtime count as guesses",
        "    if answer.status_code == HTTPStatus.NOT_FOUND:\n        count_wrong_link(request)",
        "    count_wrong_link(request)",
        "tests/reservations/opening/test_closed_showtimes.py::test_guests_of_one_party_at_one_address_are_not_counted",
    ),
    Fault(
        "Large bodies take as much memory as they like",
        "        if more > self._memory.left:\n            raise MemoryFull\n",
        "",
        "tests/core/web/test_request_bodies.py"
        "::TestSite::test_many_large_ones_at_once_are_refused_and_take_nothing_for_good",
    ),
    Fault(
        "The memory of large bodies is not given back",
        "        self._memory.left += self._taken\n",
        "",
        "tests/core/web/test_request_bodies.py"
        "::TestSite::test_many_large_ones_at_once_are_refused_and_take_nothing_for_good",
    ),
    Fault(
        "What staff allowed somebody for one showtime counts for all",
        "TicketAllowance.objects.filter(showtime_id=showtime_id, customer",
        "TicketAllowance.objects.filter(customer",
        "tests/reservations/selling/test_ticket_limits.py::test_what_staff_allowed_for_one_showtime_counts_there_alone",
    ),
    Fault(
        "Seats kept for friends are not the organizer's where only the account is the same",
        "            same |= Q(user_id=self.customer.user_id)",
        "            pass",
        "tests/reservations/selling/test_ticket_limits.py"
        "::test_seats_that_a_person_keeps_for_friends_count_until_they_are_over",
    ),
    Fault(
        "Promo codes are guessed with fresh cookies",
        "    check_address(per_address, browser.address, misses)",
        "    pass",
        "tests/reservations/selling/test_promo_codes.py::test_an_address_that_guesses_with_fresh_cookies_waits",
    ),
    Fault(
        "Payments of hours ago excuse declined cards",
        "filter=Q(status__in=CAPTURED_PAYMENTS, ended_at__gt=hour_ago))",
        "filter=Q(status__in=CAPTURED_PAYMENTS))",
        "tests/payments/sessions/test_card_testing.py"
        "::test_payments_of_hours_ago_do_not_excuse_the_declines_of_this_hour",
    ),
    Fault(
        "IPv4 addresses in the writing of IPv6 are one household",
        "    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:\n"
        "        return address.ipv4_mapped\n",
        "",
        "tests/core/limits/test_limits.py::test_the_address_behind_exactly_the_proxies_we_run",
    ),
    Fault(
        "Right codes of an app count as wrong ones",
        "        tried.rollback()\n        return code",
        "        return code",
        "tests/accounts/test_limits.py::TestWhatCounts::test_a_right_code_is_not_counted",
    ),
    Fault(
        "Right codes of a mailbox count as wrong ones",
        "        tried.rollback()\n        return typed",
        "        return typed",
        "tests/accounts/test_sign_in_by_code.py::TestWhatCounts::test_a_right_code_is_not_counted",
    ),
    Fault(
        "Refused mails fill the limit of somebody else's mailbox",
        "            counted.rollback()\n",
        "",
        "tests/accounts/test_sign_in_by_code.py"
        "::TestWhatCounts::test_mails_that_an_address_is_refused_do_not_fill_the_limit_of_the_mailbox",
    ),
    Fault(
        "A mailbox whose domain is written in two ways gets codes anew",
        "(MAILS_TO_MAILBOX, same_mailbox(email))",
        "(MAILS_TO_MAILBOX, email)",
        "tests/accounts/test_sign_in_by_code.py::TestWhatCounts::test_a_mailbox_is_one_however_its_address_is_written",
    ),
    Fault(
        "Codes of a mailbox whose domain is written in two ways are guessed anew",
        'f"mailed:{same_mailbox(email)}"',
        'f"mailed:{email}"',
        "tests/accounts/test_sign_in_by_code.py"
        "::TestWhatCounts::test_wrong_codes_of_a_mailbox_are_counted_together_however_it_is_written",
    ),
    Fault(
        "All addresses that begin with a plus are one customer",
        'name = name.split("+", maxsplit=1)[0] or name',
        'name = name.split("+", maxsplit=1)[0]',
        "tests/reservations/selling/test_ticket_limits.py::test_addresses_that_begin_with_a_plus_are_different_people",
    ),
    Fault(
        "Pressing Pay makes room for seats of another showtime",
        "AND booking.status = 'PENDING' AND sale.held_until > clock_timestamp()\n        ) AS elsewhere",
        "AND false\n        ) AS elsewhere",
        f"{WAYS}test_pressing_pay_makes_no_room_for_another_showtime",
    ),
    Fault(
        "Sharing seats with friends makes room for seats of another showtime",
        "WHERE shared.holder = %(holder)s AND kept.ended_at IS NULL",
        "WHERE false AND kept.ended_at IS NULL",
        f"{WAYS}test_nor_does_sharing_seats_with_friends",
    ),
    Fault(
        "An offer is taken beside seats of any number of showtimes",
        "        require_few_showtimes(showtimes_held_elsewhere(showtime_id=showtime_id, holder=browser.holder))\n",
        "",
        f"{WAYS}test_a_refused_offer_stays_open",
    ),
    Fault(
        "Friends take seats beside those of any number of showtimes",
        "    require_few_showtimes(showtimes_held_elsewhere(showtime_id=block.showtime_id, holder=browser.holder))\n",
        "",
        f"{WAYS}test_a_browser_holds_seats_of_few_showtimes_whatever_the_way",
    ),
    Fault(
        "Offers and shared seats pass the number of seats of an address",
        "        if seats + more > settings.LIVE_SEATS_PER_ADDRESS:",
        "        if False:",
        f"{WAYS}TestAddressOverAllShowtimes::test_an_offer_and_shared_seats_count_as_a_click_does",
    ),
)
