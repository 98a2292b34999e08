"""The rights that a restricted key needs, by Stripe's names (https://docs.stripe.com/keys/permissions-reference).

Each is named as the Dashboard shows it. A right to write lets read too.
"""

import re

from payments.providers.answers import Right

# Stripe's words when it does not accept the key at all.
WHOLE_KEY = "key"


RIGHTS = (
    Right("checkout_session_write", "Checkout Sessions: Write", "to open, read, list and close payment pages"),
    Right("payment_intent_read", "Payment Intents: Read", "to see what a payment really brought"),
    Right("charge_write", "Charges and Refunds: Write", "to refund, to list charges and refunds"),
    Right("dispute_read", "Disputes: Read", "to follow disputes"),
    Right("event_read", "Events: Read", "to fetch news that could not be delivered"),
    Right("balance_read", "Balance: Read", "to compare every night what moved"),
)


def missing_right(says: str) -> str:
    """The right that Stripe's refusal names; '' when it names none."""
    named = re.search(r"'rak_(\w+)'", says)
    return named[1] if named else ""
