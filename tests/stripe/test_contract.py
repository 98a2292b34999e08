"""What the site relies on, word for word the same on the sandbox and, with STRIPE_TEST_SECRET_KEY, on Stripe itself."""

import os
import time
import uuid

import pytest

from tests.stripe.conftest import make_client
from tests.stripe.tills import KeyMisused, Refused, SdkTill, Till

TEST_KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "")
HOUR = 3600


@pytest.fixture
def payable(sandbox, client):
    """A till that a test can pay at; at Stripe itself only a person with a browser can."""
    return SdkTill(client, now=sandbox.desk.clock.stamp, pay=sandbox.pay)


@pytest.fixture(params=["sandbox", "stripe"] if TEST_KEY.startswith("sk_test_") else ["sandbox"])
def till(request):
    if request.param == "stripe":
        for client in make_client("https://api.stripe.com", TEST_KEY):
            yield SdkTill(client, now=lambda: int(time.time()))
    else:
        yield request.getfixturevalue("payable")


def unique():
    return uuid.uuid4().hex


def opened(till: Till, **changes):
    asked = {"key": unique(), "reference": unique(), "amount": 1450, "currency": "usd", "expires_at": till.now() + HOUR}
    return till.create(**asked | changes)


def paid(till: Till):
    session = opened(till)
    till.pay(session.id)
    return till.fetch(session.id)


def test_an_opened_till_says_what_was_asked(till):
    reference, deadline = unique(), till.now() + HOUR
    session = opened(till, reference=reference, amount=3000, currency="jpy", expires_at=deadline)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount, session.currency, session.reference) == (3000, "jpy", reference)
    assert session.expires_at == deadline
    assert session.url.startswith("http")
    assert till.fetch(session.id) == session


def test_one_key_opens_one_till(till):
    asked = {"key": unique(), "reference": unique(), "expires_at": till.now() + HOUR}
    assert opened(till, **asked) == opened(till, **asked)
    with pytest.raises(KeyMisused):
        opened(till, **asked, amount=1451)


@pytest.mark.parametrize("seconds", [HOUR // 2 - 60, 24 * HOUR + 60])
def test_a_till_lives_half_an_hour_to_a_day(till, seconds):
    with pytest.raises(Refused):
        opened(till, expires_at=till.now() + seconds)


@pytest.mark.parametrize("change", [{"amount": 1}, {"amount": -5}, {"currency": "zzz"}])
def test_a_wrong_amount_is_refused(till, change):
    with pytest.raises(Refused):
        opened(till, **change)


def test_an_open_till_is_closed_once(till):
    session = opened(till)
    closed = till.expire(session.id)
    assert (closed.status, closed.payment_status, closed.url) == ("expired", "unpaid", None)
    with pytest.raises(Refused):
        till.expire(session.id)
    assert till.fetch(session.id).status == "expired"


def test_an_unknown_till_is_refused(till):
    with pytest.raises(Refused):
        till.fetch("cs_test_nothing")


def test_a_till_is_found_by_its_time_and_reference(till):
    before, reference = till.now(), unique()
    session = opened(till, reference=reference)
    opened(till)
    window = {"since": before - 5, "until": till.now() + 5}
    assert till.find(reference=reference, **window) == [session.id]
    assert till.find(reference=unique(), **window) == []


def test_a_paid_till_knows_its_payment(payable):
    session = paid(payable)
    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.payment_intent.startswith("pi_")


def test_a_paid_till_cannot_be_closed(payable):
    session = paid(payable)
    with pytest.raises(Refused):
        payable.expire(session.id)


def test_money_goes_back_in_parts_and_never_too_much(payable):
    intent = paid(payable).payment_intent
    part = payable.refund(key=unique(), payment_intent=intent, amount=450)
    assert (part.status, part.amount) == ("succeeded", 450)
    with pytest.raises(Refused):
        payable.refund(key=unique(), payment_intent=intent, amount=1001)
    rest = payable.refund(key=unique(), payment_intent=intent, amount=None)
    assert rest.amount == 1000
    with pytest.raises(Refused):
        payable.refund(key=unique(), payment_intent=intent, amount=None)
    assert payable.refunds(intent) == [rest, part]


def test_one_key_refunds_once(payable):
    intent, key = paid(payable).payment_intent, unique()
    first = payable.refund(key=key, payment_intent=intent, amount=100)
    assert payable.refund(key=key, payment_intent=intent, amount=100) == first
    with pytest.raises(KeyMisused):
        payable.refund(key=key, payment_intent=intent, amount=200)
    assert payable.refunds(intent) == [first]
