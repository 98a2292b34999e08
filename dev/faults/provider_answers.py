"""Faults in reading what the payment provider answers."""

from dev.faults.fault import Fault

ANSWERS = "tests/payments/providers/test_stripe_answers.py::"
COMPARED = "tests/payments/books/test_comparison_runs.py::"

PROVIDER_ANSWERS = (
    Fault(
        "Another object than the one that was asked for is believed",
        "    if found != kind or not _is_id(name) or stripe_id not in {None, name}:",
        "    if found != kind or not _is_id(name):",
        f"{ANSWERS}test_an_object_is_the_one_that_was_asked_for_by_kind_and_id",
    ),
    Fault(
        "An open session without an address is believed",
        'or (session.status == "open" and not _is_address(session.url))',
        "",
        f"{ANSWERS}test_an_open_session_is_one_that_a_browser_can_be_sent_to",
    ),
    Fault(
        "Customers are sent to any address",
        '    return parts.scheme in {"https", "http"} and bool(parts.hostname)',
        "    return bool(url)",
        f"{ANSWERS}test_an_open_session_is_one_that_a_browser_can_be_sent_to",
    ),
    Fault(
        "An id that no column keeps is believed",
        "0 < len(name) <= LONGEST_ID and name.isascii()",
        "0 < len(name) and name.isascii()",
        f"{ANSWERS}test_an_id_is_a_short_text_that_can_be_kept",
    ),
    Fault(
        "Half a coin is an amount",
        "    if type(minor) is not int or not 0 <= minor <= LARGEST_MINOR:",
        "    if not 0 <= minor <= LARGEST_MINOR:",
        f"{ANSWERS}test_an_amount_is_a_number_of_whole_coins",
    ),
    Fault(
        "A payment that brought nothing has succeeded",
        "    if received is not None and not 0 < received <= LARGEST_RECEIVED:",
        "    if received is not None and not received <= LARGEST_RECEIVED:",
        f"{ANSWERS}test_what_came_is_a_price_in_whole_coins",
    ),
    Fault(
        "Metadata that cannot be kept breaks what reads it",
        "if isinstance(value, str) and value.isprintable()}",
        "}",
        f"{ANSWERS}test_metadata_that_cannot_be_kept_is_left_out",
    ),
    Fault(
        "Another program's currency hides all that moved",
        """        except OtherCurrency as error:
            unread.append(error)""",
        """        except OtherCurrency:
            raise""",
        f"{COMPARED}test_what_another_program_takes_in_its_currency_hides_nothing_of_ours",
    ),
    Fault(
        "Another program's page hides the open ones of ours",
        """if is_from_here(metadata_of(session)))
        return""",
        """)
        return""",
        f"{COMPARED}test_what_another_program_takes_in_its_currency_hides_nothing_of_ours",
    ),
    Fault(
        "News of another program in its currency are an alarm",
        """        if is_of_another_program(provider, unread):
            return False
        raise
    if _is""",
        """        raise
    if _is""",
        f"{COMPARED}test_its_news_are_not_ours_and_alarm_nobody",
    ),
    Fault(
        "What is about our payment in another currency is nobody's",
        "        if reference is not None or is_from_here(thing.metadata):",
        "        if is_from_here(thing.metadata):",
        f"{COMPARED}test_what_is_about_our_payment_in_another_currency_needs_a_person",
    ),
    Fault(
        "Whole krónur are sent without their cents",
        "return 2 if currency in WRITTEN_WITH_CENTS else decimals(currency)",
        "return decimals(currency)",
        "tests/payments/test_every_currency.py::test_what_stripe_is_sent",
    ),
    Fault(
        "Single fils are sent",
        "    return amount % coin(currency) == 0\n",
        "    return amount.scaleb(decimals(currency)) % 1 == 0\n",
        "tests/payments/test_every_currency.py::test_what_no_card_can_pay_is_never_sent",
    ),
)
