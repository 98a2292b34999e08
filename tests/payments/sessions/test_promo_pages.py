"""The promo code on the checkout page: the page and Pay show, count and refuse it in the same way."""

import hashlib

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.models import Payment
from payments.sessions.settlement import settle
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, PromoCode, PromoRedemption
from reservations.seats.taking import Browser, take_seats
from tests.factories import begin_paying, make_browser, make_promo
from tests.ledger import broken_invariants, counts, moves_of, nothing_changes

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"
HTMX = {"HX-Request": "true"}
FORM = {"action": "pay", "email": "ada@example.com", "type-A1": "ADULT", "type-B1": "ADULT"}
UPDATE = FORM | {"action": "update", "total": "32.00"}
WITH_CODE = FORM | {"promo": "lantern", "total": "25.60"}


@pytest.fixture
def me():
    client = Client()
    client.cookies["holder"] = COOKIE
    return client


@pytest.fixture
def url(showtime):
    """The address of the checkout for A1 and B1: £32.00."""
    browser = Browser(holder=hashlib.sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")
    take_seats(showtime_id=showtime.pk, browser=browser, labels=["A1", "B1"])
    return f"/checkout/{showtime.pk}/"


def shown(answer) -> tuple[str, str]:
    """The total, and the text beside the field of the code."""
    return str(answer.context["quote"].total), answer.context["errors"].get("promo", "")


# The page.


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_code_shows_its_discount_and_the_new_total_and_changes_nothing(me, url, headers):
    make_promo()
    with nothing_changes():
        answer = me.post(url, UPDATE | {"promo": " lantern "}, headers=headers)
    text = answer.content.decode()
    assert (answer.status_code, shown(answer), "<html" in text) == (200, ("25.60", ""), not headers)
    for said in ("LANTERN, 20% off", "−£6.40", "Pay £25.60", "£32.00", 'value="25.60"'):
        assert said in text


def test_a_link_in_a_newsletter_may_bring_the_code(me, url):
    make_promo()
    assert shown(me.get(f"{url}?promo=lantern")) == ("25.60", "")
    assert shown(me.post(f"{url}?promo=lantern", UPDATE | {"promo": ""})) == ("32.00", "")


def test_after_changing_seats_nothing_is_typed_again(me, url, showtime, sandbox):
    make_promo()
    me.post(url, WITH_CODE)
    me.post(f"/payments/{Booking.objects.get().reference}/change-seats/")
    me.post(f"/showtimes/{showtime.pk}/seats/", {"release": "B1"})
    answer = me.get(url)
    assert (shown(answer), answer.context["promo"], answer.context["email"]) == (
        ("11.60", ""), "LANTERN", "ada@example.com",
    )  # fmt: skip
    assert shown(me.post(url, UPDATE | {"promo": ""})) == ("14.50", "")


def test_another_purchase_begins_with_empty_fields(me, url, showtime, sandbox):
    make_promo()
    me.post(url, WITH_CODE)
    me.post(f"/payments/{Booking.objects.get().reference}/change-seats/")
    me.post(f"/showtimes/{showtime.pk}/release/")
    me.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    answer = me.get(url)
    assert (answer.context["promo"], answer.context["email"]) == ("", "")


def test_a_code_that_does_not_work_is_kindly_refused_and_the_page_is_as_without_it(me, url):
    make_promo(is_withdrawn=True)
    answer = me.post(url, UPDATE | {"promo": "lantern"})
    assert shown(answer) == ("32.00", "The code LANTERN is not valid any more.")
    assert 'name="promo-refused" value="LANTERN"' in answer.content.decode()


def test_a_code_for_adults_alone_follows_the_types(me, url):
    make_promo(ticket_types=["ADULT"])
    children = {"type-A1": "CHILD", "type-B1": "CHILD", "promo": "LANTERN"}
    total, why = shown(me.post(url, UPDATE | children))
    assert (total, "for these types of tickets" in why) == ("21.00", True)
    assert shown(me.post(url, UPDATE | children | {"type-B1": "ADULT"})) == ("23.00", "")


def test_what_is_typed_is_shown_as_text(me, url):
    answer = me.post(url, UPDATE | {"promo": "<b>x"})
    assert "<B>X" not in answer.content.decode() and "&lt;B&gt;X" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_after_many_guesses_it_is_429_and_the_page_still_works_without_a_code(me, url, settings, method, sandbox):
    settings.PROMO_MISSES_PER_HOUR_PER_HOLDER = 2
    me.cookies["holder"], wanted = COOKIE, []
    for guess in ("ONE", "TWO", "THREE", "FOUR"):
        address, form = (f"{url}?promo={guess}", {}) if method == "get" else (url, UPDATE | {"promo": guess})
        wanted.append(getattr(me, method)(address, form).status_code)
    assert wanted[-2:] == [429, 429]
    answer = me.post(url, FORM | {"total": "32.00"})
    assert answer.status_code == 303


# Pay.


def test_pay_charges_the_total_that_was_shown_with_the_code(me, url, sandbox):
    make_promo()
    answer = me.post(url, WITH_CODE)
    payment = Payment.objects.get()
    assert (answer.status_code, answer.url) == (303, payment.session_url)
    assert sandbox.session(payment.session_id)["amount_total"] == 2560
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2, "Payment": 1, "Move": 1, "PromoRedemption": 1}


