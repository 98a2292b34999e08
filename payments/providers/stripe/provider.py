"""Stripe behind the port (payments/providers/port.py): maps the port's methods to the modules of this app."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

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
    Topic,
)
from payments.providers.stripe import charges, deliveries, events, movements, probes, refunds, sessions
from payments.providers.stripe.calls import NAME

LIVE_KEYS = ("sk_live", "rk_live")
RESTRICTED_KEYS = "rk_"
SIGNATURE = "Stripe-Signature"


class StripeProvider:
    name = NAME
    display_name = "Stripe"
    opens_sessions = True

    @property
    def is_live(self) -> bool:
        return settings.STRIPE_SECRET_KEY.startswith(LIVE_KEYS)

    @property
    def has_limited_key(self) -> bool:
        return settings.STRIPE_SECRET_KEY.startswith(RESTRICTED_KEYS)

    @property
    def page_origin(self) -> str:
        return str(settings.STRIPE_CHECKOUT_ORIGIN)

    def smallest_charge(self, currency: str) -> Decimal:
        return charges.smallest_charge(currency)

    def session_request(
        self, *, lines: list[tuple[str, Decimal]], currency: str, email: str, key: str, metadata: dict[str, str],
        success_url: str, cancel_url: str, expires_at: int,
    ) -> dict[str, Any]:  # fmt: skip
        return sessions.session_request(
            lines=lines, currency=currency, email=email, reference=key, metadata=metadata,
            success_url=success_url, cancel_url=cancel_url, expires_at=expires_at,
        )  # fmt: skip

    def open_session(self, *, request: dict[str, Any], key: str) -> Session:
        return sessions.create_session(request=request, key=key)

    def look_at_session(self, session_id: str) -> Session:
        return sessions.fetch_session(session_id)

    def close_session(self, session_id: str) -> Session:
        return sessions.expire_session(session_id)

    def find_session(self, *, key: str, since: datetime, until: datetime) -> Session | None:
        return sessions.find_session(reference=key, since=since, until=until)

    def payment_made(self, provider_payment_id: str) -> Created | None:
        return sessions.intent_created(provider_payment_id)

    def session_of(self, provider_payment_id: str) -> Session | None:
        return movements.session_of(provider_payment_id)

    def charge_of(self, provider_payment_id: str) -> Charge | None:
        return movements.charge_of(provider_payment_id)

    def cards_of(self, provider_payment_id: str) -> CardUse:
        return sessions.cards_of_intent(provider_payment_id)

    def refund(self, *, provider_payment_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
        return refunds.create_refund(intent_id=provider_payment_id, amount=amount, currency=currency, key=key)

    def look_at_refund(self, refund_id: str) -> RefundAnswer:
        return refunds.fetch_refund(refund_id)

    def refunds_of(self, provider_payment_id: str) -> list[RefundAnswer]:
        return refunds.refunds_of(provider_payment_id)

    def look_at_dispute(self, dispute_id: str) -> DisputeAnswer:
        return refunds.fetch_dispute(dispute_id)

    def refunds_and_disputes_of(self, provider_payment_id: str) -> tuple[list[str], list[str]]:
        return refunds.refunds_and_disputes_of(provider_payment_id)

    def verify_news(self, *, body: bytes, headers: Mapping[str, str], web_clock_ahead: float = 0) -> News:
        return deliveries.verify(body=body, signature=headers.get(SIGNATURE, ""), web_clock_ahead=web_clock_ahead)

    def topic_of(self, payload: dict[str, Any]) -> Topic:
        return events.topic_of(payload)

    def undelivered_news(self, *, since: datetime) -> Iterator[News]:
        return deliveries.undelivered_events(since=since)

    def newest_objects(self) -> list[Created]:
        return deliveries.newest_objects()

    def movements(self, *, since: datetime, until: datetime) -> Ledger:
        return movements.ledger(since=since, until=until)

    def missing_rights(self) -> list[Right]:
        return probes.missing_rights()

    def right_in_words(self, right: str) -> str:
        return probes.in_words(right)
