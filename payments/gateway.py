"""Everything that services ask of Stripe, by one name: `gateway.fetch_session(...)`. What stands where: stripe_*.py beside it.

Minor units live in what reads Stripe's answers (stripe_answers.py). Errors and the rules of calling: stripe_calls.py.
"""

from payments.stripe_answers import (
    CardUse,
    Created,
    Delivery,
    Session,
    StripeDispute,
    StripeRefund,
    from_minor,
    to_minor,
)
from payments.stripe_calls import all_of, calling, client, only_looking, page_budget
from payments.stripe_deliveries import newest_objects, undelivered_events, verify
from payments.stripe_errors import (
    BadSignature,
    Broken,
    GatewayError,
    NotPermitted,
    Refused,
    TooOld,
    Unknown,
    Unproven,
    Unreadable,
    Unstorable,
)
from payments.stripe_refunds import came_after, create_refund, fetch_dispute, fetch_refund, refunds_of
from payments.stripe_rights import WHOLE_KEY
from payments.stripe_sessions import (
    cards_of_intent,
    create_session,
    expire_session,
    fetch_session,
    find_session,
    intent_created,
    session_request,
)

__all__ = [
    "WHOLE_KEY", "BadSignature", "Broken", "CardUse", "Created", "Delivery", "GatewayError", "NotPermitted", "Refused",
    "Session", "StripeDispute", "StripeRefund", "TooOld", "Unknown", "Unproven", "Unreadable", "Unstorable", "all_of",
    "calling", "came_after", "cards_of_intent", "client", "create_refund", "create_session", "expire_session",
    "fetch_dispute", "fetch_refund", "fetch_session", "find_session", "from_minor", "intent_created", "newest_objects",
    "only_looking", "page_budget", "refunds_of", "session_request", "to_minor", "undelivered_events", "verify",
]  # fmt: skip
