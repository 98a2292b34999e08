"""A price stays what it was when it was shown: later edits by staff change neither a hold's quote nor a booking."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from houses.models import Theater
from reservations.models import Booking, Hold, Ticket
from reservations.selling.bookings import open_booking, reopen_hold
from tests.factories import hold_seats, make_browser, make_showtime, make_theater, pay_form
from theaters.models import PinnedPrice, Price, PriceVersion
from theaters.prices.prices import pinned_prices
from theaters.prices.repricing import reprice
from theaters.schedule.scheduling import SchedulingRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    theater = make_theater()
    theater.booking_fee = 1
    theater.save()
    return make_showtime(theater=theater)


def raise_prices():
    Price.objects.update(amount=F("amount") + 1)


def raise_tax():
    Theater.objects.update(tax_rate=Decimal("0.25"))


def raise_fee():
    Theater.objects.update(booking_fee=2)


EDITS = [raise_prices, raise_tax, raise_fee]
AS_SHOWN = (Decimal("14.50"), Decimal("2.42"), Decimal("0.20000"), Decimal(1))


def buy(showtime, browser, form):
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
    return booking.tickets.values_list("price", "tax", "tax_rate", "fee").get()


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_nothing_for_who_holds(showtime, my_browser, edit):
    hold_seats(showtime, my_browser, "A1")
    form = pay_form(showtime, "A1")
    edit()
    reprice(showtime_ids=[showtime.pk], actor="test")
    assert buy(showtime, my_browser, form) == AS_SHOWN


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_nothing_that_is_on_sale_until_staff_say_so(showtime, my_browser, edit):
    form = pay_form(showtime, "A1")
    edit()
    hold_seats(showtime, my_browser, "A1")
    assert buy(showtime, my_browser, form) == AS_SHOWN


def test_after_the_move_a_new_hold_has_the_new_prices(showtime, my_browser):
    hold_seats(showtime, make_browser(8), "B1")
    raise_prices(), raise_tax(), raise_fee()
    (moved,) = reprice(showtime_ids=[showtime.pk], actor="test")
    hold_seats(showtime, my_browser, "A1")
    bought = buy(showtime, my_browser, pay_form(moved, "A1"))
    assert bought == (Decimal("15.50"), Decimal("3.10"), Decimal("0.25000"), Decimal(2))
    assert len(set(Hold.objects.values_list("price_version", flat=True))) == 2


def test_a_booking_keeps_what_it_was_sold_as(showtime, my_browser):
    hold_seats(showtime, my_browser, "A1")
    buy(showtime, my_browser, pay_form(showtime, "A1"))
    raise_prices(), raise_tax(), raise_fee()
    reprice(showtime_ids=[showtime.pk], actor="test")
    assert Ticket.objects.values_list("price", "tax", "tax_rate", "fee").get() == AS_SHOWN
    assert Booking.objects.get().total == Decimal("14.50")


def test_prices_stay_when_seats_are_changed(showtime, my_browser):
    first = hold_seats(showtime, my_browser, "A1")
    buy(showtime, my_browser, pay_form(showtime, "A1"))
    raise_prices()
    reprice(showtime_ids=[showtime.pk], actor="test")
    with transaction.atomic():
        reopen_hold(Booking.objects.get(), actor="customer")
    again = Hold.objects.get(ended_at=None)
    assert (again.pk != first.pk, again.price_version_id) == (True, first.price_version_id)


def test_pages_show_a_hold_its_own_prices_and_others_the_new_ones(showtime, client):
    url = f"/showtimes/{showtime.pk}/"
    client.post(f"{url}seats/", {"take": "A1"})
    raise_prices()
    reprice(showtime_ids=[showtime.pk], actor="test")
    for page in (url, f"/checkout/{showtime.pk}/"):
        assert "£14.50" in client.get(page).content.decode()
    client.cookies.clear()
    assert "£15.50" in client.get(url).content.decode()


# Versions.


def test_a_version_is_made_when_something_differs_and_only_then(showtime):
    list_id = showtime.price_list_id
    make_showtime(theater=showtime.auditorium.theater, price_list=showtime.price_list)
    assert PriceVersion.objects.get().number == 1
    for number, edit in enumerate(EDITS, start=2):
        edit()
        reprice(showtime_ids=[showtime.pk], actor="test")
        assert PriceVersion.objects.filter(price_list=list_id).order_by("number").last().number == number


@pytest.mark.parametrize("model", [PriceVersion, PinnedPrice])
def test_the_database_refuses_to_change_or_delete_a_version(showtime, model):
    rows = model.objects.filter(pk=model.objects.first().pk)
    for change in (rows.get().save, lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            change()


def test_a_move_that_leaves_a_seat_without_a_price_is_refused_and_changes_nothing(showtime):
    before = pinned_prices(showtime.price_version_id)
    Price.objects.filter(category="PREMIUM", ticket_type__code="CHILD").delete()
    with pytest.raises(SchedulingRefused, match="no price for: Child on Premium"):
        reprice(showtime_ids=[showtime.pk], actor="test")
    showtime.refresh_from_db()
    assert (pinned_prices(showtime.price_version_id), PriceVersion.objects.count()) == (before, 1)


def test_without_pinned_prices_nothing_is_on_sale(showtime, client):
    type(showtime).objects.update(price_version=None)
    url = f"/showtimes/{showtime.pk}/"
    assert (client.get(url).status_code, client.post(f"{url}seats/", {"take": "A1"}).status_code) == (404, 404)
    assert not Hold.objects.exists()
