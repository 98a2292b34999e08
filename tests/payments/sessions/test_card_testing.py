"""Thieves try stolen cards where payment pages open easily: so a browser gets few sessions, and declines end them."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from payments.books.provider_events import settle_due_events
from payments.models import Payment
from payments.sessions.card_facts import follow_declines, note_paid_cards
from payments.sessions.checkout import continue_paying
from payments.sessions.session_closing import change_seats
from payments.sessions.session_limits import ManyPaymentsBegun, TooManyDeclines, TooManyPayments, TooManySessions
from payments.sessions.settlement import settle
from reservations.models import OutgoingMail
from reservations.seats.taking import Browser, release_hold
from tests.exchanging import agree, buy_to_exchange, choose
from tests.factories import (
    begin_paying,
    buy,
    make_allowance,
    make_auditorium,
    make_showtime,
    make_staff,
    make_theater,
    press_pay,
)
from tests.ledger import broken_invariants, nothing_changes
from tests.providers import STRIPE
from tests.standing_booking import BUYER
from tests.statuses import stand

pytestmark = pytest.mark.django_db
DECLINED = "4000000000000002"
SEATS = [f"{row}{number}" for row in "AB" for number in range(1, 7)]


def browser(number, address="198.51.100.7"):
    return Browser(holder=f"{number:064x}", address=address)


def decline(sandbox, payment, times):
    for _ in range(times):
        sandbox.pay(payment.session_id, card=DECLINED)
    settle(payment_id=payment.pk, actor="test")
    payment.refresh_from_db()


def later(minutes):
    by = timedelta(minutes=minutes)
    Payment.objects.update(
        created_at=F("created_at") - by, declined_at=F("declined_at") - by, ended_at=F("ended_at") - by
    )


# Sessions.


def test_change_seats_brings_no_new_sessions(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    for _ in range(4):
        change_seats(booking_id=booking.pk, actor="test")
        booking = press_pay(showtime, my_browser, "A1")
    change_seats(booking_id=booking.pk, actor="test")
    with nothing_changes(), pytest.raises(TooManyPayments) as refused:
        press_pay(showtime, my_browser, "A1")
    assert (refused.value.status, refused.value.retry_after >= 60) == (429, True)
    assert len(sandbox.requests("/v1/checkout/sessions", "POST")) == 5
    assert not broken_invariants()


def test_sessions_of_one_booking_and_of_those_after_it_count_together(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    for _ in range(3):
        stand(Payment.objects.filter(sale=booking.sale).exclude(status="CLOSED"), "CLOSED")
        continue_paying(booking_id=booking.pk)
    change_seats(booking_id=booking.pk, actor="test")
    booking = press_pay(showtime, my_browser, "A1")
    change_seats(booking_id=booking.pk, actor="test")
    with nothing_changes(), pytest.raises(TooManyPayments):
        press_pay(showtime, my_browser, "A1")


def test_pages_that_follow_a_closed_one_count_at_the_address(showtime, sandbox, settings):
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = 2
    booking = begin_paying(showtime, browser(1), "A1")
    for _ in range(3):  # the open page again is no new one
        continue_paying(booking_id=booking.pk, address=browser(1).address)
    stand(Payment.objects.all(), "CLOSED")
    continue_paying(booking_id=booking.pk, address=browser(1).address)
    stand(Payment.objects.exclude(status="CLOSED"), "CLOSED")
    with nothing_changes(), pytest.raises(ManyPaymentsBegun):
        continue_paying(booking_id=booking.pk, address=browser(1).address)


def test_the_sixth_try_is_answered_with_429_and_words(showtime, client, sandbox, settings):
    seats, checkout = reverse("seats", args=[showtime.pk]), reverse("checkout", args=[showtime.pk])
    form = {"type-A1": "ADULT", "email": "ada@example.com", "total": "14.50", "action": "pay"}
    client.post(seats, {"take": "A1"})
    for _ in range(5):
        assert client.post(checkout, form).status_code == 303
        client.post(reverse("change_seats", args=[Payment.objects.latest("pk").sale.reference]))
    answer = client.post(checkout, form)
    assert (answer.status_code, int(answer.headers["Retry-After"]) >= 60) == (429, True)
    assert "Paying for these tickets was begun too often. Nothing was charged." in answer.content.decode()


def test_a_browser_opens_twenty_sessions_an_hour(showtime, sandbox, settings):
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = 3
    for _ in range(3):
        begin_paying(make_showtime(), browser(1), "A1")
    other = make_showtime()
    with pytest.raises(TooManySessions) as refused:
        begin_paying(other, browser(1), "A1")
    assert 3500 < refused.value.retry_after <= 3600 and "60 minutes" in refused.value.sentence
    begin_paying(showtime, browser(2), "A1")
    later(61)
    press_pay(other, browser(1), "A1")


# Declines.


def test_the_session_of_a_sale_with_two_bookings_is_one(sandbox, settings):
    """After an exchange both bookings share the one payment."""
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = 2
    booking = buy_to_exchange(sandbox, "A1")
    other = make_showtime(auditorium=make_auditorium(booking.sale.theater))
    agree(choose(booking, "A1", showtime=other))
    assert booking.sale.bookings.count() == 2
    begin_paying(other, BUYER, "B2")


def test_the_fifth_decline_closes_the_session(showtime, my_browser, sandbox):
    payment = begin_paying(showtime, my_browser, "A1").sale.payments.get()
    decline(sandbox, payment, 4)
    assert (payment.status, payment.declines) == ("OPEN", 4)
    decline(sandbox, payment, 1)
    assert (payment.status, payment.declines, payment.last_error) == ("CLOSED", 5, "Cards were declined too often")
    assert sandbox.session(payment.session_id)["status"] == "expired"
    assert payment.sale.bookings.get().status == "PENDING"


def test_declines_are_heard_of_by_events(showtime, my_browser, sandbox, deliver):
    payment = begin_paying(showtime, my_browser, "A1").sale.payments.get()
    for _ in range(5):
        sandbox.pay(payment.session_id, card=DECLINED)
    deliver()
    settle_due_events()
    payment.refresh_from_db()
    assert (payment.status, payment.declines) == ("CLOSED", 5)


def test_an_event_that_lies_about_declines_is_not_believed(showtime, my_browser, sandbox, deliver):
    """However often an event comes, only Stripe's answer to a question counts."""
    payment = begin_paying(showtime, my_browser, "A1").sale.payments.get()
    decline(sandbox, payment, 1)
    for _ in range(6):
        settle(payment_id=payment.pk, actor="stripe")
    payment.refresh_from_db()
    assert (payment.status, payment.declines) == ("OPEN", 1)


