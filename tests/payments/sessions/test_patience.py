"""Stripe is slow, broken or silent: a page answers in time, and trying again charges nobody twice."""

import pytest
from django.test import Client

from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.providers import call_rules, errors
from payments.providers.call_rules import page_budget
from payments.providers.stripe import calls
from reservations.models import Booking
from tests.ledger import broken_invariants
from tests.providers import STRIPE
from tests.variants import some

pytestmark = pytest.mark.django_db
SCALE = 20
FORM = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
SESSIONS = "/v1/checkout/sessions*"


@pytest.fixture
def quick(monkeypatch):
    """Divide all times of calls to Stripe by SCALE."""
    for room, name in ((calls, "TIMEOUT_SECONDS"), (calls, "WHOLE_CALL_SECONDS"), (call_rules, "PAGE_SECONDS")):
        monkeypatch.setattr(room, name, getattr(room, name) / SCALE)
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.5 / SCALE)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 1 / SCALE)


@pytest.fixture
def buyer(showtime, sandbox):
    client = Client()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1"]})
    client.url = f"/checkout/{showtime.pk}/"
    return client


def test_what_a_request_waited_before_it_was_looked_at_is_taken_off_its_time(monkeypatch):
    """For a thread, or for a frozen database: the customer has waited for it all the same."""
    monkeypatch.setattr(call_rules, "seconds_since_arrival", lambda: 9.0)
    with page_budget():
        assert 1.5 < call_rules.seconds_left() <= 2.5


class Clock:
    """Time that passes only while Stripe is silent: every try lasts its whole timeout, with the SDK's pauses between."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def client(self, key, base, timeout, retries):
        self.now += timeout * (retries + 1) + 0.75 * retries
        raise errors.Unknown("silence")


@pytest.fixture
def silence(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(call_rules, "time", clock)
    monkeypatch.setattr(calls, "_client", clock.client)
    return clock


def test_pay_answers_within_twelve_seconds(buyer, silence):
    answer = buyer.post(buyer.url, FORM)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert 10 <= silence.now <= 12


@pytest.mark.parametrize("number", [2, 3, 5])
def test_however_many_calls_a_page_makes_they_have_one_budget(sandbox, silence, number):
    with page_budget():
        for _ in range(number):
            with pytest.raises(errors.Unknown):
                STRIPE.look_at_session("cs_1")
    assert silence.now <= 12


@pytest.mark.parametrize("way", ["return", "change-seats"])
def test_the_ways_back_answer_within_twelve_seconds(buyer, sandbox, monkeypatch, way):
    buyer.post(buyer.url, FORM)
    reference = Booking.objects.get().reference
    clock = Clock()
    monkeypatch.setattr(call_rules, "time", clock)
    monkeypatch.setattr(calls, "_client", clock.client)
    if way == "return":
        answer = buyer.get(f"/payments/return/{reference}/")
    else:
        answer = buyer.post(f"/payments/{reference}/change-seats/")
    assert (answer.status_code, clock.now <= 12) == (302, True)
    assert Booking.objects.get().status == "PENDING"


def test_a_slow_stripe_is_given_up_on_for_real(buyer, sandbox, quick):
    sandbox.fault("slow", SESSIONS, times=None, seconds=1.0)
    assert buyer.post(buyer.url, FORM).status_code == 503


def test_a_page_without_time_left_asks_nobody(sandbox, monkeypatch):
    monkeypatch.setattr(call_rules, "PAGE_SECONDS", 0)
    with page_budget(), pytest.raises(errors.Unknown, match="no time left"):
        STRIPE.look_at_session("cs_1")
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    "fault",
    some(
        [
            {"kind": "slow", "seconds": 1.0, "stage": "after"},
            {"kind": "lose_reply", "stage": "after"},
            {"kind": "cut"},
            {"kind": "error", "status": 500, "stage": "before"},
            {"kind": "error", "status": 500, "stage": "during"},
            {"kind": "error", "status": 500, "stage": "after"},
            {"kind": "error", "status": 429},
        ],
        every=2,
    ),
    ids=lambda fault: "-".join(str(part) for part in fault.values()),
)
def test_whatever_goes_wrong_trying_again_charges_once(buyer, sandbox, deliver, quick, fault):
    sandbox.fault(path="/v1/checkout/sessions", times=3, **fault)
    for _ in range(3):
        buyer.post(buyer.url, FORM)
    sandbox.heal()
    sandbox.desk.in_flight.wait_until_none()
    assert buyer.post(buyer.url, FORM).status_code == 303
    pay_wherever_one_can(sandbox)
    deliver()
    settle_due_events()
    send_due_refunds()
    booking = Booking.objects.get()
    assert (booking.status, charged_and_kept(sandbox), broken_invariants()) == ("CONFIRMED", 1450, [])


def pay_wherever_one_can(sandbox):
    """Pay at every payment session that was ever opened."""
    for session in sandbox.desk.ledger.find("checkout.session", "1 = 1"):
        if session["status"] == "open":
            sandbox.pay(session["id"])


def charged_and_kept(sandbox):
    return sum(charge["amount"] - charge["amount_refunded"] for charge in sandbox.desk.ledger.find("charge", "1 = 1"))


def test_pressing_pay_in_two_tabs_after_an_unknown_answer_is_one_payment_session(buyer, sandbox, deliver):
    sandbox.fault("lose_reply", "/v1/checkout/sessions", times=3, stage="after")
    assert buyer.post(buyer.url, FORM).status_code == 503
    tabs = [buyer.post(buyer.url, FORM), buyer.post(buyer.url, {"action": "pay"})]
    assert len({tab.url for tab in tabs}) == 1
    assert len(sandbox.desk.ledger.find("checkout.session", "1 = 1")) == 1
