"""Price rules in the office: adding a rule, what is refused, who sees what."""

from decimal import Decimal

import pytest

from staff.models import AuditEntry
from tests.factories import make_auditorium, make_price_rule, make_showtime, make_staff, make_theater
from tests.signing_in import signed_in
from tests.variants import some
from theaters.models import PriceRule

pytestmark = pytest.mark.django_db
ADD = "/admin/theaters/pricerule/add/"


@pytest.fixture
def theater():
    return make_theater()


def form(theater, **fields):
    return {"theater": theater.pk, "kind": "SURCHARGE", "name": "3D surcharge", "amount": "2", "position": 0, **fields}


def address(rule):
    return f"/admin/theaters/pricerule/{rule.pk}/change/"


def test_a_surcharge_with_its_names_for_some_showtimes(office, theater):
    room = make_auditorium(theater)
    fields = {
        "name_de": "3D-Zuschlag",
        "pictures": ["3D", "IMAX 3D"],
        "auditoriums": [room.pk],
        "ticket_types": ["ADULT"],
    }
    assert office.post(ADD, form(theater, **fields, weekdays=["1"])).status_code == 302
    rule = PriceRule.objects.get()
    assert (rule.amount, rule.percent, rule.hours_before) == (Decimal(2), None, 0)
    assert (rule.pictures, rule.auditoriums, rule.ticket_types) == (["3D", "IMAX 3D"], [room.pk], ["ADULT"])
    assert rule.translations == {"de": {"name": "3D-Zuschlag"}}
    page = office.get("/admin/theaters/pricerule/").content.decode()
    assert f"3D, IMAX 3D; {room.name}; ADULT; Mon" in page and "+£2.00 a person" in page
    assert AuditEntry.objects.get(what="theaters.pricerule").action == "add"


def test_an_early_bird_is_written_in_days_and_hours(office, theater):
    early = {
        "kind": "EARLY",
        "name": "Early bird",
        "amount": "",
        "percent": "10",
        "days_before": "7",
        "hours_before": "12",
    }
    assert office.post(ADD, form(theater, **early)).status_code == 302
    rule = PriceRule.objects.get()
    assert (rule.hours_before, rule.percent) == (180, Decimal(10))
    page = office.get(address(rule)).content.decode()
    assert 'name="days_before" value="7"' in page and 'name="hours_before" value="12"' in page
    assert (
        "−10%, until 7 days and 12 hours before the start" in office.get("/admin/theaters/pricerule/").content.decode()
    )


@pytest.mark.parametrize(
    ("says", "words"),
    some(
        [
            ({"days_before": "1", "until_clock": "23:59"}, "until 23:59, the day before"),
            ({"days_before": "0", "until_clock": "17:00"}, "until 17:00, the day of the showtime"),
            ({"until_clock": "17:00"}, "until 17:00, the day of the showtime"),
            ({"days_before": "14", "until_clock": "12:30"}, "until 12:30, 14 days before"),
            ({"until_day": "2027-03-28"}, "until 23:59 on 28 Mar 2027"),
            ({"until_day": "2027-03-28", "until_clock": "18:00"}, "until 18:00 on 28 Mar 2027"),
        ],
        every=2,
    ),
)
def test_an_early_bird_ends_by_the_clock_or_on_a_date(office, theater, says, words):
    assert office.post(ADD, form(theater, kind="EARLY", name="Early bird", **says)).status_code == 302
    assert words in office.get("/admin/theaters/pricerule/").content.decode()
    page = office.get(address(PriceRule.objects.get())).content.decode()
    shown = {name: value for name, value in says.items() if f'name="{name}" value="{value}"' in page}
    assert shown == says


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    some(
        [
            ({"kind": "EARLY", "days_before": "2", "until_day": "2027-03-28"}, "until_day", "not both"),
            ({"kind": "EARLY", "hours_before": "2", "until_clock": "12:00"}, "hours_before", "days alone"),
            ({"until_clock": "12:00"}, "until_clock", "Only an early bird"),
            ({"until_day": "2027-03-28"}, "until_day", "Only an early bird"),
            ({"kind": "EARLY", "until_day": "28.13.2027"}, "until_day", "valid date"),
            ({"amount": ""}, "amount", "an amount or a percentage"),
            ({"percent": "5"}, "amount", "an amount or a percentage"),
            ({"amount": "-1"}, "amount", "greater than or equal to 0"),
            ({"amount": "", "percent": "101"}, "percent", "less than or equal to 100"),
            ({"kind": "EARLY"}, "days_before", "how long before"),
            ({"days_before": "3"}, "days_before", "Only an early bird"),
            ({"kind": "EARLY", "days_before": "365", "hours_before": "1"}, "days_before", "more than a year"),
            ({"first_on": "2027-02-01", "last_on": "2027-01-01"}, "last_on", "before the first day"),
            ({"auditoriums": ["theirs"]}, "auditoriums", "Choose auditoriums of"),
        ],
        every=3,
    ),
)
def test_what_a_rule_cannot_say(office, theater, fields, field, words):
    theirs = make_auditorium(make_theater())
    fields = {key: theirs.pk if value == ["theirs"] else value for key, value in fields.items()}
    answer = office.post(ADD, form(theater, **fields))
    assert words in str(answer.context["adminform"].form.errors[field])
    assert not PriceRule.objects.exists()


def test_a_currency_without_small_coins_takes_whole_amounts(office):
    theater = make_theater(currency="JPY")
    answer = office.post(ADD, form(theater, amount="1.50"))
    assert "in steps of 1." in str(answer.context["adminform"].form.errors["amount"])


def test_who_may_only_look_reads_what_a_rule_does(theater):
    rule = make_price_rule(theater)
    page = signed_in(make_staff("BOX_OFFICE", theater)).get(address(rule)).content.decode()
    assert "+£2.00 a person" in page and 'name="amount"' not in page


def test_what_is_on_sale_keeps_its_prices_and_the_page_leads_to_where_they_change(office):
    showtime = make_showtime()
    theater = showtime.auditorium.theater
    page = office.post(ADD, form(theater, pictures=["3D"]), follow=True).content.decode()
    assert "keeps its prices" not in page  # the rule is for 3D
    page = office.post(ADD, form(theater, name="Levy"), follow=True).content.decode()
    older = f"/admin/theaters/pricelist/{showtime.price_list_id}/showtimes/"
    assert "1 showtime on sale keeps its prices of" in page and older in page
    assert office.post(older, {"showtime": [showtime.pk]}).status_code == 302
    shown = office.get(f"/admin/theaters/showtime/{showtime.pk}/change/").content.decode()
    assert "version 2, with Levy" in " ".join(shown.split())
