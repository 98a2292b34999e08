"""Faults in who sees and does what: rights, logs, caches, signing in, states."""

from dev.faults.fault import Fault

GUARDS = (
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
)
