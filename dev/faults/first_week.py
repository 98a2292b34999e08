"""Faults in the first day and week of a cinema: invitations, prices, talks, the door, a move's seats, and in its closing."""

from dev.faults.fault import Fault

FIRST_DAY = "tests/boxoffice/test_first_day.py::"

FIRST_WEEK = (
    Fault(
        "Who accepted an invitation is led back to its used-up link",
        'split_address(query.get(NEXT, "")).path != request.path',
        "NEXT not in query",
        "tests/boxoffice/test_invitations.py::test_a_browser_with_scripts_goes_on_to_the_office_too",
    ),
    Fault(
        "The role of web may not change the seats of a planned move",
        '"theaters_showtimechange": {"id", "showtime_id", "kind", "before", "planned_at"}',
        '"theaters_showtimechange": {"id", "showtime_id", "kind", "before", "after", "planned_at"}',
        "tests/payments/privacy/test_database_roles.py::test_staff_choose_seats_in_a_planned_move",
    ),
    Fault(
        "An invitation comes from the installation, not from the house",
        "to=invitation.email, subject=subject, body=body, html=html, sender=house.from_email)",
        "to=invitation.email, subject=subject, body=body, html=html)",
        "tests/boxoffice/test_invitations.py::test_the_mail_comes_from_the_house_that_it_is_signed_by",
    ),
    Fault(
        "A talk is called 2D",
        "    return movie.kind == MovieKind.EVENT and version == PLAIN\n",
        "    return False\n",
        "tests/theaters/test_events_without_version.py::test_an_event_in_its_plain_version_has_none_and_one_in_3d_has",
    ),
    Fault(
        "A family's better seat costs more for one person alone",
        "amounts[code] + (extra * kind.people if amounts[code] else 0)",
        "amounts[code] + (extra if amounts[code] else 0)",
        f"{FIRST_DAY}test_a_ticket_for_several_people_costs_more_on_a_better_seat_for_each_of_them",
    ),
    Fault(
        "A ticket for a family is offered to fewer people",
        "        needs_more_seats=kind.people > len(basis.party),\n",
        "",
        "tests/reservations/selling/test_price_rules_on_sale.py::test_the_shares_of_a_family_add_up_with_its_surcharge",
    ),
    Fault(
        "A typical plan is taken in the place of the present one",
        "read_plan(text) if text and plan is None else",
        "read_plan(text) if text else",
        "tests/boxoffice/test_plan_pages.py::test_an_auditorium_with_a_plan_begins_with_its_copy_alone",
    ),
    Fault(
        "An auditorium without numbers has no places",
        'if data.get("plan") == plan and not data.get(field):',
        "if False:",
        f"{FIRST_DAY}test_an_auditorium_without_numbered_seats_is_sold_by_number",
    ),
    Fault(
        "Trying payments and mail is never done",
        "        record(actor=staff_actor(request.user), action=BOTH_TRIED, thing=theater, theater=theater)\n",
        "        pass\n",
        "tests/boxoffice/test_tries.py::test_what_worked_is_done_and_what_did_not_is_not",
    ),
    Fault(
        "The door names places without numbers",
        "        return label_words(self.missing)\n",
        "        return list(self.missing)\n",
        "tests/boxoffice/test_door.py::test_places_without_numbers_are_counted_not_named",
    ),
    Fault(
        "A first week shows another version than the chosen one",
        "schedule(movie=movie, version=version, auditorium=auditorium, starts_at=starts_at)",
        "schedule(movie=movie, version=movie.offered()[0], auditorium=auditorium, starts_at=starts_at)",
        "tests/boxoffice/test_first_day.py::test_a_further_theater_shows_a_movie_that_comes_in_several_versions",
    ),
    Fault(
        "A theater closes before its last showtimes",
        "if later := planned_after(self.instance, last).first():",
        "if later := planned_after(self.instance, last).none().first():",
        "tests/boxoffice/test_closing_theaters.py::TestTheOffice::test_a_showtime_after_it_is_named",
    ),
    Fault(
        "A showtime is planned while its theater closes",
        'WHERE id = ANY(%s) ORDER BY id FOR SHARE"',
        'WHERE id = ANY(%s) ORDER BY id"',
        "tests/race/test_closing.py::test_who_plans_waits_for_who_closes",
    ),
    Fault(
        "A closed theater stays in lists and menu",
        '(getattr(one, "has_opened", True) and _is_open(one))',
        'getattr(one, "has_opened", True)',
        "tests/boxoffice/test_closing_theaters.py"
        "::TestVisitors::test_a_closed_theater_leaves_lists_map_and_menu_and_keeps_its_page",
    ),
    Fault(
        "An event is asked for its year",
        "if self.year is None and self.kind != MovieKind.EVENT:",
        "if self.year is None:",
        "tests/boxoffice/test_events_without_year.py::test_the_office_asks_a_film_for_its_year_and_no_talk",
    ),
    Fault(
        "The first day writes over a privacy page that stands already",
        'if not TextPage.objects.filter(house=house, slug="privacy").exists():',
        "if house:",
        f"{FIRST_DAY}test_a_privacy_page_that_stands_already_is_left_alone",
    ),
    Fault(
        "Rows that were typed beside a typical plan are ignored",
        'elif data.get(field) and data.get("plan") not in (None, plan):',
        'elif data.get(field) and data.get("plan") is None:',
        f"{FIRST_DAY}test_what_was_typed_about_an_auditorium_is_never_ignored",
    ),
    Fault(
        "A house in Austria begins in English",
        "if is_first and (languages := languages_of(theater.house, theater)) != theater.house.offered_languages:",
        "if is_first and (languages := languages_of(theater.house, theater)) == theater.house.offered_languages:",
        f"{FIRST_DAY}test_the_first_language_of_a_house_is_that_of_its_country",
    ),
    Fault(
        "Shorter rows stand at the left",
        '"." * ((longest - seats) // 2) + ":" * ((longest - seats) % 2) + "o" * seats',
        '"o" * seats',
        f"{FIRST_DAY}test_an_auditorium_like_none_of_ours_is_drawn_from_the_length_of_its_rows",
    ),
)
