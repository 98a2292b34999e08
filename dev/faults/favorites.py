"""Faults in favorites, in the sign-in by e-mail and in saved needs."""

from dev.faults.fault import Fault

OF_FAVORITES = "tests/reservations/waiting/test_favorites.py::"
OF_CODES = "tests/accounts/test_sign_in_by_code.py::"

FAVORITES = (
    Fault(
        "People are told of what was on sale when they asked",
        "            .filter(IsNull(known, True))\n",
        "",
        f"{OF_FAVORITES}TestWhatCounts::test_a_series_tells_of_the_next_new_showtime",
    ),
    Fault(
        "Somebody who asks with the address of another is not asked to prove it",
        "        if not is_own:\n            _send_link(favorite)\n            return None\n",
        "",
        f"{OF_FAVORITES}TestAnAccount::test_another_address_is_proven_first",
    ),
    Fault(
        "A code by e-mail makes good an account that a stranger may have made",
        "            self._user = None\n",
        "            pass\n",
        f"{OF_CODES}TestItOpensNothingElse::test_an_account_whose_address_nobody_confirmed",
    ),
    Fault(
        "Wrong codes from the mail are counted in the session alone",
        "        tried = count_mailed_code(context.request, self.email)\n",
        "        tried = count_mailed_code(context.request, secrets.token_hex(8))\n",
        f"{OF_CODES}TestLimits::test_many_tries_with_one_cookie_are_counted_outside_of_the_session",
    ),
    Fault(
        "Subtitles in any language are called captions",
        "    return bool(version.subtitles_in) and not spoken.isdisjoint(language_keys(version.subtitles_in))\n",
        "    return bool(version.subtitles_in) or not spoken\n",
        "tests/accounts/test_needs.py::TestShowtimes::test_captions_are_subtitles_in_the_language_that_is_spoken",
    ),
    Fault(
        "A stranger who knows an address chooses another theater for its favorite",
        "        if is_own or favorite.confirmed_at is None:",
        "        if True:",
        "tests/reservations/waiting/test_favorites.py"
        "::TestAGuest::test_a_stranger_who_knows_the_address_changes_and_mails_nothing",
    ),
    Fault(
        "A stranger who knows an address has its favorite confirmed once more",
        "    if favorite.confirmed_at is None and (\n",
        "    if (\n",
        "tests/reservations/waiting/test_favorites.py"
        "::TestAGuest::test_a_stranger_who_knows_the_address_changes_and_mails_nothing",
    ),
    Fault(
        "A favorite at one house is the one of another house",
        "Favorite.objects.live().filter(contact__customer=customer.key, house=subject.house_id)",
        "Favorite.objects.live().filter(contact__customer=customer.key)",
        "tests/reservations/waiting/test_favorites.py::TestAGuest::test_each_house_has_favorites_of_its_own",
    ),
)
