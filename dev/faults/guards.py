"""Faults in what guards all pages: rights, limits, logs, caches, addresses, escaping."""

from dev.faults.fault import Fault

GUARDS = (
    Fault(
        "A title with a vertical tab breaks the feed of its theater",
        "            title=without_control_characters(side_by_side((_title(showtime), _when(showtime)))),",
        "            title=side_by_side((_title(showtime), _when(showtime))),",
        "tests/core/texts/test_control_characters.py::test_feeds_for_readers_and_calendars",
    ),
    Fault(
        "A title with a vertical tab breaks the export of all movies",
        "    return without_control_characters(held) if isinstance(held, str) else held",
        "    return held",
        "tests/core/texts/test_control_characters.py::test_the_export_of_movies",
    ),
    Fault(
        "A query is read in whatever codec its client names",
        'return _CHARSET.sub("", content_type)',
        "return content_type",
        "tests/core/web/test_charsets.py::test_queries_and_forms_are_read_in_whatever_charset_they_are_said_to_be",
    ),
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
        "Secret parts of addresses stand in the log",
        "            return path[:first] + REDACTED + path[last:]",
        "            return path",
        "tests/core/monitoring/test_redaction.py::test_what_is_left_of_an_address",
    ),
    Fault(
        "Any parameter of a query is logged",
        "value if name in PUBLIC_PARAMETERS else REDACTED",
        "value",
        "tests/core/monitoring/test_redaction.py::test_what_is_left_of_an_address",
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
        "A movie's title on its page is not escaped",
        "data-long{% endif %}>{{ movie.title }}</h1>",
        "data-long{% endif %}>{{ movie.title|safe }}</h1>",
        "tests/boxoffice/test_hostile_world.py::test_every_page_and_file",
    ),
    Fault(
        "The site's database sessions wait for locks without end",
        '    "lock_timeout": "3s",',
        '    "lock_timeout": "0",',
        "tests/core/database/test_database_sessions.py::test_the_values_are_those_of_the_design",
    ),
    Fault(
        "Workers wait for locks without end",
        '    "lock_timeout": "2s",\n',
        '    "lock_timeout": "0",\n',
        "tests/core/database/test_database_sessions.py::test_the_values_are_those_of_the_design",
    ),
    Fault(
        "A seat that somebody holds is kept back",
        " WHERE seat.id = locked.id AND {state_sql(\"locked\", at=\"at\")} IN ('free', 'house')",
        ' WHERE seat.id = locked.id AND {state_sql("locked", at="at")} <> \'sold\'',
        "tests/boxoffice/test_house_seats.py::TestKeepBack::test_what_is_sold_or_held_stays_as_it_is",
    ),
    Fault(
        "A group's seats are kept back for something else",
        "OR (%(group)s::bigint IS NULL AND locked.group_block_id IS NULL))",
        "OR true)",
        "tests/boxoffice/test_group_blocks.py::TestKeep::test_kept_back_for_something_else_they_stay_with_the_group",
    ),
    Fault(
        "A house seat goes on sale before its time",
        "THEN showtime.starts_at - seat.house_release_minutes * interval '1 min' <= clock_timestamp()",
        "THEN showtime.starts_at - interval '365 days' <= clock_timestamp()",
        "tests/boxoffice/test_house_seats.py"
        "::TestReleaseByTime::test_before_its_time_a_seat_stays_and_then_it_goes_on_sale",
    ),
    Fault(
        "A booking opens to whoever knows its reference",
        "    return Booking.objects.visible_to(holder=holder_of(request), user_id=user_id_of(request))",
        "    return Booking.objects.all()",
        "tests/core/test_four_questions.py::test_the_wrong_person_finds_nothing_there",
    ),
    Fault(
        "A confirmed booking needs no moment",
        '                    filled("confirmed_at") & empty("ended_at"),',
        '                    empty("ended_at"),',
        "tests/core/database/test_constraints.py::test_a_wrong_combination_is_told_by_it",
    ),
    Fault(
        "The best seats of a canceled showtime are asked about first",
        "        _require_on_sale(showtime_id)\n        raise WouldGiveBack",
        "        raise WouldGiveBack",
        "tests/core/test_four_questions.py::test_the_wrong_state_is_a_refusal_with_a_sentence_and_changes_nothing",
    ),
    Fault(
        "The file of a canceled ticket is printed",
        '    if found.status == "VOID":\n        raise TicketCanceled\n    if found.booking',
        "    if found.booking",
        "tests/core/test_four_questions.py::test_the_wrong_state_is_a_refusal_with_a_sentence_and_changes_nothing",
    ),
    Fault(
        "Pages of signed-in people may be kept by a cache",
        "    return match is not None and match.url_name in settings.PAGES_FOR_EVERYBODY and not has_session",
        "    return match is not None and match.url_name in settings.PAGES_FOR_EVERYBODY",
        "tests/core/web/test_private_answers.py::test_every_answer_to_staff",
    ),
    Fault(
        "Pages with a secret in their address may be kept by a cache",
        "    return match is not None and match.url_name in settings.PAGES_FOR_EVERYBODY and not has_session",
        "    return match is not None and not has_session",
        "tests/core/web/test_private_answers.py::test_every_page_with_a_secret_in_its_address",
    ),
    Fault(
        "The office lists rows of every theater",
        "        return rows.none() if theater_ids == frozenset() else self.narrow(rows, theater_ids)",
        "        return rows.none() if theater_ids == frozenset() else rows",
        "tests/boxoffice/test_scope.py::test_an_address_with_somebody_elses_number_tells_nothing",
    ),
    Fault(
        "Somebody whose account was closed keeps the roles",
        """\
    if not (user.is_active and getattr(user, "is_staff", False)):
        return frozenset()
""",
        "",
        "tests/staff/test_access.py::test_who_is_out_may_nothing_whatever_the_role",
    ),
    Fault(
        "A movie that other theaters show can be changed by a manager of one",
        'return verb == "view" or obj.pk is None or self.theaters_using(obj) <= theater_ids',
        "return True",
        "tests/boxoffice/test_shared_movies.py"
        "::test_a_movie_that_another_theater_shows_is_read_only_and_the_page_says_why",
    ),
    Fault(
        "Accents on accents are read as text",
        "return _UNSTORABLE.search(text) is not None or _is_heap_of_accents(text)",
        "return _UNSTORABLE.search(text) is not None",
        "tests/core/web/test_unstorable_text.py::test_accents_in_the_query_and_the_path",
    ),
    Fault(
        "A spreadsheet runs what a customer typed",
        """\
    if text.startswith(STARTS_A_FORMULA) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
""",
        "",
        "tests/core/test_spreadsheets.py::test_what_a_spreadsheet_would_run_is_text",
    ),
    Fault(
        "A movie's title beside its seats is not escaped",
        '<h1><a href="{{ showtime.movie_url }}">{{ showtime.movie_title }}</a></h1>',
        '<h1><a href="{{ showtime.movie_url }}">{{ showtime.movie_title|safe }}</a></h1>',
        "tests/boxoffice/test_hostile_world.py::test_every_page_and_file",
    ),
    Fault(
        "A kept page is shown in the language of somebody else",
        'current_language() if self.has_sentences else ""',
        '""',
        "tests/core/texts/test_languages.py::TestChoice::test_a_kept_page_is_kept_per_language",
    ),
    Fault(
        "Caches are not told that a page depends on the language",
        'patch_vary_headers(response, ("Accept-Language", "Cookie"))',
        "pass",
        "tests/core/texts/test_languages.py::TestChoice::test_the_switch_counts_before_the_browser_and_english_is_last",
    ),
    Fault(
        "In the office a language counts that is not translated there",
        "return settings.OFFICE_LANGUAGES",
        "return tuple(dict(settings.LANGUAGES))",
        "tests/core/texts/test_languages.py::TestChoice::test_the_office_stays_in_english_until_it_is_translated",
    ),
    Fault(
        "A house answers in languages that it does not offer",
        "return tuple(code for code in self.languages if code in known) or known",
        "return known",
        "tests/houses/test_languages_of_house.py"
        "::TestHouse::test_the_switch_links_and_the_sitemap_name_its_languages_alone",
    ),
    Fault(
        "The switch of a signed-in person is forgotten by the next browser",
        'keep_language(request.user, request.POST["language"])',
        "pass",
        "tests/houses/test_languages_of_house.py"
        "::TestAccount::test_a_new_browser_gets_what_was_switched_while_signed_in",
    ),
    Fault(
        "Letters of the counter ignore the language of the customer's account",
        'house.language_for(chosen.get(email, ""))',
        'house.language_for("")',
        "tests/houses/test_languages_of_house.py::TestLetters::test_of_the_counter",
    ),
    Fault(
        "A sign-in leads to odd text that an address names",
        'return url.startswith("/") and not url.startswith("//") and super().is_safe_url(url)',
        "return super().is_safe_url(url)",
        "tests/core/web/test_odd_text.py::test_pages_of_the_account_lead_to_pages_of_ours",
    ),
    Fault(
        "Odd digits count as a number",
        "if text.isascii() and text.isdecimal() and len(text) <= most_digits",
        "if text.isdigit() and len(text) <= most_digits",
        "tests/core/web/test_posted_numbers.py::test_a_few_plain_digits_are_a_number",
    ),
    Fault(
        "A cancellation compares an odd amount",
        "    return amount if amount.is_finite() else Decimal(-1)",
        "    return amount",
        "tests/payments/refunds/test_cancel_pages.py::test_another_amount_than_the_one_shown_does_nothing",
    ),
    Fault(
        "A publishable key passes for an odd secret one",
        'STRIPE_SECRET_KEY.startswith(("sk_", "rk_"))',
        'STRIPE_SECRET_KEY.startswith(("sk_", "rk_", "pk_"))',
        "tests/core/test_settings.py::test_keys_that_are_none_of_stripes_are_refused",
    ),
    Fault(
        "A seat that was mended meanwhile is reported as broken",
        '    if "_mended" in request.POST:',
        '    if "_mended" in request.POST and reported is not None:',
        "tests/core/test_four_questions.py"
        "::test_in_the_wrong_state_the_office_refuses_with_a_sentence_and_changes_nothing",
    ),
    Fault(
        "New prices for no showtime count as done",
        "        if not moved:\n            self.message_user(",
        "        if moved is None:\n            self.message_user(",
        "tests/core/test_four_questions.py"
        "::test_in_the_wrong_state_the_office_refuses_with_a_sentence_and_changes_nothing",
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
        "A password that was typed a moment ago counts as the second factor",
        'return [record for record in _records(request) if record["method"] == "mfa"]',
        "return _records(request)",
        "tests/boxoffice/test_reauth.py::test_a_password_that_was_typed_a_moment_ago_is_no_fresh_factor",
    ),
    Fault(
        "The mail of an invitation replaces a second factor",
        "        if account_with_factor(invitation.email) is not None:",
        "        if False:",
        "tests/boxoffice/test_invitations.py::test_the_mail_alone_does_not_replace_a_factor_that_was_set_up_meanwhile",
    ),
    Fault(
        "Somebody else who is signed in takes the role of an invitation",
        "        if account_with_factor(invitation.email) != user:",
        "        if False:",
        "tests/boxoffice/test_invitations.py::test_somebody_else_who_is_signed_in_does_not_take_the_role",
    ),
    Fault(
        "A link with a typing error stands in the log",
        'return path if _resolved(path) is not None or not found["rest"] else found["before"] + REDACTED',
        "return path",
        "tests/core/monitoring/test_redaction.py::test_secrets_in_other_shapes",
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
        "Codes of tickets are logged",
        '    is_code = set(kinds) == {"small", "digit"}',
        "    is_code = False",
        "tests/core/monitoring/test_redaction.py::test_random_text_is_a_secret_wherever_it_stands",
    ),
    Fault(
        "Lists tell by what hangs on their rows",
        '        is_column = any(name in {field.name, getattr(field, "attname", "")} for field in'
        " self.opts.get_fields())",
        "        is_column = any(name in {field.name, field.attname} for field in self.opts.concrete_fields)",
        "tests/boxoffice/test_scope.py::test_no_list_can_be_asked_through_what_hangs_on_its_rows",
    ),
    Fault(
        "A draft's page in the office leads to a page that is not there",
        "        if callable(self.view_on_site):\n            return self.view_on_site(obj)\n",
        "",
        "tests/boxoffice/test_scope.py::test_a_page_leads_to_the_site_only_where_the_site_has_it",
    ),
    Fault(
        "A recovery code opens the office for who has no factor",
        "    if not FACTORS & set(kinds.values()):",
        "    if not kinds:",
        "tests/boxoffice/test_sign_in.py::TestSecondFactor::test_recovery_codes_alone_are_no_second_factor",
    ),
    Fault(
        "Recovery codes alone keep a person from accepting an invitation",
        "Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)",
        "Authenticator.objects.all()",
        "tests/boxoffice/test_invitations.py::test_recovery_codes_alone_are_no_factor_to_sign_in_with",
    ),
    Fault(
        "Workers that may not forget start without the role for it",
        "    if not may_forget:\n        raise WrongRole(",
        "    if False:\n        raise WrongRole(",
        "tests/payments/privacy/test_database_roles.py::test_without_one_workers_must_be_able_to_forget_themselves",
    ),
    Fault(
        "With one of two roles the office is closed",
        "        if not StaffRole.objects.filter(user=given.user_id).exists():",
        "        if True:",
        "tests/staff/test_access.py::test_the_office_closes_with_the_last_role",
    ),
    Fault(
        "With a role the superuser loses the office",
        "User.objects.filter(pk=given.user_id, is_superuser=False)",
        "User.objects.filter(pk=given.user_id)",
        "tests/staff/test_access.py::test_who_may_do_everything_needs_no_role",
    ),
    Fault(
        "An address that an account has not proved makes its device known there",
        "addresses = EmailAddress.objects.filter(user=user, verified=True)",
        "addresses = EmailAddress.objects.filter(user=user)",
        "tests/accounts/test_limits.py"
        "::TestKnownDevice::test_it_is_not_known_for_an_address_that_its_account_has_not_confirmed",
    ),
    Fault(
        "All addresses that begin with a plus are one customer",
        'name = name.split("+", maxsplit=1)[0] or name',
        'name = name.split("+", maxsplit=1)[0]',
        "tests/reservations/selling/test_ticket_limits.py::test_addresses_that_begin_with_a_plus_are_different_people",
    ),
    Fault(
        "Who shows the old code of a canceled ticket is sent to a new one",
        "    if ticket.code == code or ticket.status == TicketStatus.VOID:",
        "    if ticket.code == code:",
        "tests/reservations/door/test_door_scans.py"
        "::test_the_code_of_a_canceled_ticket_before_it_was_given_away_is_worth_nothing",
    ),
    Fault(
        "A showtime that is over is called off",
        "    if showtime.ends_at <= now:\n        raise SchedulingRefused(gettext",
        "    if False:\n        raise SchedulingRefused(gettext",
        "tests/payments/refunds/test_changed_showtimes.py::TestCancel::test_what_is_over_is_not_called_off",
    ),
    Fault(
        "A showtime gets the prices of another theater",
        "    if price_list.theater_id != theater.pk:",
        "    if False:",
        "tests/payments/refunds/test_changed_showtimes.py"
        "::TestCancel::test_the_prices_of_another_theater_are_not_taken",
    ),
    Fault(
        "A picture with damaged notes of the camera is an error page",
        "    return picture if turn is None else picture.transpose(turn)",
        "    from PIL import ImageOps\n    return ImageOps.exif_transpose(picture)",
        "tests/theaters/test_uploaded_pictures.py::test_damaged_notes_of_the_camera_are_no_reason_to_refuse_a_picture",
    ),
    Fault(
        "Pictures are shown as the camera was held, upside down",
        "    3: Image.Transpose.ROTATE_180,\n",
        "",
        "tests/theaters/test_uploaded_pictures.py::test_a_picture_is_turned_as_its_camera_was_held",
    ),
    Fault(
        "A restore marker of nothing but brackets stops the start",
        "AttributeError, ArithmeticError, RecursionError)",
        "AttributeError)",
        "tests/payments/sessions/test_database_age.py::test_a_missing_or_broken_file_is_no_alarm",
    ),
    Fault(
        "A restore marker without a time zone stops the start",
        'datetime.fromisoformat(told["written_at"]).astimezone(), sold)',
        'datetime.fromisoformat(told["written_at"]), sold)',
        "tests/payments/sessions/test_database_age.py::test_a_file_that_names_no_time_zone_is_compared",
    ),
    Fault(
        "Pages wait for a frozen database for ever",
        "            connection.wait = partial(server.wait, connection, connection.wait, at_most)",
        "            pass",
        "tests/core/database/test_kept_connections.py"
        "::test_a_session_that_stands_still_is_waited_for_no_longer_than_a_statement_may_take",
    ),
    Fault(
        "Workers give up long statements",
        "    return longest + SECONDS_BEYOND_STATEMENT if longest else None",
        "    return longest + SECONDS_BEYOND_STATEMENT",
        "tests/core/database/test_kept_connections.py::test_workers_wait_for_long_statements",
    ),
)