def test_a_code_that_ran_out_meanwhile_shows_the_new_total_and_charges_nothing(me, url, sandbox, showtime):
    make_promo(most_uses=1)
    assert shown(me.post(url, UPDATE | {"promo": "LANTERN"})) == ("25.60", "")
    begin_paying(showtime, make_browser(7), "A2", total="11.60", promo_code="LANTERN", email="eve@example.com")
    with nothing_changes():
        answer = me.post(url, WITH_CODE)
    assert (answer.status_code, shown(answer)) == (
        409,
        ("32.00", "The code LANTERN has been used as often as it can be."),
    )
    assert 'value="32.00"' in answer.content.decode() and len(sandbox.requests("/v1/checkout/sessions", "POST")) == 1


def test_pay_again_after_a_refusal_that_was_shown_goes_on_without_the_code(me, url, sandbox):
    make_promo(is_withdrawn=True)
    refused = WITH_CODE | {"total": "32.00"}
    with nothing_changes():
        assert me.post(url, refused).status_code == 409
    assert me.post(url, refused | {"promo-refused": "LANTERN"}).status_code == 303
    assert (str(Booking.objects.get().total), PromoRedemption.objects.count()) == ("32.00", 0)


def test_a_code_typed_and_not_applied_is_shown_before_it_is_charged(me, url, sandbox):
    make_promo()
    with nothing_changes():
        answer = me.post(url, WITH_CODE | {"total": "32.00"})
    assert (answer.status_code, shown(answer)) == (409, ("25.60", ""))


def test_terms_that_changed_meanwhile_are_shown_and_not_charged(me, url, sandbox):
    make_promo()
    PromoCode.objects.update(percent=10)
    with nothing_changes():
        assert shown(me.post(url, WITH_CODE)) == ("28.80", "")


def test_one_may_use_it_once_and_a_second_booking_says_so(me, url, sandbox, showtime):
    make_promo(most_uses_each=1)
    begin_paying(showtime, make_browser(7), "A2", total="11.60", promo_code="LANTERN")
    with nothing_changes():
        answer = me.post(url, WITH_CODE | {"email": "Ada+new@example.com"})
    assert (answer.status_code, shown(answer)) == (
        409,
        ("32.00", "You can use the code LANTERN only once, and you have already done so."),
    )


def test_unknown_at_pay_counts_as_a_guess(me, url, settings, sandbox):
    settings.PROMO_MISSES_PER_HOUR_PER_HOLDER = 1
    me.cookies["holder"] = COOKIE
    statuses = [me.post(url, WITH_CODE | {"promo": f"GUESS{number}"}).status_code for number in range(3)]
    assert statuses[-1] == 429 and not Booking.objects.exists()


