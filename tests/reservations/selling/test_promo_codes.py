"""Promo codes: who may use them, what is noted, and when a use is given back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from houses.business_days import business_day
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.links.booking_access import claim_bookings
from reservations.models import Booking, PromoRedemption, Ticket
from reservations.refusals.promo_codes import PromoRefused, PromoUnknown, TooManyPromoCodes
from reservations.refusals.selling import QuoteChanged
from reservations.seats.taking import Browser
from reservations.selling.bookings import confirm_booking, expire_booking, open_booking, refuse_booking, reopen_hold
from reservations.selling.promo_codes import clean_code, count_miss, find_promotion, require_patience
from reservations.states import CancelCause
from sales.services.opening import Customer
from sales.services.owing import owe
from tests.factories import hold_seats, make_browser, make_movie, make_promo, make_showtime, make_theater, pay_form
from tests.ledger import counts, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
ADA = Customer(email="ada@example.com")
STAFF = CancellationOrigin(cause=CancelCause.STAFF, actor="staff:1")


def find(showtime, customer=ADA, code="LANTERN", now=None):
    return find_promotion(code=code, showtime=showtime, customer=customer, now=now or timezone.now())


def book(showtime, *labels, number=1, total="11.60", **form) -> Booking:
    """Book one seat of £14.50 with 20 % off, unless the arguments say something else."""
    browser = make_browser(number)
    hold_seats(showtime, browser, *labels)
    form = pay_form(showtime, *labels, total=total, **{"promo_code": "LANTERN"} | form)
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=browser, form=form)


# Who may use it.


def test_a_code_without_conditions_is_for_everybody(showtime):
    promo = make_promo()
    found = find(showtime)
    assert (found.promo_code_id, found.code, found.value, found.currency) == (promo.pk, "LANTERN", 20, "GBP")


@pytest.mark.parametrize("typed", ["lantern", " LAN TERN ", "Lantern\t"])
def test_capitals_and_spaces_do_not_matter(typed):
    assert clean_code(typed) == "LANTERN"


@pytest.mark.parametrize("code", ["LANTERNS", "X", "L" * 40, "LANTERN'--", "ＬＡＮＴＥＲＮ"])
def test_a_code_that_nobody_has_is_unknown(showtime, code):
    make_promo()
    with pytest.raises(PromoUnknown, match="We do not know the code"):
        find(showtime, code=code)


def test_it_is_valid_from_the_first_to_the_last_business_day_of_the_theater():
    tokyo = make_theater(timezone_name="Asia/Tokyo", currency="JPY", country="JP")
    showtime = make_showtime(theater=tokyo)
    make_promo(from_on=date(2026, 12, 1), until_on=date(2026, 12, 24))
    first = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # 05:00 on 1 December in Tokyo
    last = datetime(2026, 12, 24, 19, 59, 59, tzinfo=UTC)  # one second before 05:00 on the 25th
    assert find(showtime, now=first) and find(showtime, now=last)
    with pytest.raises(PromoRefused, match="from 1 December 2026 on"):
        find(showtime, now=first - timedelta(seconds=1))
    with pytest.raises(PromoRefused, match="expired: its last day was 24 December 2026"):
        find(showtime, now=last + timedelta(seconds=1))


def test_it_may_be_for_one_theater(showtime):
    other = make_theater()
    make_promo(theater=other)
    with pytest.raises(PromoRefused, match=f"at {showtime.auditorium.theater.name}"):
        find(showtime)
    assert find(make_showtime(theater=other))


def test_an_amount_is_for_theaters_of_its_currency(showtime):
    make_promo(kind="AMOUNT", amount=Decimal(5), currency="EUR")
    with pytest.raises(PromoRefused, match="at Theater"):
        find(showtime)


def test_it_may_be_for_some_movies(showtime):
    other = make_movie()
    make_promo(movies=[other, make_movie()])
    with pytest.raises(PromoRefused, match=f"for {showtime.movie.title}"):
        find(showtime)
    assert find(make_showtime(movie=other))


def test_a_weekday_is_that_of_the_business_day(db):
    friday_night = datetime(2027, 3, 13, 0, 30, tzinfo=UTC)  # Saturday by the calendar, but Friday's late show
    showtime = make_showtime(starts_at=friday_night)
    assert business_day(showtime.auditorium.theater, friday_night).isoweekday() == 5
    make_promo(weekdays=[1, 2])
    with pytest.raises(PromoRefused, match="on these days: Monday and Tuesday"):
        find(showtime)
    make_promo("FRIDAY", weekdays=[5])
    assert find(showtime, code="FRIDAY")


def test_a_withdrawn_code_is_not_valid_any_more(showtime):
    make_promo(is_withdrawn=True)
    with pytest.raises(PromoRefused, match="not valid any more"):
        find(showtime)


# What is noted.


def test_the_discount_is_written_on_the_tickets_and_tax_is_of_what_is_paid(showtime):
    promo = make_promo()
    booking = book(showtime, "A1", "B1", total="25.60")
    tickets = booking.tickets.order_by("seat_id").values_list("price", "discount", "tax")
    assert list(tickets) == [
        (Decimal("11.60"), Decimal("2.90"), Decimal("1.93")),
        (Decimal("14.00"), Decimal("3.50"), Decimal("2.33")),
    ]
    assert [ticket.full_price for ticket in booking.tickets.order_by("seat_id")] == [Decimal("14.50"), Decimal("17.50")]
    assert (booking.total, booking.promo_code) == (Decimal("25.60"), promo)
    used = PromoRedemption.objects.get()
    assert (used.booking, used.discount, used.booking.email, used.given_back_at) == (
        booking, Decimal("6.40"), "ada@example.com", None,
    )  # fmt: skip
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2, "PromoRedemption": 1}


def test_without_a_code_nothing_is_redeemed(showtime):
    booking = book(showtime, "A1", total="14.50", promo_code="")
    assert (booking.promo_code, booking.tickets.get().discount) == (None, 0)
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 1}


def test_only_tickets_of_its_types_get_cheaper(showtime):
    make_promo(kind="FIXED", percent=None, amount=Decimal(5), currency="GBP", ticket_types=["ADULT"])
    with pytest.raises(PromoRefused, match="for these types of tickets"):
        book(showtime, "A1", kind="CHILD")
    assert book(showtime, "A2", number=2, total="5.00").tickets.get().discount == Decimal("9.50")


def test_a_total_that_was_shown_without_the_code_is_not_charged_with_it(showtime):
    make_promo()
    hold_seats(showtime, make_browser(1), "A1")
    form = pay_form(showtime, "A1", promo_code="LANTERN")
    with nothing_changes(), pytest.raises(QuoteChanged), transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=make_browser(1), form=form)


def test_what_a_ticket_was_sold_with_is_frozen(showtime):
    make_promo()
    book(showtime, "A1")
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Ticket.objects.update(discount=1)


@pytest.mark.parametrize("change", [{"discount": 1}, {"booking_id": 0}, {"currency": "EUR"}])
def test_what_a_use_took_off_is_frozen(showtime, change):
    make_promo()
    book(showtime, "A1")
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        PromoRedemption.objects.update(**change)


# Limits.


def test_a_code_that_is_used_up_is_refused(showtime):
    make_promo(most_uses=1)
    book(showtime, "A1")
    with pytest.raises(PromoRefused, match="used as often as it can be"):
        find(showtime, Customer(email="grace@example.com"))


@pytest.mark.parametrize("email", ["ADA@example.com", "ada+2@example.com", " Ada+cinema@EXAMPLE.com "])
def test_one_customer_is_known_by_the_address_without_case_and_alias(showtime, email):
    make_promo(most_uses_each=1)
    book(showtime, "A1")
    with pytest.raises(PromoRefused, match="You can use the code LANTERN only once, and you have already done so"):
        find(showtime, Customer(email=email))
    assert find(showtime, Customer(email="grace@example.com"))


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("A.da.L+x@googlemail.com", "adal@gmail.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("+x@example.com", "+x@example.com"),
        ("", ""),
    ],
)
def test_dots_do_not_matter_where_they_are_not_read(email, key):
    assert Customer(email=email).key == key


def test_one_customer_is_known_by_the_account_whatever_the_address(showtime, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    make_promo(most_uses_each=2)
    book(showtime, "A1", user_id=ada.pk, email="one@example.com")
    book(showtime, "A2", user_id=ada.pk, email="two@example.com", number=2)
    with pytest.raises(PromoRefused, match="only 2 times"):
        find(showtime, Customer(email="three@example.com", user_id=ada.pk))
    assert find(showtime, Customer(email="one@example.com"))


def test_what_a_guest_used_the_account_has_used_that_claims_the_booking(showtime, django_user_model):
    make_promo(most_uses_each=1)
    book(showtime, "A1")
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    assert claim_bookings(user_id=ada.pk, emails=["ada@example.com"]) == 1
    with pytest.raises(PromoRefused, match="You can use the code LANTERN only once, and you have already done so"):
        find(showtime, Customer(email="another@example.com", user_id=ada.pk))


def test_nobody_known_yet_is_not_somebody(showtime):
    make_promo(most_uses_each=1)
    book(showtime, "A1")
    assert find(showtime, Customer())


# A use is given back when its booking ends.


def given_back() -> bool:
    return PromoRedemption.objects.get().given_back_at is not None


def test_it_counts_while_pending_and_confirmed(showtime):
    make_promo(most_uses=1)
    booking = book(showtime, "A1")
    assert not given_back()
    assert confirm_booking(locks.booking(booking.pk), actor="test")
    assert not given_back()


@pytest.mark.parametrize("end", [expire_booking, reopen_hold])
def test_a_booking_that_was_not_paid_gives_it_back(showtime, end):
    make_promo(most_uses=1)
    end(locks.booking(book(showtime, "A1").pk), actor="test")
    assert given_back() and find(showtime)


def test_a_canceled_booking_gives_it_back_and_a_canceled_ticket_does_not(showtime):
    make_promo(most_uses=1)
    booking = book(showtime, "A1", "A2", total="23.20")
    confirm_booking(locks.booking(booking.pk), actor="test")
    first, second = booking.tickets.values_list("pk", flat=True)
    cancel_tickets(booking_id=booking.pk, ticket_ids=[first], percent=100, origin=STAFF)
    assert not given_back()
    cancel_tickets(booking_id=booking.pk, ticket_ids=[second], percent=100, origin=STAFF)
    assert given_back() and find(showtime)


def test_late_money_that_brings_the_seats_back_uses_it_again_even_over_the_limit(showtime):
    make_promo(most_uses=1)
    booking = book(showtime, "A1")
    expire_booking(locks.booking(booking.pk), actor="test")
    book(showtime, "A2", number=2, email="grace@example.com")
    assert confirm_booking(locks.booking(booking.pk), actor="test")
    assert PromoRedemption.objects.counted().count() == 2


def test_late_money_that_goes_back_uses_nothing(showtime):
    make_promo(most_uses=1)
    booking = locks.booking(book(showtime, "A1").pk)
    refuse_booking(booking, actor="test")
    owe(booking.sale, booking.total)
    assert (booking.status, given_back()) == ("REFUNDED", True)


# Guessing.


def test_after_some_codes_that_nobody_has_a_browser_waits(settings):
    settings.PROMO_MISSES_PER_HOUR_PER_HOLDER = 2
    guesser = make_browser(int(timezone.now().timestamp()))
    count_miss(guesser)
    require_patience(guesser)
    count_miss(guesser)
    with pytest.raises(TooManyPromoCodes) as refused:
        count_miss(guesser)
    assert (refused.value.status, 0 < refused.value.retry_after <= 3600) == (429, True)
    with pytest.raises(TooManyPromoCodes):
        require_patience(guesser)
    require_patience(make_browser(3))


def test_a_code_for_a_movie_serves_a_double_bill_that_shows_it_second(showtime):
    second = make_movie()
    make_promo(movies=[second])
    for position, movie in enumerate([showtime.movie, second], start=1):
        showtime.program_items.create(position=position, movie=movie, minutes=90)
    Showtime.objects.filter(pk=showtime.pk).update(program_title="Two in a row", program_minutes=180)
    assert find(Showtime.objects.get(pk=showtime.pk))


def test_an_address_that_guesses_with_fresh_cookies_waits(settings):
    settings.PROMO_MISSES_PER_HOUR_PER_ADDRESS = 2
    address = "198.51.100.77"
    for number in range(2):
        count_miss(Browser(holder=f"{number:064x}", address=address))
    with pytest.raises(TooManyPromoCodes):
        count_miss(Browser(holder="9" * 64, address=address))
    count_miss(Browser(holder="8" * 64, address="198.51.100.78"))
