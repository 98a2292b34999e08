"""Faults with odd text, markup, pictures and languages."""

from dev.faults.fault import Fault

TEXTS = (
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
        "A movie's title on its page is not escaped",
        "data-long{% endif %}>{{ movie.title }}</h1>",
        "data-long{% endif %}>{{ movie.title|safe }}</h1>",
        "tests/boxoffice/test_hostile_world.py::test_every_page_and_file",
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
)