def test_an_older_look_takes_no_decline_back(showtime, my_browser, sandbox):
    payment = begin_paying(showtime, my_browser, "A1").sale.payments.get()
    older = Payment.objects.get(pk=payment.pk)
    decline(sandbox, payment, 2)
    Payment.objects.filter(pk=payment.pk).update(declines=4)
    follow_declines(older, STRIPE.look_at_session(payment.session_id))
    payment.refresh_from_db()
    assert payment.declines == 4


def test_after_the_session_was_closed_one_with_another_card_can_be_opened(showtime, my_browser, sandbox, client):
    booking = begin_paying(showtime, my_browser, "A1")
    decline(sandbox, booking.sale.payments.get(), 5)
    continue_paying(booking_id=booking.pk)
    newest = booking.sale.payments.latest("pk")
    sandbox.pay(newest.session_id)
    settle(payment_id=newest.pk, actor="test")
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_declines_before_seats_were_changed_count_too(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    payment = booking.sale.payments.get()
    for _ in range(3):
        sandbox.pay(payment.session_id, card=DECLINED)
    change_seats(booking_id=booking.pk, actor="test")
    settle(payment_id=payment.pk, actor="stripe")
    payment.refresh_from_db()
    assert (payment.status, payment.declines) == ("CLOSED", 3)


def test_ten_declines_an_hour_stop_an_address(showtime, sandbox, settings):
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 10
    for number in range(1, 4):
        decline(sandbox, begin_paying(showtime, browser(number), SEATS[number]).sale.payments.get(), 4)
    with pytest.raises(TooManyDeclines) as refused:
        begin_paying(showtime, browser(9), "B5")
    assert (refused.value.status, 3400 < refused.value.retry_after <= 3600) == (429, True)
    begin_paying(showtime, browser(10, "203.0.113.9"), "B6")
    later(61)
    press_pay(showtime, browser(9), "B5")


def test_an_address_where_more_payments_succeed_goes_on(showtime, sandbox, settings):
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 3
    for number in range(1, 5):
        buy(sandbox, showtime, browser(number), SEATS[number])
    decline(sandbox, begin_paying(showtime, browser(5), SEATS[5]).sale.payments.get(), 3)
    begin_paying(showtime, browser(6), SEATS[6])
    decline(sandbox, Payment.objects.latest("pk"), 2)
    with pytest.raises(TooManyDeclines):
        begin_paying(showtime, browser(7), SEATS[7])


def test_an_address_that_is_new_every_time_within_its_56_is_one(showtime, sandbox, settings):
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 4
    decline(sandbox, begin_paying(showtime, browser(1, "2001:db8:1:1::/64"), "A1").sale.payments.get(), 4)
    with pytest.raises(TooManyDeclines):
        begin_paying(showtime, browser(2, "2001:db8:1:2::/64"), "A2")


@pytest.mark.parametrize("address", ["10.0.0.7", "127.0.0.1", "fd00:0:0:1::/64", "unknown", ""])
def test_a_private_or_unknown_address_is_everybodys_and_not_limited(showtime, sandbox, settings, address):
    settings.DECLINES_PER_HOUR_PER_ADDRESS, settings.PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = 4, 1
    decline(sandbox, begin_paying(showtime, browser(1, address), "A1").sale.payments.get(), 4)
    begin_paying(showtime, browser(2, address), "A2")


def test_a_refused_session_leaves_the_hold_as_it_was(showtime, sandbox, settings):
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 4
    decline(sandbox, begin_paying(showtime, browser(1), "A1").sale.payments.get(), 4)
    with pytest.raises(TooManyDeclines):
        begin_paying(showtime, browser(2), "A2")
    release_hold(showtime_id=showtime.pk, browser=browser(2))
    assert not broken_invariants()


# The card that was used.


@pytest.fixture
def two_of_one_card(sandbox, settings):
    """Two people at two addresses with one card, and somebody in finance who is told."""
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 3
    theater = make_theater()
    make_staff("FINANCE", theater, email="finance@marquee.example")
    showtime = make_showtime(auditorium=make_auditorium(theater))
    buy(sandbox, showtime, browser(1), "A1", "A2", email="ada@example.com")
    second = begin_paying(showtime, browser(2, "203.0.113.9"), "B1", "B2", email="bob@example.com")
    return showtime, second


def pay_with(sandbox, booking, card):
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id, card=card)
    settle(payment_id=payment.pk, actor="test")
    return payment


