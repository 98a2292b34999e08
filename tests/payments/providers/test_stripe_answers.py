"""How Stripe's answers are read, and which of their values are not believed."""

from copy import deepcopy
from decimal import Decimal

import pytest
import stripe

from payments.providers.errors import OtherCurrency, Unreadable
from payments.providers.stripe.answers import as_charge, as_dispute, as_refund, as_session, expect

SESSION = {
    "object": "checkout.session", "id": "cs_1", "status": "open", "payment_status": "unpaid", "livemode": False,
    "url": "https://checkout.stripe.com/c/pay/cs_1", "currency": "gbp", "amount_total": 1450,
    "client_reference_id": "key", "metadata": {"payment": "key"}, "payment_intent": None, "created": 1_700_000_000,
}  # fmt: skip
INTENT = {"object": "payment_intent", "id": "pi_1", "status": "succeeded", "currency": "gbp", "amount_received": 1450}
PAID = SESSION | {"status": "complete", "payment_status": "paid", "url": None, "payment_intent": INTENT}
REFUND = {
    "object": "refund", "id": "re_1", "status": "succeeded", "currency": "gbp", "amount": 1450,
    "payment_intent": "pi_1", "metadata": {"key": "key"}, "created": 1_700_000_000,
}  # fmt: skip
CHARGE = {
    "object": "charge", "id": "ch_1", "currency": "gbp", "amount_captured": 1450, "amount_refunded": 0,
    "payment_intent": "pi_1", "metadata": {}, "created": 1_700_000_000,
}  # fmt: skip
DISPUTE = {
    "object": "dispute", "id": "du_1", "status": "needs_response", "currency": "gbp", "amount": 1450,
    "payment_intent": "pi_1", "metadata": {}, "evidence_details": None, "reason": "fraudulent",
}  # fmt: skip
READERS = {"charge": (as_charge, CHARGE), "refund": (as_refund, REFUND), "dispute": (as_dispute, DISPUTE)}
NO_IDS = [None, "", 7, True, [], {}, "x" * 201, "cs_\0", "cs_\ud800"]
NO_ADDRESSES = [
    None, "", 7, True, [], {"a": 1}, "cs_1", "/c/pay/cs_1", "javascript:alert(1)", "https://", "https://[",
    "https://checkout.stripe.com/\n", "https://checkout.stripe.com/" + "x" * 2000,
]  # fmt: skip
NO_AMOUNTS = [None, -1, True, 14.5, float("nan"), float("inf"), "1450", [], 10**12]


def said(shape: dict, **parts):
    return stripe.convert_to_stripe_object(deepcopy(shape) | parts, None)


def test_an_object_is_the_one_that_was_asked_for_by_kind_and_id():
    assert expect(said(SESSION), "checkout.session", stripe_id="cs_1").id == "cs_1"
    for kind, name in [("checkout.session", "cs_2"), ("refund", "cs_1"), ("refund", None)]:
        with pytest.raises(Unreadable):
            expect(said(SESSION), kind, stripe_id=name)


@pytest.mark.parametrize("name", NO_IDS, ids=repr)
def test_an_id_is_a_short_text_that_can_be_kept(name):
    with pytest.raises(Unreadable):
        expect(said(SESSION, id=name), "checkout.session")
    if name is not None:
        with pytest.raises((Unreadable, AttributeError)):
            as_refund(said(REFUND, payment_intent=name))


def test_an_open_session_is_one_that_a_browser_can_be_sent_to():
    session = as_session(said(SESSION))
    assert (session.is_open, session.url, session.amount) == (True, SESSION["url"], Decimal("14.50"))
    for url in NO_ADDRESSES:
        with pytest.raises((Unreadable, ValueError)):
            as_session(said(SESSION, url=url))


def test_a_session_that_has_ended_needs_no_address():
    assert [as_session(said(SESSION, status=status, url=None)).url for status in ("complete", "expired")] == ["", ""]


def test_a_paid_session_says_what_came():
    session = as_session(said(PAID))
    assert (session.received, session.received_currency, session.provider_payment_id) == (
        Decimal("14.50"),
        "GBP",
        "pi_1",
    )


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, 0, 10**10], ids=repr)
def test_what_came_is_a_price_in_whole_coins(amount):
    with pytest.raises(Unreadable):
        as_session(said(PAID, payment_intent=INTENT | {"amount_received": amount}))


@pytest.mark.parametrize("amount", NO_AMOUNTS, ids=repr)
def test_an_amount_is_a_number_of_whole_coins(amount):
    for read, shape in READERS.values():
        with pytest.raises(Unreadable):
            read(said(shape, **{"amount_captured" if shape is CHARGE else "amount": amount}))


@pytest.mark.parametrize("kind", READERS)
def test_another_currency_is_named_with_the_payment_that_it_is_about(kind):
    read, shape = READERS[kind]
    with pytest.raises(OtherCurrency) as raised:
        read(said(shape, currency="ghs", metadata={"installation": "somebody"}))
    unread = raised.value
    assert (unread.kind, unread.name, unread.provider_payment_id) == (kind, shape["id"], "pi_1")
    assert unread.metadata == {"installation": "somebody"}


def test_words_of_others_are_kept_in_one_line():
    refund = as_refund(said(REFUND, status="failed", failure_reason="lost\0_or\nstolen \ud800"))
    assert (refund.failure, as_dispute(said(DISPUTE, reason=["\0"])).reason) == ("lost_orstolen", "['\\x00']")


def test_metadata_that_cannot_be_kept_is_left_out():
    odd = {"number": 7, "list": [], "nothing": None, "nul": "\0", "half": "\ud800", "payment": "key"}
    assert as_charge(said(CHARGE, metadata=odd)).metadata == {"payment": "key"}
