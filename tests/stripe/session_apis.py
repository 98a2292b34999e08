"""What the contract needs of an API: one small interface for the sandbox, for Stripe's test mode, and for a later fake.

A fake joins with an adapter that has these methods, and a line in `test_contract.api`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import stripe


class Refused(Exception):
    """The API understood a request and refused it."""


class KeyMisused(Exception):
    """The same idempotency key was sent with another request."""


@dataclass(frozen=True)
class Facts:
    """The fields of a payment session that the contract compares."""

    id: str
    url: str | None
    status: str
    payment_status: str
    amount: int
    currency: str
    reference: str | None
    expires_at: int
    payment_intent: str | None


@dataclass(frozen=True)
class RefundFacts:
    id: str
    status: str
    amount: int


class SessionApi(Protocol):
    pay: Callable[[str], Any] | None
    """None where only a person with a browser can pay."""

    def now(self) -> int: ...
    def create(self, *, key: str, reference: str, amount: int, currency: str, expires_at: int) -> Facts: ...
    def fetch(self, session_id: str) -> Facts: ...
    def expire(self, session_id: str) -> Facts: ...
    def find(self, *, reference: str, since: int, until: int) -> list[str]: ...
    def refund(self, *, key: str, payment_intent: str, amount: int | None) -> RefundFacts: ...
    def refunds(self, payment_intent: str) -> list[RefundFacts]: ...


class SdkSessionApi:
    """Calls the API through Stripe's SDK."""

    def __init__(
        self, client: stripe.StripeClient, *, now: Callable[[], int], pay: Callable[[str], Any] | None = None
    ) -> None:
        self.client = client
        self.now = now
        self.pay = pay

    def create(self, *, key: str, reference: str, amount: int, currency: str, expires_at: int) -> Facts:
        price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Contract"}}
        params = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": reference,
            "metadata": {"reference": reference},
            "payment_intent_data": {"metadata": {"reference": reference}},
            "success_url": "https://marquee.test/back/?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://marquee.test/",
            "expires_at": expires_at,
        }
        return self._ask(self.client.v1.checkout.sessions.create, params=params, options={"idempotency_key": key})

    def fetch(self, session_id: str) -> Facts:
        return self._ask(self.client.v1.checkout.sessions.retrieve, session_id)

    def expire(self, session_id: str) -> Facts:
        return self._ask(self.client.v1.checkout.sessions.expire, session_id)

    def find(self, *, reference: str, since: int, until: int) -> list[str]:
        window = {"created": {"gte": since, "lte": until}, "limit": 100}
        sessions = self.client.v1.checkout.sessions.list(params=window).auto_paging_iter()
        return [session.id for session in sessions if session.client_reference_id == reference]

    def refund(self, *, key: str, payment_intent: str, amount: int | None) -> RefundFacts:
        params: dict[str, Any] = {"payment_intent": payment_intent}
        if amount is not None:
            params["amount"] = amount
        made = self._call(self.client.v1.refunds.create, params=params, options={"idempotency_key": key})
        return RefundFacts(made.id, made.status, made.amount)

    def refunds(self, payment_intent: str) -> list[RefundFacts]:
        found = self.client.v1.refunds.list(params={"payment_intent": payment_intent}).auto_paging_iter()
        return [RefundFacts(each.id, each.status, each.amount) for each in found]

    def _ask(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Facts:
        session = self._call(method, *args, **kwargs)
        return Facts(
            id=session.id,
            url=session.url,
            status=session.status,
            payment_status=session.payment_status,
            amount=session.amount_total,
            currency=session.currency,
            reference=session.client_reference_id,
            expires_at=session.expires_at,
            payment_intent=session.payment_intent,
        )

    def _call(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except stripe.IdempotencyError as error:
            raise KeyMisused(str(error)) from error
        except stripe.InvalidRequestError as error:
            raise Refused(str(error)) from error
