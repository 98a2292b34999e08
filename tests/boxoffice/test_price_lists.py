"""Price lists, ticket types and ratings in the office: when a list is valid, who may buy a type, who changes what is on sale."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from houses.business_days import business_day
from reservations.models import Hold
from staff.models import AuditEntry, StaffRole
from tests.factories import hold_seats, make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from tests.variants import some
from theaters.forms import RatingForm
from theaters.models import Price, PriceList, PriceVersion
from theaters.prices.prices import pinned_prices
from theaters.schedule.price_list_choice import validity_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def price_list():
    return make_price_list(make_auditorium(make_theater()).theater)


def address(price_list, page="change"):
    return f"/admin/theaters/pricelist/{price_list.pk}/{page}/"


def fields(price_list, **changes):
    cells = {f"price-{one.ticket_type_id}-{one.category.lower()}": one.amount for one in price_list.prices.all()}
    return {"name": price_list.name, "rank": 0, **cells, **changes}


def test_a_list_says_when_it_is_valid(office, price_list):
    when = {"weekdays": ["5", "6"], "from_time": "17:00", "first_on": "2027-03-01", "last_on": "2027-03-31", "rank": 2}
    assert office.post(address(price_list), fields(price_list, **when)).status_code == 302
    price_list.refresh_from_db()
    assert (price_list.weekdays, price_list.from_time, price_list.until_time) == ([5, 6], time(17), None)
    assert (price_list.first_on, price_list.last_on, price_list.rank) == (date(2027, 3, 1), date(2027, 3, 31), 2)
    words = "Fri, Sat from 17:00 since 01 Mar 2027 until 31 Mar 2027"
    assert validity_text(price_list) == words
    assert words in office.get("/admin/theaters/pricelist/").content.decode()


@pytest.mark.parametrize(
    ("when", "field"),
    some(
        [
            ({"first_on": "2027-03-02", "last_on": "2027-03-01"}, "last_on"),
            ({"from_time": "20:00", "until_time": "17:00"}, "until_time"),
            ({"from_time": "02:00", "until_time": "23:00"}, "until_time"),
            ({"weekdays": ["8"]}, "weekdays"),
            ({"rank": "-1"}, "rank"),
        ],
        every=2,
    ),
)
def test_what_can_never_be_valid_is_refused_beside_its_field(office, price_list, when, field):
    answer = office.post(address(price_list), fields(price_list, **when))
    assert field in answer.context["adminform"].form.errors


@pytest.mark.parametrize(("begins", "ends"), [("20:00", "02:00"), ("20:00", "05:00"), ("00:00", "03:00")])
def test_a_span_may_go_past_midnight(office, price_list, begins, ends):
    answer = office.post(address(price_list), fields(price_list, from_time=begins, until_time=ends))
    assert answer.status_code == 302


@pytest.mark.parametrize("category", ["wheelchair", "companion"])
def test_accessible_seats_never_cost_more_than_the_plainest_seat_of_the_type(office, price_list, category):
    adult, child = (price_list.theater.ticket_types.get(code=code) for code in ("ADULT", "CHILD"))
    cell, child_cell = f"price-{adult.pk}-{category}", f"price-{child.pk}-{category}"
    standard = {f"price-{adult.pk}-standard": "15.50", f"price-{adult.pk}-premium": "13.00"}
    answer = office.post(address(price_list), fields(price_list, **standard, **{cell: "99.00"}))
    errors = answer.context["adminform"].form.errors
    assert {name for name in errors if category in name} == {cell}
    said = (
        "A place for wheelchair users or their companions never costs more than the cheapest other seat. Here it would be "
        "£99.00: make it £13.00 or less."
    )
    assert errors[cell] == [said]
    assert not Price.objects.filter(amount="99.00").exists()
    prices = {f"price-{adult.pk}-{one}": "13.00" for one in ("wheelchair", "companion")}
    assert office.post(address(price_list), fields(price_list, **standard, **prices)).status_code == 302
    # A derived price counts too: the child's price would follow the adult's.
    child.derived_from, child.derived_percent = adult, 50
    child.save()
    derived = fields(price_list, **standard, **prices, **{child_cell: "", f"price-{child.pk}-standard": "6.00"})
    errors = office.post(address(price_list), derived).context["adminform"].form.errors
    assert "£6.50: make it £6.00 or less." in errors[child_cell][0]


def test_a_type_for_companions_alone_has_any_price(office, price_list):
    kind = price_list.theater.ticket_types.get(code="CHILD")
    price_list.prices.filter(ticket_type=kind).exclude(category="COMPANION").delete()
    answer = office.post(address(price_list), fields(price_list, **{f"price-{kind.pk}-companion": "40.00"}))
    assert answer.status_code == 302


def test_a_type_with_its_rules(office, price_list):
    kind = price_list.theater.ticket_types.get(code="CHILD")
    form = {"name": "Toddler", "position": 1, "max_age": 4, "needs_adult": "on", "categories": ["STANDARD", "SOFA"]}
    assert office.post(f"/admin/theaters/tickettype/{kind.pk}/change/", form).status_code == 302
    kind.refresh_from_db()
    assert (kind.max_age, kind.needs_adult, kind.is_adult, kind.categories) == (4, True, False, ["STANDARD", "SOFA"])
    page = office.get(address(price_list)).content.decode()
    assert f'name="price-{kind.pk}-standard"' in page
    assert f'name="price-{kind.pk}-premium"' not in page


def test_the_ages_of_a_known_label_are_filled_in(office):
    movie = make_movie()
    names = ("title", "slug", "kind", "year", "director", "running_minutes")
    form = {name: getattr(movie, name) for name in names}
    form |= {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    form |= {"stills-TOTAL_FORMS": 0, "stills-INITIAL_FORMS": 0}
    form |= {"ratings-TOTAL_FORMS": 1, "ratings-INITIAL_FORMS": 0}
    form |= {"ratings-0-country": "GB", "ratings-0-label": "15", "ratings-0-movie": movie.pk}
    assert office.post(f"/admin/theaters/movie/{movie.pk}/change/", form).status_code == 302
    assert movie.ratings.values_list("label", "min_age", "accompanied_below").get() == ("15", 15, None)


def test_a_label_that_nobody_knows_is_refused_until_its_ages_are_typed():
    def form_of(least):
        return RatingForm({"country": "DE", "label": "Mature", "min_age": least, "accompanied_below": ""})

    assert "“Mature” is no label that we know of Germany" in form_of("").errors["min_age"][0]
    assert form_of("0").is_valid() and form_of("16").is_valid()


# Moving what is on sale


@pytest.fixture
def raised():
    """A showtime on sale at 14.50; the price list has since been raised to 15.50."""
    showtime = make_showtime()
    Price.objects.update(amount=Decimal("15.50"))
    return showtime


def price_now(showtime):
    showtime.refresh_from_db()
    return pinned_prices(showtime.price_version_id).amount("ADULT", "STANDARD")


def test_staff_see_which_showtimes_sell_at_older_prices_and_move_them(office, manager, raised, my_browser):
    hold = hold_seats(raised, my_browser, "A1")
    assert "1 showtime on sale sells" in office.get(address(raised.price_list)).content.decode()
    page = office.get(address(raised.price_list, "showtimes")).content.decode()
    assert (str(raised) in page, price_now(raised)) == (True, Decimal("14.50"))
    office.post(address(raised.price_list, "showtimes"), {"showtime": raised.pk})
    assert price_now(raised) == Decimal("15.50")
    assert Hold.objects.get(pk=hold.pk).price_version.number == 1
    entry = AuditEntry.objects.get(action="reprice")
    assert (entry.actor, entry.what_id) == (f"staff:{manager.pk}", raised.pk)
    assert "Everything on sale" in office.get(address(raised.price_list, "showtimes")).content.decode()


def test_what_nobody_ticked_stays(office, raised):
    office.post(address(raised.price_list, "showtimes"))
    assert (price_now(raised), PriceVersion.objects.count()) == (Decimal("14.50"), 1)


def test_showtimes_of_other_lists_are_not_moved_here(office, raised):
    other = make_price_list(raised.auditorium.theater)
    office.post(address(other, "showtimes"), {"showtime": raised.pk})
    assert price_now(raised) == Decimal("14.50")


class TestAHolidayListThatComesLater:
    """The showtime is on sale with the usual list before a list for its day exists."""

    def save(self, office, theater, on, **more):
        days = {"first_on": on.isoformat(), "last_on": on.isoformat(), "rank": 5, **more}
        holiday = make_price_list(theater)
        return holiday, office.post(address(holiday), fields(holiday, **days), follow=True).text

    def test_it_says_how_many_showtimes_keep_another_list_and_leads_to_them(self, office, raised):
        theater = raised.auditorium.theater
        holiday, page = self.save(office, theater, business_day(theater, raised.starts_at))
        assert f"1 showtime on the days of {holiday} is on sale already and keeps the prices of another list." in page
        assert f"{address(holiday, 'showtimes')}#others" in page
        listed = office.get(address(holiday, "showtimes"))
        assert listed.context["others"] == [raised] and f"/showtime/{raised.pk}/change/" in listed.text
        assert "1 showtime on its days is on sale with another list" in office.get(address(holiday)).text

    def test_another_day_a_lower_rank_and_a_list_by_hand_say_nothing(self, office, raised):
        theater = raised.auditorium.theater
        day = business_day(theater, raised.starts_at)
        for on, more in ((day + timedelta(days=1), {}), (day, {"rank": 0}), (day, {"is_by_hand": "on"})):
            _, page = self.save(office, theater, on, **more)
            assert "keeps the prices of another list" not in page
            PriceList.objects.exclude(pk=raised.price_list_id).update(is_by_hand=True)


def test_a_move_that_leaves_seats_without_a_price_is_refused(office, raised):
    Price.objects.filter(category="PREMIUM").delete()
    answer = office.post(address(raised.price_list, "showtimes"), {"showtime": raised.pk}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert "no price for: Premium" in answer.content.decode()
    assert price_now(raised) == Decimal("14.50")


@pytest.mark.parametrize(
    ("role", "at_home", "status"), [("MANAGER", True, 200), ("BOX_OFFICE", True, 403), ("MANAGER", False, 404)]
)
def test_only_who_may_change_the_list_moves_showtimes(raised, role, at_home, status):
    person = User.objects.create_user("eve@marquee.example", "a long pass phrase", is_staff=True)
    theater = raised.auditorium.theater if at_home else make_theater()
    StaffRole.objects.create(user=person, theater=theater, role=role)
    client = Client()
    client.force_login(person)
    assert client.get(address(raised.price_list, "showtimes")).status_code == status
    if status != 200:
        assert client.post(address(raised.price_list, "showtimes"), {"showtime": raised.pk}).status_code == status
        assert price_now(raised) == Decimal("14.50")


def test_a_theater_says_its_booking_fee(office, price_list):
    page = office.get(f"/admin/houses/theater/{price_list.theater_id}/change/").content.decode()
    assert 'name="booking_fee"' in page


def test_a_list_for_the_hand_says_so():
    assert [validity_text(one) for one in (PriceList(is_by_hand=True), PriceList())] == ["only by hand", "always"]


@pytest.mark.parametrize(("typed", "is_taken"), [("0.20", False), ("0.29", False), ("0.30", True), ("0", True)])
def test_a_price_that_no_card_can_pay_is_refused_when_it_is_saved(office, price_list, typed, is_taken):
    kind = price_list.prices.first().ticket_type_id
    # A wheelchair space never costs more than an ordinary seat.
    cells = [f"price-{kind}-{category}" for category in ("standard", "wheelchair", "companion")]
    answer = office.post(address(price_list), fields(price_list, **dict.fromkeys(cells, typed)))
    assert (answer.status_code == 302) == is_taken
    if not is_taken:
        assert "No card can pay less than £0.30. 0 makes the ticket free." in answer.content.decode()
    stored = price_list.prices.get(ticket_type_id=kind, category="STANDARD").amount
    assert (stored == Decimal(typed)) == is_taken
