"""What the site relies on, checked on the sandbox and, with STRIPE_TEST_SECRET_KEY, on Stripe itself."""

import os
import time
import uuid

import pytest

from tests.stripe.conftest import make_client
from tests.stripe.session_apis import KeyMisused, Refused, SdkSessionApi, SessionApi

TEST_KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "")
HOUR = 3600


@pytest.fixture
def payable(sandbox, client):
    """An API at which a test can pay. At Stripe itself only a person with a browser can."""
    return SdkSessionApi(client, now=sandbox.desk.clock.stamp, pay=sandbox.pay)


@pytest.fixture(params=["sandbox", "stripe"] if TEST_KEY.startswith("sk_test_") else ["sandbox"])
def api(request):
    if request.param == "stripe":
        for client in make_client("https://api.stripe.com", TEST_KEY):
            yield SdkSessionApi(client, now=lambda: int(time.time()))
    else:
        yield request.getfixturevalue("payable")


def unique():
    return uuid.uuid4().hex


def opened(api: SessionApi, **changes):
    asked = {"key": unique(), "reference": unique(), "amount": 1450, "currency": "usd", "expires_at": api.now() + HOUR}
    return api.create(**asked | changes)


def paid(api: SessionApi):
    session = opened(api)
    api.pay(session.id)
    return api.fetch(session.id)


def test_an_opened_payment_session_says_what_was_asked(api):
    reference, deadline = unique(), api.now() + HOUR
    session = opened(api, reference=reference, amount=3000, currency="jpy", expires_at=deadline)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount, session.currency, session.reference) == (3000, "jpy", reference)
    assert session.expires_at == deadline
    assert session.url.startswith("http")
    assert api.fetch(session.id) == session


def test_one_key_opens_one_payment_session(api):
    asked = {"key": unique(), "reference": unique(), "expires_at": api.now() + HOUR}
    assert opened(api, **asked) == opened(api, **asked)
    with pytest.raises(KeyMisused):
        opened(api, **asked, amount=1451)


@pytest.mark.parametrize("seconds", [HOUR // 2 - 60, 24 * HOUR + 60])
def test_a_payment_session_lives_half_an_hour_to_a_day(api, seconds):
    with pytest.raises(Refused):
        opened(api, expires_at=api.now() + seconds)


@pytest.mark.parametrize("change", [{"amount": 1}, {"amount": -5}, {"currency": "zzz"}])
def test_a_wrong_amount_is_refused(api, change):
    with pytest.raises(Refused):
        opened(api, **change)


def test_an_open_payment_session_is_closed_once(api):
    session = opened(api)
    closed = api.expire(session.id)
    assert (closed.status, closed.payment_status, closed.url) == ("expired", "unpaid", None)
    with pytest.raises(Refused):
        api.expire(session.id)
    assert api.fetch(session.id).status == "expired"


def test_an_unknown_payment_session_is_refused(api):
    with pytest.raises(Refused):
        api.fetch("cs_test_nothing")


def test_a_payment_session_is_found_by_its_time_and_reference(api):
    before, reference = api.now(), unique()
    session = opened(api, reference=reference)
    opened(api)
    window = {"since": before - 5, "until": api.now() + 5}
    assert api.find(reference=reference, **window) == [session.id]
    assert api.find(reference=unique(), **window) == []


def test_a_paid_payment_session_knows_its_payment(payable):
    session = paid(payable)
    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.payment_intent.startswith("pi_")


def test_a_paid_payment_session_cannot_be_closed(payable):
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
