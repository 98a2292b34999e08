"""The port: what the box office asks of a payment provider. Implementations are named in PAYMENT_PROVIDERS.

No call of a provider that goes over the network is made inside a transaction. Every method may raise errors.Unknown
(ask again, with the same key) and errors.Refused (a refusal that proves that nothing was done).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

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


class Provider(Protocol):
    """`name` stands in our rows and never changes; `display_name` is for people.

    `opens_sessions`: it has a payment page of its own, and sends refunds by itself. Without one a person takes the money
    and gives it back. `has_limited_key`: its key may lack rights.
    """

    name: str
    display_name: str
    opens_sessions: bool

    @property
    def is_live(self) -> bool:
        """Whether real money moves."""

    @property
    def has_limited_key(self) -> bool: ...

    @property
    def page_origin(self) -> str:
        """Scheme and host of the payment page, for the Content-Security-Policy; '' without one."""

    def smallest_charge(self, currency: str) -> Decimal:
        """The smallest amount that can be paid in this currency."""

    # Payment sessions.

    def session_request(
        self, *, lines: list[tuple[str, Decimal]], currency: str, email: str, key: str, metadata: dict[str, str],
        success_url: str, cancel_url: str, expires_at: int,
    ) -> dict[str, Any]:  # fmt: skip
        """The exact request of a payment session, to be stored before it is sent. `expires_at` in epoch seconds."""

    def open_session(self, *, request: dict[str, Any], key: str) -> Session:
        """Open a session by a stored request; a repeat with the same key gives the same one."""

    def look_at_session(self, session_id: str) -> Session:
        """Fetch the session's present state, with the amount that its payment really took."""

    def close_session(self, session_id: str) -> Session:
        """Close a session, so that nobody can pay there. Raises Refused or Unproven when it is no longer open."""

    def find_session(self, *, key: str, since: datetime, until: datetime) -> Session | None:
        """Find the session with our key among those created in a span of time."""

    # Payments that succeeded, their refunds and disputes.

    def payment_made(self, provider_payment_id: str) -> Created | None:
        """Find a payment by the provider's id, with our key; None when there is none."""

    def session_of(self, provider_payment_id: str) -> Session | None: ...

    def charge_of(self, provider_payment_id: str) -> Charge | None:
        """Fetch the charge of a payment that succeeded."""

    def cards_of(self, provider_payment_id: str) -> CardUse: ...

    def refund(self, *, provider_payment_id: str, amount: Decimal, currency: str, key: str) -> RefundAnswer:
        """Give money back; a repeat with the same key gives it back once."""

    def look_at_refund(self, refund_id: str) -> RefundAnswer: ...

    def refunds_of(self, provider_payment_id: str) -> list[RefundAnswer]:
        """All refunds of a payment, also those that a person made at the provider, newest first."""

    def look_at_dispute(self, dispute_id: str) -> DisputeAnswer: ...

    def refunds_and_disputes_of(self, provider_payment_id: str) -> tuple[list[str], list[str]]:
        """The ids of all refunds and of all disputes of a payment, also of those of which no news arrived."""

    # News.

    def verify_news(self, *, body: bytes, headers: Mapping[str, str], web_clock_ahead: float = 0) -> News:
        """Check and read a delivery.

        Raises BadSignature when the provider did not sign it, TooOld when it did so long ago, and Unstorable.
        `web_clock_ahead`: the seconds this machine's clock is ahead of the one that judges the age.
        """

    def topic_of(self, payload: dict[str, Any]) -> Topic:
        """Tell which object a stored delivery is about. Raises Meaningless."""

    def undelivered_news(self, *, since: datetime) -> Iterator[News]:
        """Deliveries that no address of ours has acknowledged, newest first."""

    # The provider's books and our key.

    def newest_objects(self) -> list[Created]:
        """The newest objects of our account, other programs' too."""

    def movements(self, *, since: datetime, until: datetime) -> Ledger: ...

    def missing_rights(self) -> list[Right]:
        """List the rights our key lacks, by calls that change nothing. Raises NotPermitted for a useless key."""

    def right_in_words(self, right: str) -> str:
        """Describe a missing right in a sentence, for the office and mails."""
