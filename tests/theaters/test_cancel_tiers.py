"""How much a cancellation gives back, to the second; and the rules as a customer reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from houses.models import Theater
from houses.models.theaters import validate_cancel_tiers
from theaters.prices.cancel_tiers import next_change, percent_back, terms_in_words, tiers_in_words

DAY_AND_TWO_HOURS = [{"minutes": 1440, "percent": 100}, {"minutes": 120, "percent": 50}]
START = datetime(2027, 3, 14, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("before", "percent"),
    [
        (timedelta(days=30), 100),
        (timedelta(hours=24) + SECOND, 100),
        (timedelta(hours=24), 100),
        (timedelta(hours=24) - SECOND, 50),
        (timedelta(hours=2), 50),
        (timedelta(hours=2) - SECOND, None),
        (timedelta(0), None),
        (-SECOND, None),
    ],
)
def test_a_step_is_open_until_its_very_second(before, percent):
    assert percent_back(DAY_AND_TWO_HOURS, starts_at=START, now=START - before) == percent


@pytest.mark.parametrize("tiers", [[], [{"minutes": 0, "percent": 100}]])
def test_without_steps_nothing_comes_back_and_a_step_may_last_until_the_start(tiers):
    expected = 100 if tiers else None
    assert percent_back(tiers, starts_at=START, now=START) == expected
    assert percent_back(tiers, starts_at=START, now=START + SECOND) is None


# In London clocks go forward on 28 March 2027 and back on 31 October 2027, both at 01:00 UTC.
@pytest.mark.parametrize(
    ("starts_at", "last_second"),
    [
        (datetime(2027, 3, 28, 20), datetime(2027, 3, 27, 19)),
        (datetime(2027, 10, 31, 20), datetime(2027, 10, 30, 21)),
        (datetime(2027, 6, 1, 20), datetime(2027, 5, 31, 20)),
    ],
)
def test_24_hours_are_24_hours_over_a_change_of_clocks(starts_at, last_second):
    london = ZoneInfo("Europe/London")
    starts_at, last_second = starts_at.replace(tzinfo=london).astimezone(UTC), last_second.replace(tzinfo=london)
    assert percent_back(DAY_AND_TWO_HOURS, starts_at=starts_at, now=last_second) == 100
    later = (last_second.astimezone(UTC) + SECOND).astimezone(london)
    assert percent_back(DAY_AND_TWO_HOURS, starts_at=starts_at, now=later) == 50
    assert next_change(DAY_AND_TWO_HOURS, starts_at=starts_at, now=last_second) == last_second.astimezone(UTC)


def test_what_comes_back_now_is_told_with_its_last_moment():
    late = START - timedelta(hours=3)
    assert next_change(DAY_AND_TWO_HOURS, starts_at=START, now=late) == START - timedelta(hours=2)
    assert next_change(DAY_AND_TWO_HOURS, starts_at=START, now=START) is None


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ([], ""),
        ([(0, 100)], "Until the start you get all of the price back."),
        ([(1, 5)], "Until 1 minute before the start you get 5% of it back. After that they cannot be canceled."),
        (
            [(2880, 100), (1440, 50), (90, 10)],
            (
                "Until 2 days before the start you get all of the price back, until 24 hours before the start 50% of it, "
                "until 90 minutes before the start 10% of it. After that they cannot be canceled."
            ),
        ),
    ],
)
def test_the_steps_in_words(tiers, words):
    steps = [{"minutes": minutes, "percent": percent} for minutes, percent in tiers]
    assert tiers_in_words(steps) == (f"You can cancel tickets online. {words}" if words else "")


def test_what_the_house_adds_is_said_in_the_readers_language():
    theater = Theater(cancellation_terms="Ask us.", translations={"de": {"cancellation_terms": "Fragen Sie uns."}})
    with translation.override("de"):
        assert terms_in_words(theater) == "Fragen Sie uns."
    with translation.override("en"):
        assert terms_in_words(theater) == "Ask us."


@pytest.mark.parametrize(
    "tiers",
    [
        [{"minutes": 60}],
        [{"percent": 60}],
        ["60"],
        [{"minutes": 60.0, "percent": 50}],
        [{"minutes": True, "percent": 50}],
        [{"minutes": -1, "percent": 50}],
        [{"minutes": 60, "percent": 0}],
        [{"minutes": 60, "percent": 101}],
        [{"minutes": 90 * 1440 + 1, "percent": 100}],
        [{"minutes": 60, "percent": 50}, {"minutes": 60, "percent": 40}],
        [{"minutes": 60, "percent": 50}, {"minutes": 120, "percent": 40}],
        [{"minutes": 60, "percent": 50}, {"minutes": 30, "percent": 50}],
    ],
)
def test_steps_that_make_no_sense_are_refused(tiers):
    with pytest.raises(ValidationError):
        validate_cancel_tiers(tiers)


def test_steps_that_make_sense_are_taken():
    for tiers in ([], DAY_AND_TWO_HOURS, [{"minutes": 0, "percent": 1}]):
        validate_cancel_tiers(tiers)
