"""A third provider that runs in this process: a bank whose page takes vouchers. It has no network, no cards and no disputes."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clock import database_now
from core.installation import METADATA_KEY, installation_id
from core.money import decimals
from payments.providers.answers import (
    CardUse,
    Charge,
    Created,
    DisputeAnswer,
    Ledger,
    News,
    RefundAnswer,
    Right,
    Session,
    SessionStatus,
    Subject,
    Topic,
)
from payments.providers.call_rules import require_call_allowed
from payments.providers.errors import BadSignature, Meaningless, Refused, Unstorable
from payments.states import RefundStatus

SECRET = b"the bank's secret"


def sign(body: bytes) -> dict[str, str]:
    return {"Voucher-Signature": hmac.new(SECRET, body, hashlib.sha256).hexdigest()}


class VoucherBank:
    name = "voucher bank"
    display_name = "Voucher Bank"
    opens_sessions = True
    is_live = False
    has_limited_key = False
    page_origin = "https://vouchers.example"

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, RefundAnswer] = {}

    # What its customer does.

    def pay(self, session_id: str) -> bytes:
        """Pay at the bank; returns its event."""
        session = self.sessions[session_id]
        assert session.is_open
        payment_id = f"money-{session.key}"
        self.sessions[session_id] = replace(
            session, status=SessionStatus.COMPLETE, is_paid=True, provider_payment_id=payment_id,
            received=session.amount, received_currency=session.currency, payer_name="Ada",
        )  # fmt: skip
        self.charges[payment_id] = Charge(
            id=f"charge-{session.key}", provider_payment_id=payment_id, amount=session.amount, currency=session.currency,
            refunded=Decimal(0), made_at=database_now(), metadata=session.metadata,
        )  # fmt: skip
        return json.dumps({"id": f"news-{session.key}", "paid": session_id, "key": session.key}).encode()

    # The port.

    def smallest_charge(self, currency: str) -> Decimal:
        return Decimal(1).scaleb(-decimals(currency))

    def session_request(self, *, lines, currency, email, key, metadata, success_url, cancel_url, expires_at):
        total = sum((amount for _, amount in lines), Decimal(0))
        mine = {**metadata, METADATA_KEY: installation_id()}
        return {"total": str(total), "currency": currency, "email": email, "key": key, "metadata": mine}

    def open_session(self, *, request: dict[str, Any], key: str) -> Session:
        require_call_allowed()
        name = f"session-{key}"
        if name not in self.sessions:
            self.sessions[name] = Session(
                id=name, url=f"{self.page_origin}/{name}", status=SessionStatus.OPEN, is_paid=False,
                amount=Decimal(request["total"]), currency=request["currency"], provider_payment_id=None, key=key,
                is_live=self.is_live, metadata=request["metadata"], email=request["email"], made_at=database_now(),
            )  # fmt: skip
        return self.sessions[name]

    def look_at_session(self, session_id: str) -> Session:
        return _known(self.sessions, session_id)

    def close_session(self, session_id: str) -> Session:
        session = _known(self.sessions, session_id)
        if not session.is_open:
            raise Refused("not_open", "this session is over")
        self.sessions[session_id] = replace(session, status=SessionStatus.CLOSED)
        return self.sessions[session_id]

    def find_session(self, *, key: str, since: datetime, until: datetime) -> Session | None:
        require_call_allowed()
        return next((session for session in self.sessions.values() if session.key == key), None)

    def payment_made(self, provider_payment_id: str) -> Created | None:
        require_call_allowed()
        session = self.session_of(provider_payment_id)
        if session is None:
            return None
        return Created("payment", provider_payment_id, session.key, session.made_at, session.metadata)

    def session_of(self, provider_payment_id: str) -> Session | None:
        require_call_allowed()
        found = (one for one in self.sessions.values() if one.provider_payment_id == provider_payment_id)
        return next(found, None)

    def charge_of(self, provider_payment_id: str) -> Charge | None:
        require_call_allowed()
        return self.charges.get(provider_payment_id)

    def cards_of(self, provider_payment_id: str) -> CardUse:
        require_call_allowed()
        return CardUse(declines=0, paid_with="")

    def refund(self, *, provider_payment_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
        charge, name = _known(self.charges, provider_payment_id), f"refund-{key}"
        if name in self.refunds:
            return self.refunds[name]
        if charge.refunded + amount > charge.amount:
            raise Refused("nothing_left", "more than this payment has left")
        self.charges[provider_payment_id] = replace(charge, refunded=charge.refunded + amount)
        created = Created("refund", name, key, database_now(), {"key": key, METADATA_KEY: installation_id()})
        self.refunds[name] = RefundAnswer(
            id=name, status=RefundStatus.SUCCEEDED, failure="", amount=amount, currency=currency,
            provider_payment_id=provider_payment_id, created=created,
        )  # fmt: skip
        return self.refunds[name]

    def look_at_refund(self, refund_id: str) -> RefundAnswer:
        return _known(self.refunds, refund_id)

    def refunds_of(self, provider_payment_id: str) -> list[RefundAnswer]:
        require_call_allowed()
        return [one for one in self.refunds.values() if one.provider_payment_id == provider_payment_id][::-1]

    def look_at_dispute(self, dispute_id: str) -> DisputeAnswer:
        return _known({}, dispute_id)

    def refunds_and_disputes_of(self, provider_payment_id: str) -> tuple[list[str], list[str]]:
        return [refund.id for refund in self.refunds_of(provider_payment_id)], []

    def verify_news(self, *, body: bytes, headers: Mapping[str, str], web_clock_ahead: float = 0) -> News:
        if not hmac.compare_digest(headers.get("Voucher-Signature", ""), sign(body)["Voucher-Signature"]):
            raise BadSignature("not signed by the bank")
        try:
            said = json.loads(body)
        except ValueError as error:
            raise Unstorable("it is not JSON") from error
        return News(id=said["id"], kind="paid", payload=said)

    def topic_of(self, payload: dict[str, Any]) -> Topic:
        if "paid" not in payload:
            raise Meaningless("it names no session")
        return Topic(
            subject=Subject.PAYMENT, what="session", id=payload["paid"], session_id=payload["paid"],
            keys=(payload["key"],), says_paid=True,
        )  # fmt: skip

    def undelivered_news(self, *, since: datetime) -> Iterator[News]:
        require_call_allowed()
        return iter(())

    def newest_objects(self) -> list[Created]:
        sessions = [Created("session", one.id, one.key, one.made_at, one.metadata) for one in self.sessions.values()]
        return sessions + [refund.created for refund in self.refunds.values()]

    def movements(self, *, since: datetime, until: datetime) -> Ledger:
        require_call_allowed()
        return Ledger(
            charges=[one for one in self.charges.values() if since <= one.made_at <= until],
            refunds=[one for one in self.refunds.values() if since <= one.created.created_at <= until],
            open_sessions=[one for one in self.sessions.values() if one.is_open and since <= one.made_at <= until],
        )

    def missing_rights(self) -> list[Right]:
        return []

    def right_in_words(self, right: str) -> str:
        return f"The bank refuses {right}."


def _known[Found](rows: Mapping[str, Found], name: str) -> Found:
    require_call_allowed()
    if name not in rows:
        raise Refused("unknown", f"the bank has no {name}", is_missing=True)
    return rows[name]