def alerts():
    return [mail for mail in OutgoingMail.objects.filter(kind="MONEY_ALERT") if mail.purpose.startswith("one-card")]


def test_one_card_for_too_many_tickets_is_told_to_staff_once(two_of_one_card, sandbox):
    _, booking = two_of_one_card
    payment = pay_with(sandbox, booking, "4242424242424242")
    note_paid_cards()
    note_paid_cards()
    payment.refresh_from_db()
    assert payment.card and Payment.objects.filter(card=payment.card).count() == 2
    assert [mail.to for mail in alerts()] == ["finance@marquee.example"]
    assert "4 tickets together" in alerts()[0].facts["says"] and booking.reference in alerts()[0].facts["says"]
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_what_staff_allowed_for_one_customer_counts_for_their_card(two_of_one_card, sandbox):
    showtime, booking = two_of_one_card
    make_allowance(showtime, email="ada@example.com", most=4)
    pay_with(sandbox, booking, "4242424242424242")
    note_paid_cards()
    assert alerts() == []


def test_two_cards_are_two_people(two_of_one_card, sandbox):
    _, booking = two_of_one_card
    pay_with(sandbox, booking, "5555555555554444")
    note_paid_cards()
    assert alerts() == [] and Payment.objects.filter(card_noted_at=None).count() == 0


def test_a_card_is_asked_for_once_and_again_when_stripe_was_silent(two_of_one_card, sandbox):
    note_paid_cards()
    asked = len(sandbox.requests("/v1/charges", "GET"))
    note_paid_cards()
    assert len(sandbox.requests("/v1/charges", "GET")) == asked == 1


def test_payments_of_hours_ago_do_not_excuse_the_declines_of_this_hour(showtime, sandbox, settings):
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 3
    for number in range(1, 6):
        buy(sandbox, showtime, browser(number), SEATS[number])
    later(70)
    decline(sandbox, begin_paying(showtime, browser(6), SEATS[6]).sale.payments.get(), 3)
    with pytest.raises(TooManyDeclines):
        begin_paying(showtime, browser(7), SEATS[7])
