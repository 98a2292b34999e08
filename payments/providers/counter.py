"""The counter as a provider: a person takes the money and gives it back, and there is no ledger besides our own rows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.money import coin
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
from payments.providers.errors import BadSignature, Meaningless, Refused
from payments.states import COUNTER

NO_PAGE = "no_payment_page"
BY_A_PERSON = "paid_out_by_a_person"
MISSING = "missing"


class CounterProvider:
    """Methods that need a payment page raise Refused; lists are empty, because there is no other ledger."""

    name = COUNTER
    display_name = "Counter"
    opens_sessions = False
    is_live = True
    has_limited_key = False
    page_origin = ""

    def smallest_charge(self, currency: str) -> Decimal:
        """The smallest coin."""
        return coin(currency)

    def session_request(self, **_: object) -> dict[str, Any]:
        return {}

    def open_session(self, *, request: dict[str, Any], key: str) -> Session:
        raise Refused(NO_PAGE, "the counter has no payment page")

    def look_at_session(self, session_id: str) -> Session:
        raise _missing("payment session", session_id)

    def close_session(self, session_id: str) -> Session:
        raise _missing("payment session", session_id)

    def find_session(self, *, key: str, since: datetime, until: datetime) -> Session | None:
        return None

    def payment_made(self, provider_payment_id: str) -> Created | None:
        return None

    def session_of(self, provider_payment_id: str) -> Session | None:
        return None

    def charge_of(self, provider_payment_id: str) -> Charge | None:
        return None

    def cards_of(self, provider_payment_id: str) -> CardUse:
        return CardUse(declines=0, paid_with="")

    def refund(self, *, provider_payment_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
        raise Refused(BY_A_PERSON, "a person at the counter pays it out")

    def look_at_refund(self, refund_id: str) -> RefundAnswer:
        raise _missing("refund", refund_id)

    def refunds_of(self, provider_payment_id: str) -> list[RefundAnswer]:
        return []

    def look_at_dispute(self, dispute_id: str) -> DisputeAnswer:
        raise _missing("dispute", dispute_id)

    def refunds_and_disputes_of(self, provider_payment_id: str) -> tuple[list[str], list[str]]:
        return [], []

    def verify_news(self, *, body: bytes, headers: Mapping[str, str], web_clock_ahead: float = 0) -> News:
        raise BadSignature("the counter sends no news")

    def topic_of(self, payload: dict[str, Any]) -> Topic:
        raise Meaningless("the counter sends no news")

    def undelivered_news(self, *, since: datetime) -> Iterator[News]:
        return iter(())

    def newest_objects(self) -> list[Created]:
        return []

    def movements(self, *, since: datetime, until: datetime) -> Ledger:
        return Ledger()

    def missing_rights(self) -> list[Right]:
        return []

    def right_in_words(self, right: str) -> str:
        return ""


def _missing(what: str, provider_id: str) -> Refused:
    return Refused(MISSING, f"the counter has no {what} {provider_id}", is_missing=True)
