"""The answers of providers in our own terms: frozen dataclasses, amounts in `Decimal`, aware moments, the provider's
ids.

`provider_payment_id` names the money at the provider: refunds and disputes are about it. `key` is the random key of our
row, `metadata` the values that we sent with the request.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from payments.providers.errors import OtherCurrency
from payments.states import DisputeStatus, RefundStatus


class SessionStatus(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    CLOSED = "closed"


@dataclass(frozen=True)
class Session:
    """A payment session as the provider knows it now. `received` is what its payment really took: None until it is
    looked at and the payment has succeeded.

    `is_processing`: the customer has paid but the bank has not decided: nobody can pay here again, and there is no
    money yet. `has_failed`: the bank refused it later.
    """

    id: str
    url: str
    status: SessionStatus
    is_paid: bool
    amount: Decimal | None
    currency: str
    provider_payment_id: str | None
    key: str
    is_live: bool
    is_processing: bool = False
    has_failed: bool = False
    received: Decimal | None = None
    received_currency: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    email: str = ""
    payer_name: str = ""
    made_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status == SessionStatus.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == SessionStatus.CLOSED


@dataclass(frozen=True)
class CardUse:
    """The cards of a payment: how often one was declined, and which one paid ('' for none).

    `last4`: the last four digits of that card.
    """

    declines: int
    paid_with: str
    last4: str = ""


@dataclass(frozen=True)
class Created:
    """That something was created at the provider. `kind` is the provider's word for it."""

    kind: str
    id: str
    key: str
    created_at: datetime
    metadata: dict[str, str]


@dataclass(frozen=True)
class RefundAnswer:
    """A refund, ours or one that a person made at the provider: then it carries no key."""

    id: str
    status: RefundStatus
    failure: str
    amount: Decimal
    currency: str
    provider_payment_id: str | None
    created: Created
    bank_reference: str = ""  # with which the customer's bank finds it; "" until the provider knows it

    @property
    def key(self) -> str:
        return self.created.key


@dataclass(frozen=True)
class Charge:
    """A payment that succeeded at the provider. `refunded` is what was given back of it so far."""

    id: str
    provider_payment_id: str | None
    amount: Decimal
    currency: str
    refunded: Decimal
    made_at: datetime
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DisputeAnswer:
    id: str
    status: DisputeStatus
    amount: Decimal
    currency: str
    provider_payment_id: str | None
    reason: str
    answer_by: datetime | None


@dataclass
class Ledger:
    """A provider's movements in a span of time, also of older refunds and disputes that changed in it.

    `other_currencies`: those that cannot be read because we do not sell in their currency.
    """

    charges: list[Charge] = field(default_factory=list)
    refunds: list[RefundAnswer] = field(default_factory=list)
    disputes: list[DisputeAnswer] = field(default_factory=list)
    open_sessions: list[Session] = field(default_factory=list)
    other_currencies: list[OtherCurrency] = field(default_factory=list)


@dataclass(frozen=True)
class News:
    """A verified delivery from a provider. It says what to look at; its content is not trusted."""

    id: str
    kind: str
    payload: dict[str, Any]


class Subject(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"


@dataclass(frozen=True)
class Topic:
    """The object that news are about. `created_at` is None where they do not say. `says_paid`: the payment has its
    money.

    A payment is named by any of our keys, its session, and the provider's id of its money.
    """

    subject: Subject
    what: str
    id: str
    created_at: datetime | None = None
    keys: tuple[str, ...] = ()
    session_id: str | None = None
    provider_payment_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    says_paid: bool = False


@dataclass(frozen=True)
class Right:
    """A right that our key needs: its name at the provider, how the provider's pages show it, and what it is for."""

    name: str
    in_dashboard: str
    what_for: str
