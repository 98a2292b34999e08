"""Acts of a customer, a bank or a person at the dashboard, for the control endpoint and the tests."""

from typing import Any

from dev.sandbox import disputes, payments, refunds, sessions
from dev.sandbox.cards import SLOW_BANK, Card, find_card
from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError, missing_object, refused
from dev.sandbox.payments import Attempt
from dev.sandbox.shapes import present

Body = dict[str, Any]
GOOD_CARD = "4242424242424242"


def card_called(name: str) -> Card:
    """A card number, or `processing` for a method whose bank answers days later."""
    return SLOW_BANK if name == "processing" else find_card(name)


def pay(desk: Desk, session_id: str, *, card: str = GOOD_CARD, email: str | None = None) -> Body:
    """Pay, as if somebody had filled in the payment page."""
    return present(payments.pay(desk, session_id, Attempt(card_called(card), email, "Test Customer")))


def pay_whatever_its_state(desk: Desk, session_id: str) -> Body:
    """Pay a session that is closed or paid already, with which a site must cope."""
    with desk.ledger.transaction():
        session = sessions.fetch(desk, session_id)
        if session["payment_status"] == "paid":
            session |= {"payment_intent": None, "payment_status": "unpaid"}
        return present(payments.try_to_pay(desk, session, Attempt(find_card(GOOD_CARD), None, "Test Customer")))


def authenticate(desk: Desk, session_id: str, *, outcome: str) -> Body:
    act = payments.complete_authentication if outcome == "complete" else payments.fail_authentication
    return present(act(desk, session_id))


def expire(desk: Desk, session_id: str) -> Body:
    """Expire a session, as if its deadline had passed."""
    with desk.ledger.transaction():
        session = sessions.fetch(desk, session_id)
        if session["status"] != "open":
            raise refused(f"This Checkout Session has a status of `{session['status']}`.")
        session["expires_at"] = desk.clock.stamp()
        sessions.close(desk, session)
        return present(session)


def refund(desk: Desk, payment_id: str, *, amount: int | None = None) -> Body:
    """The Refund button of the dashboard."""
    params = {"charge": charge_of(desk, payment_id)["id"]}
    if amount is not None:
        params["amount"] = str(amount)
    return refunds.create(desk, params)


def dispute(desk: Desk, payment_id: str, *, reason: str = "fraudulent") -> Body:
    return disputes.open_dispute(desk, charge_of(desk, payment_id)["id"], reason=reason)


def settle(desk: Desk, payment_id: str, *, card: str = GOOD_CARD) -> Body:
    """Let the bank decide about a payment in processing."""
    return present(payments.settle_processing(desk, intent_of(desk, payment_id)["id"], card_called(card)))


def intent_of(desk: Desk, payment_id: str) -> Body:
    """Find the payment intent of a payment that is named by its session, its intent or its charge."""
    session = desk.ledger.get("checkout.session", payment_id)
    charge = desk.ledger.get("charge", payment_id)
    intent_id = session["payment_intent"] if session else charge["payment_intent"] if charge else payment_id
    intent = desk.ledger.get("payment_intent", intent_id or "")
    if intent is None:
        raise missing_object("payment", payment_id)
    return intent


def charge_of(desk: Desk, payment_id: str) -> Body:
    charge = desk.ledger.get("charge", intent_of(desk, payment_id)["latest_charge"] or "")
    if charge is None:
        raise StripeError(f"Payment {payment_id} has no charge.")
    return charge
