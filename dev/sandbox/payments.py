"""What happens when somebody presses Pay: intents, charges, 3-D Secure, declines.

Everything is judged on the session as read inside the transaction, so two presses pay once, and paying and expiring
exclude each other.
"""

from dataclasses import dataclass
from typing import Any

from dev.sandbox import balance, disputes, events, sessions
from dev.sandbox.cards import BY_NUMBER, Card
from dev.sandbox.desk import Desk
from dev.sandbox.errors import refused
from dev.sandbox.shapes import charge_shape, customer_details, intent_shape

Body = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """Who pays, and with what."""

    card: Card
    email: str | None = None
    name: str | None = None


def pay(desk: Desk, session_id: str, attempt: Attempt) -> Body:
    """The session after the attempt; a decline leaves it open. A session that is not open is returned as it is."""
    with desk.ledger.transaction():
        session = sessions.fetch(desk, session_id)
        return try_to_pay(desk, session, attempt) if session["status"] == "open" else session


def try_to_pay(desk: Desk, session: Body, attempt: Attempt) -> Body:
    """Make one attempt to pay a session that the caller has checked."""
    with desk.ledger.transaction():
        intent = _intent(desk, session)
        _note_customer(session, attempt)
        if attempt.card.outcome == "declined":
            _decline(desk, intent, attempt)
        elif attempt.card.outcome == "challenge":
            _ask_for_authentication(desk, session, intent, attempt)
        elif attempt.card.outcome == "processing":
            _wait_for_the_bank(desk, session, intent)
        else:
            _succeed(desk, session, intent, attempt)
        desk.ledger.save(session)
        return session


def complete_authentication(desk: Desk, session_id: str) -> Body:
    with desk.ledger.transaction():
        session = sessions.fetch(desk, session_id)
        intent = challenged_intent(desk, session)
        if intent:
            _succeed(desk, session, intent, _challenged_attempt(session, intent))
            desk.ledger.save(session)
        return session


def fail_authentication(desk: Desk, session_id: str) -> Body:
    with desk.ledger.transaction():
        session = sessions.fetch(desk, session_id)
        intent = challenged_intent(desk, session)
        if intent:
            message = "We are unable to authenticate your payment method. Please choose a different one and try again."
            error = {"code": "payment_intent_authentication_failure", "message": message, "type": "card_error"}
            _back_to_the_form(desk, intent, error)
        return session


def challenged_intent(desk: Desk, session: Body) -> Body | None:
    """The intent that waits for 3-D Secure, if this session can still be paid."""
    intent = desk.ledger.get("payment_intent", session["payment_intent"] or "")
    waiting = intent is not None and session["status"] == "open" and intent["status"] == "requires_action"
    return intent if waiting else None


def settle_processing(desk: Desk, intent_id: str, card: Card) -> Body:
    """The bank's answer days later: `card` pays or is declined."""
    with desk.ledger.transaction():
        intent = desk.ledger.get("payment_intent", intent_id)
        if intent is None or intent["status"] != "processing":
            raise refused("Only a payment in processing can be settled.")
        session = sessions.fetch(desk, intent["_session"])
        attempt = Attempt(card, (session["customer_details"] or {}).get("email"))
        if card.outcome == "pays":
            _capture(desk, intent, attempt)
            session["payment_status"] = "paid"
            events.record(desk, "checkout.session.async_payment_succeeded", session)
        else:
            _decline(desk, intent, attempt)
            events.record(desk, "checkout.session.async_payment_failed", session)
        desk.ledger.save(session)
        return intent


def _intent(desk: Desk, session: Body) -> Body:
    """Create the intent at the first attempt, as Checkout does, and keep it for the next ones."""
    known = desk.ledger.get("payment_intent", session["payment_intent"] or "")
    if known:
        return known
    intent = desk.ledger.add(intent_shape(now=desk.clock.stamp(), session=session))
    session["payment_intent"] = intent["id"]
    desk.ledger.save(session)
    events.record(desk, "payment_intent.created", intent)
    return intent


def _note_customer(session: Body, attempt: Attempt) -> None:
    email = session["customer_email"] or attempt.email
    session["customer_details"] = customer_details(email, attempt.name)


def _succeed(desk: Desk, session: Body, intent: Body, attempt: Attempt) -> None:
    charge = _capture(desk, intent, attempt)
    session |= {"status": "complete", "payment_status": "paid", "url": None}
    desk.ledger.save(session)
    events.record(desk, "checkout.session.completed", session)
    if attempt.card.disputed:
        disputes.open_dispute(desk, charge["id"], reason="fraudulent")


def _capture(desk: Desk, intent: Body, attempt: Attempt) -> Body:
    taken = intent["amount"] if desk.switches.takes is None else desk.switches.takes
    charge = _charge(desk, intent, attempt) | {"amount": taken, "amount_captured": taken}
    desk.ledger.add(charge)
    balance.move(desk, kind="charge", source=charge, amount=taken)
    intent |= {
        "amount_received": taken,
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": charge["payment_method"],
        "status": "succeeded",
    }
    desk.ledger.save(intent)
    events.record(desk, "charge.succeeded", charge)
    events.record(desk, "payment_intent.succeeded", intent)
    return charge


def _charge(desk: Desk, intent: Body, attempt: Attempt) -> Body:
    return charge_shape(
        now=desk.clock.stamp(), intent=intent, card=attempt.card, name=attempt.name, email=attempt.email
    )


def _decline(desk: Desk, intent: Body, attempt: Attempt) -> None:
    card = attempt.card
    charge = _charge(desk, intent, attempt) | {
        "amount_captured": 0,
        "balance_transaction": None,
        "captured": False,
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": {
            "network_status": "declined_by_network",
            "reason": card.decline_code or card.code,
            "risk_level": "normal",
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
        "paid": False,
        "status": "failed",
    }
    desk.ledger.add(charge)
    intent["latest_charge"] = charge["id"]
    error = {"charge": charge["id"], "code": card.code, "message": card.message, "type": "card_error"}
    if card.decline_code:
        error["decline_code"] = card.decline_code
    events.record(desk, "charge.failed", charge)
    _back_to_the_form(desk, intent, error)


def _back_to_the_form(desk: Desk, intent: Body, error: Body) -> None:
    intent |= {"last_payment_error": error, "next_action": None, "status": "requires_payment_method"}
    desk.ledger.save(intent)
    events.record(desk, "payment_intent.payment_failed", intent)


def _ask_for_authentication(desk: Desk, session: Body, intent: Body, attempt: Attempt) -> None:
    redirect = {"return_url": session["url"], "url": f"{session['url']}/authenticate"}
    intent |= {
        "last_payment_error": None,
        "next_action": {"redirect_to_url": redirect, "type": "redirect_to_url"},
        "status": "requires_action",
        "_card": attempt.card.number,
    }
    desk.ledger.save(intent)
    events.record(desk, "payment_intent.requires_action", intent)


def _challenged_attempt(session: Body, intent: Body) -> Attempt:
    details = session["customer_details"] or {}
    return Attempt(BY_NUMBER[intent["_card"]], details.get("email"), details.get("name"))


def _wait_for_the_bank(desk: Desk, session: Body, intent: Body) -> None:
    intent |= {"status": "processing", "last_payment_error": None}
    session |= {"status": "complete", "url": None}
    desk.ledger.save(intent)
    desk.ledger.save(session)
    events.record(desk, "payment_intent.processing", intent)
    events.record(desk, "checkout.session.completed", session)
