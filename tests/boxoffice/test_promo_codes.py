"""Promo codes in the office: creating them, changing them only as far as their uses allow, and who sees them."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reservations import locks
from reservations.models import PromoCode
from reservations.selling.bookings import confirm_booking, expire_booking, open_booking
from tests.factories import (
    hold_seats,
    make_browser,
    make_movie,
    make_promo,
    make_showtime,
    make_staff,
    make_theater,
    pay_form,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_values_stay_fresh")]
LIST = "/admin/reservations/promocode/"
ADD = f"{LIST}add/"
FORM = {"code": "lantern", "note": "For friends", "kind": "PERCENT", "percent": "20"}


def change(promo):
    return f"{LIST}{promo.pk}/change/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def book(showtime, label, number=1, ends=confirm_booking, email=None):
    browser = make_browser(number)
    hold_seats(showtime, browser, label)
    form = pay_form(showtime, label, total="11.60", promo_code="LANTERN", email=email or f"{number}@example.com")
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
        ends(locks.booking(booking.pk), actor="test")
    return booking


def errors(answer):
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


# Making one.


def test_a_code_with_every_condition(office):
    theater, movie = make_theater(), make_movie()
    wanted = FORM | {
        "theater": theater.pk, "movies": [movie.pk], "ticket_types": ["ADULT"], "weekdays": ["1", "7"],
        "from_on": "2026-12-01", "until_on": "2026-12-24", "most_uses": "10", "most_uses_each": "1",
    }  # fmt: skip
    assert office.post(ADD, wanted).status_code == 302
    promo = PromoCode.objects.get()
    assert (promo.code, promo.percent, promo.theater, list(promo.movies.all())) == ("LANTERN", 20, theater, [movie])
    assert (promo.ticket_types, promo.weekdays, promo.most_uses, promo.most_uses_each) == (["ADULT"], [1, 7], 10, 1)


def test_an_amount_of_a_theater_is_in_its_currency(office):
    tokyo = make_theater(currency="JPY", timezone_name="Asia/Tokyo", country="JP")
    office.post(ADD, FORM | {"kind": "FIXED", "percent": "", "amount": "900", "theater": tokyo.pk})
    promo = PromoCode.objects.get()
    assert (promo.amount, promo.currency, promo.percent) == (900, "JPY", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"percent": ""}, "percent"),
        ({"percent": "0"}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"kind": "AMOUNT"}, "amount"),
        ({"kind": "AMOUNT", "amount": "5"}, "currency"),
        ({"kind": "AMOUNT", "amount": "0", "currency": "GBP"}, "amount"),
        ({"kind": "FIXED", "amount": "5.50", "currency": "JPY"}, "amount"),
        ({"from_on": "2026-12-02", "until_on": "2026-12-01"}, "until_on"),
        ({"code": "A B"}, "code"),
        ({"most_uses": "0"}, "most_uses"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(office, wrong, field):
    answer = office.post(ADD, FORM | wrong)
    assert (answer.status_code, field in errors(answer), PromoCode.objects.count()) == (200, True, 0)


@pytest.mark.parametrize(
    ("changes", "warns"),
    [
        ({"percent": "100"}, True),
        ({"percent": "100.00", "most_uses_each": "1"}, True),
        ({"kind": "FIXED", "percent": "", "amount": "0", "currency": "GBP"}, True),
        ({"percent": "100", "most_uses": "5"}, False),
        ({"percent": "100", "is_withdrawn": "on"}, False),
        ({"percent": "99"}, False),
        ({"kind": "AMOUNT", "percent": "", "amount": "5", "currency": "GBP"}, False),
    ],
)
def test_a_code_that_gives_everything_without_a_limit_warns_when_it_is_saved(office, changes, warns):
    page = office.post(ADD, FORM | changes, follow=True).content.decode()
    assert ("gets tickets for nothing, as often as they like" in page) is warns
    assert PromoCode.objects.exists()


def test_the_same_code_in_small_letters_is_the_same_code(office):
    make_promo()
    assert "code" in errors(office.post(ADD, FORM))


# What was used.


def test_the_page_shows_who_used_it_and_what_it_gave_away(office, showtime):
    promo = make_promo(most_uses=5)
    booking = book(showtime, "A1")
    book(showtime, "A2", number=2, ends=expire_booking)
    details = office.get(change(promo)).context["details"]
    assert (details.counted, details.given_back) == (1, 1)
    assert [(given.currency, given.amount, given.tickets) for given in details.given] == [("GBP", Decimal("2.90"), 1)]
    page = office.get(change(promo)).content.decode()
    assert booking.reference in page and "1@example.com" in page and "£2.90" in page
    assert "1 of 5" in office.get(LIST).content.decode()


@pytest.mark.long
def test_the_page_costs_no_more_for_five_uses_than_for_one(office, showtime):
    promo, costs = make_promo(), []
    office.get(change(promo))  # fills what processes keep in memory
    for number in range(1, 6):
        book(showtime, f"A{number}", number=number)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(change(promo)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[4]


def test_a_used_code_keeps_its_name_and_is_not_deleted(office, showtime):
    promo = make_promo()
    book(showtime, "A1")
    office.post(change(promo), FORM | {"code": "OTHER", "percent": "30"})
    promo.refresh_from_db()
    assert (promo.code, promo.percent) == ("LANTERN", 30)
    assert office.post(f"{LIST}{promo.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_limit_below_what_was_used_is_refused(office, showtime):
    promo = make_promo(most_uses=5)
    for number in (1, 2):
        book(showtime, f"A{number}", number=number)
    assert errors(office.post(change(promo), FORM | {"most_uses": "1"})) == {
        "most_uses": ["It has been used 2 times. Withdraw it, and nobody can use it any more."]
    }


def test_a_limit_per_customer_below_what_one_has_used_is_refused(office, showtime):
    promo = make_promo()
    for number, label in ((1, "A1"), (2, "A2")):
        book(showtime, label, number=number)
    assert office.post(change(promo), FORM | {"most_uses_each": "1"}).status_code == 302
    PromoCode.objects.update(most_uses_each=None)
    book(showtime, "A3", number=3, email="1@example.com")
    answer = office.post(change(promo), FORM | {"most_uses_each": "1"})
    assert "One customer has used it 2 times" in errors(answer)["most_uses_each"][0]


def test_a_withdrawn_code_cannot_be_deleted_by_a_list_action(office):
    promo = make_promo()
    office.post(LIST, {"action": "delete_selected", "_selected_action": [promo.pk], "post": "yes"})
    assert PromoCode.objects.get() == promo


# Who may see and change a code.


@pytest.fixture
def here():
    return make_theater()


def test_a_manager_makes_codes_of_the_own_theater_alone(here):
    other, office = make_theater(), signed_in(make_staff("MANAGER", here))
    assert "theater" in errors(office.post(ADD, FORM | {"theater": other.pk}))
    assert "theater" in errors(office.post(ADD, FORM))
    assert office.post(ADD, FORM | {"theater": here.pk}).status_code == 302
    assert PromoCode.objects.get().theater == here


def test_a_manager_sees_but_does_not_change_a_code_of_all_theaters_and_nothing_of_another(here):
    other = make_theater()
    everywhere, theirs = make_promo(), make_promo("THEIRS", theater=other)
    office = signed_in(make_staff("MANAGER", here))
    assert office.get(change(everywhere)).status_code == 200
    assert office.post(change(everywhere), FORM | {"percent": "90", "theater": here.pk}).status_code == 403
    assert office.get(change(theirs)).status_code == 404
    assert "THEIRS" not in office.get(LIST).content.decode()


def test_of_a_code_of_all_theaters_one_sees_the_uses_at_the_own(here, showtime):
    promo = make_promo()
    book(showtime, "A1")
    book(make_showtime(theater=here), "A1", number=2)
    page = signed_in(make_staff("MANAGER", here)).get(change(promo))
    assert [used.booking.email for used in page.context["details"].redemptions] == ["2@example.com"]
    assert page.context["details"].given[0].amount == Decimal("2.90")


@pytest.mark.parametrize(("role", "opens"), [("BOX_OFFICE", 200), ("FINANCE", 200), ("AUDITOR", 200), ("DOOR", 403)])
def test_others_read_or_stay_outside(here, role, opens):
    promo = make_promo(theater=here)
    office = signed_in(make_staff(role, here))
    assert office.get(change(promo)).status_code == opens
    assert office.post(change(promo), FORM).status_code == 403 and office.get(ADD).status_code == 403