def test_a_free_ticket_beside_a_paid_one_goes_to_stripe_as_such(me, url, sandbox):
    make_promo(percent=100, ticket_types=["ADULT"])
    answer = me.post(url, FORM | {"type-B1": "CHILD", "promo": "LANTERN", "total": "12.00"})
    session = sandbox.session(Payment.objects.get().session_id)
    assert (answer.status_code, session["amount_total"]) == (303, 1200)
    assert list(Booking.objects.get().tickets.order_by("seat_id").values_list("price", flat=True)) == [0, 12]


# Nothing to pay.


@pytest.fixture
def free(me, url):
    """A code that takes everything off."""
    make_promo(percent=100, most_uses_each=1)
    return FORM | {"promo": "LANTERN", "total": "0.00"}


def test_the_button_says_that_nothing_is_charged(me, url, free):
    text = me.post(url, free | {"action": "update"}).content.decode()
    assert "Pay £0.00 and get the tickets" in text and "do not need a card" in text and "Stripe" not in text


def test_a_booking_of_nothing_is_confirmed_at_once_with_all_moves_logged(me, url, free, sandbox):
    answer = me.post(url, free)
    booking = Booking.objects.get()
    assert (answer.status_code, answer.url, booking.status) == (303, booking.get_absolute_url(), "CONFIRMED")
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2, "OutgoingMail": 1, "Move": 3, "PromoRedemption": 1}
    assert (moves_of("booking"), moves_of("ticket")) == (["PENDING→CONFIRMED"], ["RESERVED→VALID"] * 2)
    assert (sandbox.requests(), broken_invariants()) == ([], [])


def test_a_booking_of_nothing_needs_an_address_and_a_hold(me, url, free, sandbox, showtime):
    with nothing_changes():
        assert me.post(url, free | {"email": ""}).status_code == 422
        assert Client().post(url, free).status_code == 302


def test_a_booking_of_nothing_counts_against_the_customers_limit(me, url, free, sandbox, showtime):
    begin_paying(showtime, make_browser(7), "A2", total=0, promo_code="LANTERN")
    with nothing_changes():
        assert me.post(url, free).status_code == 409


# What the customer gets.


@pytest.fixture
def bought(me, url, sandbox):
    """A booking of A1 and B1, of which half a pound was paid."""
    make_promo(kind="AMOUNT", percent=None, amount="31.50", currency="GBP")
    me.post(url, FORM | {"promo": "LANTERN", "total": "0.50"})
    sandbox.pay(Payment.objects.get().session_id)
    settle(payment_id=Payment.objects.get().pk, actor="test")
    return Booking.objects.get()


def test_booking_page_and_ticket_show_the_discount(me, bought):
    page = me.get(bought.get_absolute_url()).content.decode()
    for said in ("LANTERN", "£31.50", "£14.50 less £14.27", "£17.50 less £17.23"):
        assert said in page
    ticket = bought.tickets.order_by("seat_id").first()
    assert "£14.50 less £14.27" in me.get(f"/tickets/{ticket.code}/").content.decode()
    assert me.get(f"/tickets/{ticket.code}.pdf").status_code == 200


def test_the_mail_shows_the_discount_in_text_and_html(bought):
    send_due_mail(now=timezone.now())
    [letter] = mail.outbox
    for text in (letter.body, letter.alternatives[0].content):
        assert "£14.50 less £14.27" in text and "£31.50 off" in text and "LANTERN" in text and "£0.50" in text


def test_without_a_code_nothing_is_said_of_one(me, url, sandbox):
    me.post(url, FORM | {"total": "32.00"})
    sandbox.pay(Payment.objects.get().session_id)
    settle(payment_id=Payment.objects.get().pk, actor="test")
    send_due_mail(now=timezone.now())
    page = me.get(Booking.objects.get().get_absolute_url()).content.decode()
    assert "romo code" not in page + mail.outbox[0].body and " less " not in page + mail.outbox[0].body
