"""The pages of the checkout, the way to Stripe and back, and changing seats."""

import hashlib
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from payments.models import Payment
from reservations.models import Booking
from reservations.seats.taking import Browser, take_seats
from tests.aging import past_time_to_pay
from tests.factories import begin_paying, make_browser, make_draft
from tests.ledger import nothing_changes
from tests.variants import some
from theaters.models import Price, Showtime
from theaters.prices.repricing import reprice

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me():
    client = Client()
    client.cookies["holder"] = COOKIE
    return client


@pytest.fixture
def my_browser():
    return Browser(holder=hashlib.sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")


@pytest.fixture
def url(showtime, my_browser):
    """The address of the checkout for A1 and B1."""
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1", "B1"])
    return f"/checkout/{showtime.pk}/"


FORM = {"action": "pay", "email": "ada@example.com", "total": "32.00", "type-A1": "ADULT", "type-B1": "ADULT"}


# The page.


def test_it_shows_each_seat_with_its_types_the_total_and_the_tax_inside(me, url):
    answer = me.get(url)
    quote = answer.context["quote"]
    assert [(line.label, line.price, [kind.code for kind in line.types]) for line in quote.lines] == [
        ("A1", 14.50, ["ADULT", "CHILD"]),
        ("B1", 17.50, ["ADULT", "CHILD"]),
    ]
    assert (str(quote.total), str(quote.tax)) == ("32.00", "5.34")
    text = answer.content.decode()
    assert (
        "£32.00" in text
        and "until 2 hours before the start 50% of it" in text
        and answer["Cache-Control"] == "no-store"
    )


def test_changing_a_type_shows_the_new_price_and_changes_nothing(me, url):
    with nothing_changes():
        answer = me.post(url, FORM | {"action": "update", "type-A1": "CHILD"}, headers=HTMX)
    assert (answer.status_code, str(answer.context["quote"].total)) == (200, "26.50")
    assert "<html" not in answer.content.decode() and 'id="checkout"' in answer.content.decode()


def test_without_script_the_prices_are_updated_by_the_button(me, url):
    answer = me.post(url, FORM | {"action": "update", "type-A1": "CHILD"})
    assert "<html" in answer.content.decode() and str(answer.context["quote"].total) == "26.50"


def test_its_form_may_lead_to_stripe_and_nowhere_else(me, url, settings):
    policy = me.get(url)["Content-Security-Policy"]
    assert f"form-action 'self' {settings.STRIPE_CHECKOUT_ORIGIN}" in policy


def test_a_signed_in_persons_e_mail_is_filled_in(me, url, django_user_model):
    me.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    assert me.get(url).context["email"] == "ada@example.com"


def test_without_seats_one_is_sent_to_the_map(showtime, me):
    for answer in (
        me.get(f"/checkout/{showtime.pk}/"),
        Client().post(f"/checkout/{showtime.pk}/", {"action": "update"}),
    ):
        assert (answer.status_code, answer.url) == (302, f"/showtimes/{showtime.pk}/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_or_no_showtime_is_404(me, method):
    for pk in (make_draft().pk, 999_999):
        assert getattr(me, method)(f"/checkout/{pk}/", FORM if method == "post" else {}).status_code in {302, 404}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_405(me, url, method):
    assert getattr(me, method)(url).status_code == 405


# Pay.


def test_pay_leads_to_stripe(me, url, sandbox):
    answer = me.post(url, FORM)
    assert (answer.status_code, answer.url) == (303, Payment.objects.get().session_url)
    assert Booking.objects.get().email == "ada@example.com"


def test_a_signed_in_persons_booking_is_theirs(me, url, sandbox, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    me.force_login(ada)
    me.post(url, FORM)
    assert Booking.objects.get().sale.user == ada


@pytest.mark.parametrize(
    ("change", "status", "field"),
    some(
        [
            ({"total": "31.99"}, 409, "form"),
            ({"total": "NaN"}, 422, "total"),
            ({"total": ""}, 422, "total"),
            ({"total": "-32"}, 422, "total"),
            ({"total": "1e9999"}, 409, "form"),
            ({"email": ""}, 422, "email"),
            ({"email": "nobody"}, 422, "email"),
            ({"email": "a@example.com\r\nBcc: all@example.com"}, 422, "email"),
            ({"email": f"{'a' * 300}@example.com"}, 422, "email"),
            ({"type-A1": "KING"}, 422, "type-A1"),
            ({"type-A2": "ADULT"}, 409, "form"),
        ],
        every=2,
    ),
)
def test_a_wrong_form_is_shown_again_with_a_sentence_and_charges_nothing(me, url, sandbox, change, status, field):
    with nothing_changes():
        answer = me.post(url, FORM | change)
    assert (answer.status_code, next(iter(answer.context["errors"])), sandbox.requests()) == (status, field, [])


def test_a_price_that_staff_raised_meanwhile_is_neither_shown_nor_charged(showtime, me, url, sandbox):
    Price.objects.update(amount=F("amount") + 1)
    reprice(showtime_ids=[showtime.pk], actor="test")
    assert str(me.get(url).context["quote"].total) == FORM["total"]
    assert me.post(url, FORM).status_code == 303
    assert str(Booking.objects.get().total) == FORM["total"]


def test_seats_that_changed_in_another_tab_are_not_charged(showtime, me, url, my_browser, sandbox):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A2"])
    with nothing_changes():
        answer = me.post(url, FORM)
    assert (answer.status_code, "Your choice has changed" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(
    "change", [{"status": "CANCELED"}, {"sales_close_at": F("sales_close_at") - timedelta(days=2)}]
)
def test_after_sales_closed_pay_is_410_and_says_that_nothing_was_charged(me, url, sandbox, change):
    Showtime.objects.update(**change)
    with nothing_changes():
        answer = me.post(url, FORM)
    assert (answer.status_code, "Nothing was charged" in answer.content.decode()) == (410, True)


def test_another_browser_pays_for_nothing_of_mine(url, sandbox):
    with nothing_changes():
        assert Client().post(url, FORM).status_code == 302


def test_stripe_dead_is_503_with_a_sentence_the_booking_waits_and_pay_again_works(me, url, sandbox):
    sandbox.go_dead()
    answer = me.post(url, FORM)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (Booking.objects.get().status, Payment.objects.get().status) == ("PENDING", "CREATED")
    key = Payment.objects.get().key
    sandbox.heal()
    assert me.post(url, {"action": "pay"}).url == Payment.objects.get().session_url
    assert Payment.objects.get().key == key


def test_a_csrf_token_is_needed(url):
    with nothing_changes():
        assert Client(enforce_csrf_checks=True).post(url, FORM).status_code == 403


# While it is pending.


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


def test_coming_back_without_paying_offers_to_pay_or_to_change_seats(showtime, me, booking):
    answer = me.get(f"/checkout/{showtime.pk}/")
    pending = answer.context["pending"]
    assert (answer.status_code, pending.reference) == (200, booking.reference)
    page = answer.content.decode()
    assert pending.change_seats_url in page and "Change seats" in page and "Change my choice" not in page


def test_the_booking_page_watches_while_it_waits_and_ends_when_it_is_decided(me, booking, sandbox):
    url = booking.get_absolute_url()
    waiting = me.get(url, headers=HTMX)
    text = waiting.content.decode()
    assert 'data-status="pending"' in text and "hx-trigger" in text and "HX-Refresh" not in waiting
    sandbox.pay(booking.sale.payments.get().session_id)
    me.get(f"/payments/return/{booking.reference}/")
    decided = me.get(url, headers=HTMX)
    assert 'data-status="confirmed"' in decided.content.decode() and decided["HX-Refresh"] == "true"


def test_the_return_asks_stripe_and_believes_nothing_else(me, booking, sandbox):
    url = f"/payments/return/{booking.reference}/"
    with nothing_changes():
        answer = me.get(url)
    assert (answer.status_code, answer.url) == (302, booking.get_absolute_url())
    sandbox.pay(booking.sale.payments.get().session_id)
    me.get(url)
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_back_while_stripe_does_not_answer_the_page_is_checking_and_asks_for_no_second_payment(me, booking, sandbox):
    sandbox.go_dead()
    page = me.get(f"/payments/return/{booking.reference}/", follow=True)
    assert (page.status_code, page.context["booking"].is_checking) == (200, True)
    text = page.content.decode()
    assert "Checking your payment" in text and "cannot be charged twice" in text and "Continue paying" not in text
    assert (Booking.objects.get().status, Payment.objects.get().status) == ("PENDING", "OPEN")


def test_once_stripe_tells_that_nothing_was_paid_the_page_offers_to_go_on(me, booking, sandbox):
    sandbox.fault("cut", times=3)
    me.get(f"/payments/return/{booking.reference}/")
    me.get(f"/payments/return/{booking.reference}/")
    page = me.get(booking.get_absolute_url())
    assert (page.context["booking"].is_checking, "Continue paying" in page.content.decode()) == (False, True)


@pytest.mark.parametrize(("path", "method"), [("return/{0}/", "get"), ("{0}/change-seats/", "post")])
def test_another_browser_gets_404(booking, sandbox, path, method):
    with nothing_changes():
        assert getattr(Client(), method)(f"/payments/{path.format(booking.reference)}").status_code == 404


def test_wrong_methods_are_405(me, booking):
    assert me.post(f"/payments/return/{booking.reference}/").status_code == 405
    assert me.get(f"/payments/{booking.reference}/change-seats/").status_code == 405


def test_change_seats_leads_to_the_map_with_the_seats_held(showtime, me, booking):
    answer = me.post(f"/payments/{booking.reference}/change-seats/")
    assert (answer.status_code, answer.url) == (302, f"/showtimes/{showtime.pk}/")
    assert me.get(answer.url).context["panel"].state == "holding"


def test_change_seats_of_a_paid_booking_leads_to_the_ticket(me, booking, sandbox):
    sandbox.pay(booking.sale.payments.get().session_id)
    answer = me.post(f"/payments/{booking.reference}/change-seats/")
    assert answer.url == booking.get_absolute_url()
    assert me.get(answer.url).context["booking"].status == "confirmed"


def test_change_seats_while_stripe_is_dead_says_so_and_changes_nothing(me, booking, sandbox):
    sandbox.go_dead()
    with nothing_changes():
        answer = me.post(f"/payments/{booking.reference}/change-seats/", follow=True)
    assert "does not answer right now" in answer.content.decode()


def test_too_late_to_continue_is_a_sentence(showtime, me, booking):
    past_time_to_pay(booking)
    with nothing_changes():
        answer = me.post(f"/checkout/{showtime.pk}/", {"action": "pay"})
    assert (answer.status_code, b"Traceback" in answer.content) == (409, False)


def test_a_booking_of_another_browser_does_not_stop_mine(showtime, me, my_browser, sandbox):
    begin_paying(showtime, make_browser(7), "A2")
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    assert me.post(f"/checkout/{showtime.pk}/", FORM | {"total": "14.50"}).status_code == 409
    form = {name: value for name, value in FORM.items() if name != "type-B1"}
    assert me.post(f"/checkout/{showtime.pk}/", form | {"total": "14.50"}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "says"), [("alı@example.org", "“ı”"), ("ada", "like ada@example.com"), ("", "Please enter your")]
)
def test_an_address_that_no_mail_can_reach_is_refused_before_it_is_charged(me, url, sandbox, typed, says):
    with nothing_changes():
        answer = me.post(url, FORM | {"email": typed})
    page = answer.content.decode()
    assert (answer.status_code, says in page, 'aria-invalid="true"' in page) == (422, True, True)


def test_a_soft_hyphen_makes_no_second_person(me, url, sandbox):
    me.post(url, FORM | {"email": "Ada@exam\u00adple.com"})
    assert Booking.objects.get().email == "Ada@example.com"
