"""A restricted key may do what its rights allow; refusals have the shape of Stripe's."""

import pytest
import stripe

from tests.stripe.conftest import make_client

KEY = "rk_test_51Marquee0000000000"
CALLS = {
    "checkout_session_read": lambda client, params: client.v1.checkout.sessions.list(),
    "checkout_session_write": lambda client, params: client.v1.checkout.sessions.create(params=params),
    "payment_intent_read": lambda client, params: client.v1.payment_intents.list(),
    "charge_read": lambda client, params: client.v1.refunds.list(),
    "dispute_read": lambda client, params: client.v1.disputes.list(),
    "event_read": lambda client, params: client.v1.events.list(),
    "balance_read": lambda client, params: client.v1.balance_transactions.list(),
}


@pytest.fixture
def restricted(sandbox):
    def make(*rights):
        return next(make_client(sandbox.base_url, sandbox.restrict(KEY, *rights)))

    return make


@pytest.mark.parametrize("right", CALLS)
def test_a_call_needs_its_right(restricted, params, right):
    CALLS[right](restricted(right), params)
    with pytest.raises(stripe.PermissionError) as refused:
        CALLS[right](restricted(*(CALLS.keys() - {right, right.replace("_read", "_write")})), params)
    assert (refused.value.http_status, refused.value.code) == (403, None)
    assert refused.value.json_body["error"]["type"] == "invalid_request_error"
    assert f"Having the 'rak_{right}' permission would allow this request to continue." in str(refused.value)
    assert KEY not in str(refused.value)


def test_a_right_to_write_lets_read_too(restricted):
    assert restricted("checkout_session_write").v1.checkout.sessions.list().data == []


def test_an_object_inside_another_needs_its_own_right(restricted, open_session):
    opened = open_session()
    show = {"expand": ["payment_intent"]}
    with pytest.raises(stripe.PermissionError, match="rak_payment_intent_read"):
        restricted("checkout_session_write").v1.checkout.sessions.retrieve(opened.id, show)
    assert restricted("checkout_session_write", "payment_intent_read").v1.checkout.sessions.retrieve(opened.id, show)


def test_refusals_come_before_anything_else_is_looked_at(restricted):
    with pytest.raises(stripe.PermissionError, match="rak_charge_write"):
        restricted("charge_read").v1.refunds.create({"payment_intent": "pi_none"})
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        restricted("charge_write").v1.refunds.create({"payment_intent": "pi_none"})
