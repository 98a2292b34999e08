"""Faults in sessions of people, invitations, live maps and turns, and in what staff give and try again."""

from dev.faults.fault import Fault

SESSIONS = "tests/accounts/test_account_sessions.py::"
INVITATIONS = "tests/boxoffice/test_invitations.py::"
LIVE_MAPS = "tests/core/live/test_seat_map_hub.py::"
TURNS = "tests/core/web/test_request_turns.py::"
RETRIES = "tests/payments/refunds/test_failed_refunds.py::TestRetry::"

PEOPLE = (
    Fault(
        "Anybody ends the session of anybody",
        "    row = AccountSession.objects.alive(user).get(pk=session_id)",
        "    row = AccountSession.objects.get(pk=session_id)",
        f"{SESSIONS}test_sessions_of_somebody_else_are_not_there",
    ),
    Fault(
        "Sessions that are over stay in the database",
        "    old = Session.objects.filter(expire_date__lt=ClockTimestamp())",
        "    old = Session.objects.none()",
        f"{SESSIONS}test_what_is_over_is_swept",
    ),
    Fault(
        "Another site chooses where a sign-in leads back to",
        "    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, "
        "require_https=settings.SESSION_COOKIE_SECURE):",
        "    if not page:",
        "tests/boxoffice/test_idle_time.py::test_the_sign_in_leads_back_to_the_page_and_never_to_another_site",
    ),
    Fault(
        "The app of one invitation is taken for another",
        '        return secret if pk == self.invitation.pk else ""',
        "        return secret",
        f"{INVITATIONS}test_the_app_of_another_invitation_is_not_taken",
    ),
    Fault(
        "Codes of an invitation's app can be tried for ever",
        "        check(TRIES, client_address(request))\n",
        "",
        f"{INVITATIONS}test_wrong_codes_on_the_page_of_an_invitation_are_limited",
    ),
    Fault(
        "An invitation is accepted by whoever is signed in with a factor",
        "    is_here = request.user == owner and second",
        "    is_here = second",
        f"{INVITATIONS}test_somebody_else_who_is_signed_in_with_a_factor_sees_no_button_and_keeps_nothing",
    ),
    Fault(
        "An invitation is accepted without the second factor",
        "    is_here = request.user == owner and second_factor_of(request) is SecondFactor.USED",
        "    is_here = request.user == owner",
        f"{INVITATIONS}test_an_account_with_a_factor_accepts_signed_in_with_it",
    ),
    Fault(
        "A padded line of the breach service refuses a good password",
        """if count.strip() not in {"", "0"}}""",
        """if count.strip() not in {""}}""",
        "tests/accounts/test_passwords.py::TestBreach::test_a_padded_line_counts_for_nothing",
    ),
    Fault(
        "Live maps of a killed process count for ever",
        "if time.time() - int(moment) < COUNTS_ARE_BELIEVED_SECONDS else 0",
        "",
        f"{LIVE_MAPS}test_a_count_that_its_process_has_not_renewed_is_not_believed",
    ),
    Fault(
        "Live maps that stay open are forgotten after a while",
        "            await self._report_counts(list(self._here))",
        "            pass",
        f"{LIVE_MAPS}test_what_a_process_has_open_is_told_again_before_it_is_forgotten",
    ),
    Fault(
        "A live map that was refused counts as open",
        "                self.leave(visitor)\n                return False",
        "                return False",
        f"{LIVE_MAPS}test_a_visitor_has_a_few_maps_open_over_all_processes",
    ),
    Fault(
        "A browser that gave up keeps its thread",
        "            self._leave(waiting)\n            raise",
        "            raise",
        f"{TURNS}test_a_browser_that_gave_up_leaves_its_place",
    ),
    Fault(
        "Refusals of a stuck showtime take all threads",
        "                if self._refusing < REFUSALS_AT_ONCE:",
        "                if True:",
        f"{TURNS}test_who_waits_for_a_stuck_showtime_is_let_through_to_be_refused",
    ),
    Fault(
        "What did not fail is tried again",
        "    if refund.status != RefundStatus.FAILED:\n        raise NotFailed\n",
        "",
        f"{RETRIES}test_only_what_failed_is_tried_again",
    ),
    Fault(
        "A refund is tried again while a bank decides",
        "        raise BookingDisputed\n    missing",
        "        pass\n    missing",
        f"{RETRIES}test_not_while_the_bank_is_deciding",
    ),
    Fault(
        "Tickets of a show that is over are given away",
        '    if showtime.ends_at <= now:\n        raise NotOnSale(gettext("This showtime is over."))',
        "",
        "tests/boxoffice/test_comps.py::test_after_the_end_it_is_refused",
    ),
    Fault(
        "A discount lets go of tickets that it is not for",
        " and self._is_all(meant, tickets):",
        ":",
        "tests/reservations/selling/test_discounts.py::test_it_is_not_let_go_when_other_tickets_are_to_be_paid",
    ),
    Fault(
        "A fixed price makes a cheaper ticket dearer",
        "            return [max(price - self.value, Decimal(0)) for price in prices]",
        "            return [price - self.value for price in prices]",
        "tests/reservations/selling/test_discounts.py::test_as_worked_out_by_hand",
    ),
    Fault(
        "A form is sent on to another house",
        """        raise Http404("This belongs to another house.")""",
        "        pass",
        "tests/houses/test_two_houses.py::test_what_belongs_to_another_house_is_shown_at_its_domain",
    ),
    Fault(
        "Seats from the map beside a group's are bought without limit",
        "    if (own := len(quote.lines) - of_group) > 0:",
        "    if (own := len(quote.lines) - of_group) > 0 and not of_group:",
        "tests/reservations/groups/test_groups.py"
        "::TestLimits::test_seats_from_the_map_beside_those_of_the_group_are_a_persons_own",
    ),
    Fault(
        "A page that follows a closed one does not count at the address",
        "    if not Payment.objects.filter(sale=sale_id, status__in=OPEN_PAYMENTS).exists():\n"
        "        require_sessions_left_at_address(address)\n",
        "",
        "tests/payments/sessions/test_card_testing.py::test_pages_that_follow_a_closed_one_count_at_the_address",
    ),
    Fault(
        "FSK 12 lets any adult come along",
        "return self.country in WITH_PARENT",
        "return False",
        "tests/reservations/selling/test_party_rules.py::test_with_whom_the_young_come_is_said_as_the_country_says_it",
    ),
    Fault(
        "Who signs out leaves their language to the next person",
        'response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")',
        "pass",
        "tests/core/web/test_private_answers.py::test_signing_out_forgets_the_language_that_the_account_gave_the_browser",
    ),
    Fault(
        "The slips of the counter are in the clerk's language",
        "    with speaking(booking.sale.language):\n        said = {",
        "    if booking.pk:\n        said = {",
        "tests/boxoffice/test_counter_papers.py::test_the_slips_speak_the_language_of_the_sale_and_the_page_that_of_the_clerk",
    ),
    Fault(
        "A Japanese title is read as Chinese",
        "    if (is_japanese or _KANA.search(title)) and _CHINESE.search(title):",
        "    if False:",
        "tests/boxoffice/test_movie_import.py::TestFinding::test_a_japanese_title_is_never_read_as_chinese",
    ),
    Fault(
        "Two letters changed about in a short word find nothing",
        '    return (*swapped, *without, *others, f"{word}.")',
        '    return (*without, *others, f"{word}.")',
        "tests/theaters/test_search.py::test_one_slip_in_a_short_word_is_forgiven",
    ),
    Fault(
        "Mails from right to left lose their styles",
        'SIDES = re.compile(r"padding:{0} {0} {0} {0}".format(r"([^\\s;\\"]+)"))',
        'SIDES = re.compile(r"padding:(\\S+) (\\S+) (\\S+) (\\S+)")',
        "tests/core/letters/test_mail_rendering.py::test_from_right_to_left_only_the_sides_change",
    ),
    Fault(
        "Two long names of sections become one",
        "            while cut in self.sections.values():",
        "            while False:",
        "tests/theaters/test_plan_foreign.py::TestNamesOfRows::test_a_long_name_of_a_section_is_cut_and_said_and_two_of_them_stay_two",
    ),
    Fault(
        "An invitation that is sent again after its time opens nothing",
        "secret_hash=_hash(secret), expires_at=from_now(LINK_SECONDS), sent_at=None",
        "secret_hash=_hash(secret), sent_at=None",
        "tests/boxoffice/test_invitations.py::test_withdrawn_and_sent_again",
    ),
    Fault(
        "Who accepts an invitation as themselves stays signed in elsewhere, without the new role's rules",
        'is_staff=True, sessions_number=F("sessions_number") + 1)',
        "is_staff=True)",
        f"{INVITATIONS}test_accepting_ends_the_sessions_of_before",
    ),
    Fault(
        "A second factor that was removed since still counts in its session",
        '    used = any(record.get("id") in kinds for record in _factor_records(request))',
        "    used = any(_factor_records(request))",
        "tests/accounts/test_session_sign_ins.py::test_a_factor_that_was_removed_since_does_not_count",
    ),
    Fault(
        "Before there is a theater everybody has every right at all of them",
        "theater_ids is None or (bool(theater_ids) and theater_ids >=",
        "theater_ids is None or (theater_ids >=",
        "tests/staff/test_access.py::test_before_the_first_theater_nobody_has_a_right_at_all_of_them",
    ),
    Fault(
        "The link of an account's mail is no button",
        "if name in links and links[name] in says",
        "if name in words and words[name] in subject",
        "tests/accounts/test_account_letters.py::test_the_link_of_the_text_is_the_one_button",
    ),
    Fault(
        "A plain text does not say which house wrote it",
        "render_mail('mail/signature.txt', {}).strip()",
        "''",
        "tests/accounts/test_account_letters.py::test_a_changed_password_is_told_with_the_device_and_a_way_to_act",
    ),
)
