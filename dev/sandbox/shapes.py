"""The JSON of a new object, field by field as the SDK declares it.

Keys that begin with an underscore are the sandbox's own notes; `present` leaves them out.
"""

from copy import deepcopy
from typing import Any

from dev.sandbox.cards import Card
from dev.sandbox.ids import new_id, new_session_id, random_text

Body = dict[str, Any]


def present(body: Body) -> Body:
    return {name: value for name, value in body.items() if not name.startswith("_")}


SESSION_BLANKS: Body = {
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "client_secret": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer": None,
    "customer_creation": "if_required",
    "invoice": None,
    "livemode": False,
    "mode": "payment",
    "payment_intent": None,
    "payment_link": None,
    "payment_method_collection": "if_required",
    "payment_status": "unpaid",
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "setup_intent": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "status": "open",
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
}


def session_shape(*, now: int, params: Body, lines: list[Body], total: int, currency: str, url_base: str) -> Body:
    session_id = new_session_id()
    return deepcopy(SESSION_BLANKS) | {
        "id": session_id,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer_details": _customer_details(params.get("customer_email")),
        "customer_email": params.get("customer_email"),
        "expires_at": params["expires_at"],
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": params.get("payment_method_types", ["card"]),
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "url": f"{url_base}/c/pay/{session_id}",
        "_lines": lines,
        "_intent_data": params.get("payment_intent_data", {}),
    }


def _customer_details(email: str | None) -> Body | None:
    return customer_details(email, None) if email else None


def customer_details(email: str | None, name: str | None) -> Body:
    blank: Body = {"address": None, "phone": None, "tax_exempt": "none", "tax_ids": []}
    return blank | {"email": email, "name": name}


def line_shape(*, name: str, description: str | None, unit_amount: int, quantity: int, currency: str) -> Body:
    total = unit_amount * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency,
        "description": name,
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "currency": currency,
            "livemode": False,
            "metadata": {},
            "product": new_id("prod"),
            "type": "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": str(unit_amount),
        },
        "quantity": quantity,
        "_note": description,
    }


INTENT_BLANKS: Body = {
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic_async",
    "confirmation_method": "automatic",
    "customer": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "processing": None,
    "review": None,
    "setup_future_usage": None,
    "shipping": None,
    "status": "requires_payment_method",
    "transfer_data": None,
    "transfer_group": None,
}


def intent_shape(*, now: int, session: Body) -> Body:
    intent_id = new_id("pi")
    data = session["_intent_data"]
    return deepcopy(INTENT_BLANKS) | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "client_secret": f"{intent_id}_secret_{random_text(25)}",
        "created": now,
        "currency": session["currency"],
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": session["payment_method_types"],
        "receipt_email": data.get("receipt_email"),
        "description": data.get("description"),
        "metadata": data.get("metadata", {}),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "_session": session["id"],
    }


def card_details(card: Card) -> Body:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2040,
        "fingerprint": card.fingerprint,
        "funding": "credit",
        "last4": card.last4,
        "network": card.brand,
        "three_d_secure": None,
        "wallet": None,
    }


CHARGE_BLANKS: Body = {
    "object": "charge",
    "amount_refunded": 0,
    "application": None,
    "calculated_statement_descriptor": "MARQUEE SANDBOX",
    "captured": True,
    "customer": None,
    "disputed": False,
    "failure_code": None,
    "failure_message": None,
    "fraud_details": {},
    "livemode": False,
    "outcome": {
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "seller_message": "Payment complete.",
        "type": "authorized",
    },
    "paid": True,
    "receipt_number": None,
    "receipt_url": None,
    "refunded": False,
    "status": "succeeded",
}


def charge_shape(*, now: int, intent: Body, card: Card, name: str | None, email: str | None) -> Body:
    charge_id = new_id("ch")
    return deepcopy(CHARGE_BLANKS) | {
        "id": charge_id,
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "balance_transaction": new_id("txn"),
        "billing_details": {"address": None, "email": email, "name": name, "phone": None, "tax_id": None},
        "created": now,
        "currency": intent["currency"],
        "description": intent["description"],
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": {"card": card_details(card), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "_refund_mode": card.refund,
    }


def refund_shape(*, now: int, charge: Body, amount: int, status: str, params: Body) -> Body:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def dispute_shape(*, now: int, charge: Body, reason: str) -> Body:
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"] - charge["amount_refunded"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 7 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
