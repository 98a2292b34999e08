"""Public holidays by country and region choose price lists and price rules."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from houses.models import Theater
from tests.factories import make_price_list, make_theater
from theaters.models import PriceList
from theaters.schedule.price_list_choice import NoSingleList, list_for
from theaters.schedule.public_holidays import holiday_on, is_known, next_holidays, regions_of
from theaters.schedule.showtime_days import ShowtimeStart, days_text, fits_days, start_of

ENGLAND, SCOTLAND = ("GB", "ENG"), ("GB", "SCT")
BAVARIA, HAMBURG, GERMANY = ("DE", "BY"), ("DE", "HH"), ("DE", "")
AMERICA = ("US", "")


@pytest.mark.parametrize(
    ("where", "on", "name"),
    [
        (ENGLAND, date(2027, 3, 29), "Easter Monday"),
        (SCOTLAND, date(2027, 3, 29), ""),
        (ENGLAND, date(2027, 8, 30), "Late Summer Bank Holiday"),
        (SCOTLAND, date(2027, 8, 2), "Summer Bank Holiday"),
        (SCOTLAND, date(2027, 1, 2), "New Year Holiday"),
        (ENGLAND, date(2027, 1, 2), ""),
        (ENGLAND, date(2027, 12, 27), "Christmas Day (observed)"),
        (BAVARIA, date(2027, 1, 6), "Heilige Drei Könige"),
        (HAMBURG, date(2027, 1, 6), ""),
        (GERMANY, date(2027, 1, 6), ""),
        (GERMANY, date(2027, 10, 3), "Tag der Deutschen Einheit"),
        (HAMBURG, date(2027, 10, 31), "Reformationstag"),
        (BAVARIA, date(2027, 10, 31), ""),
        (AMERICA, date(2026, 11, 26), "Thanksgiving Day"),
        (AMERICA, date(2027, 7, 5), "Independence Day (observed)"),
        (("XX", ""), date(2027, 1, 1), ""),
        (("DE", "gone"), date(2027, 1, 1), ""),
    ],
)
def test_known_days(where, on, name):
    country, region = where
    assert holiday_on(Theater(country=country, holiday_region=region), on) == name


def test_regions_have_names_and_a_country_without_regions_has_none():
    assert (regions_of("DE")["BY"], regions_of("GB")["SCT"], regions_of("XX")) == ("Bayern", "Scotland", {})
    assert (is_known("JP"), is_known("XX")) == (True, False)


def test_the_next_days_cross_the_year():
    theater = Theater(country="DE", holiday_region="BY")
    names = [day.name for day in next_holidays(theater, after=date(2026, 12, 26))]
    assert names == ["Zweiter Weihnachtstag", "Neujahr", "Heilige Drei Könige"]


DAY, HOLIDAY = ShowtimeStart(date(2027, 6, 1), time(20), time(5)), "Easter Monday"
ON, EVE = (
    ShowtimeStart(DAY.on, DAY.at, DAY.day_starts, HOLIDAY),
    ShowtimeStart(DAY.on, DAY.at, DAY.day_starts, "", True),
)
BETWEEN = ShowtimeStart(DAY.on, DAY.at, DAY.day_starts, HOLIDAY, True)


@pytest.mark.parametrize(
    ("use", "fits"),
    [
        ("", [True, True, True, True]),
        ("ON", [False, True, False, True]),
        ("EVE", [False, False, True, True]),
        ("BOTH", [False, True, True, True]),
        ("NOT", [True, False, True, False]),
        ("NEITHER", [True, False, False, False]),
    ],
)
def test_what_a_list_says_about_holidays(use, fits):
    assert [fits_days(PriceList(holidays=use), start) for start in (DAY, ON, EVE, BETWEEN)] == fits


def test_it_is_said_in_words():
    assert days_text(PriceList(holidays="BOTH", weekdays=[5])) == "Fri only on public holidays and the day before"


@pytest.mark.django_db
class TestChoice:
    @pytest.fixture
    def theater(self):
        theater = make_theater(country="DE", timezone_name="Europe/Berlin", currency="EUR")
        theater.holiday_region = "BY"
        theater.save(update_fields=["holiday_region"])
        return theater

    def starting(self, *moment):
        return datetime(*moment, tzinfo=ZoneInfo("Europe/Berlin"))

    def test_the_list_of_holidays_wins_by_its_rank_in_this_region_alone(self, theater):
        usual, festive = make_price_list(theater), make_price_list(theater)
        PriceList.objects.filter(pk=festive.pk).update(holidays="BOTH", rank=1)
        chosen = lambda *moment: list_for(theater=theater, starts_at=self.starting(*moment))
        assert chosen(2027, 1, 6, 20) == festive
        assert chosen(2027, 1, 5, 20) == festive  # the day before
        assert chosen(2027, 1, 7, 0, 30) == festive  # the late show still belongs to the 6th
        assert chosen(2027, 1, 7, 20) == usual
        theater.holiday_region = "HH"
        assert chosen(2027, 1, 6, 20) == usual

    def test_a_day_without_a_list_is_named_with_its_holiday(self, theater):
        PriceList.objects.filter(pk=make_price_list(theater).pk).update(holidays="NOT")
        with pytest.raises(NoSingleList, match="Heilige Drei Könige"):
            list_for(theater=theater, starts_at=self.starting(2027, 1, 6, 20))

    def test_a_start_knows_its_day_and_the_next(self, theater):
        start = start_of(theater, self.starting(2026, 12, 25, 20))
        assert (start.holiday, start.is_eve) == ("Erster Weihnachtstag", True)
