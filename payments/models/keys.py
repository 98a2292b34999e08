"""Keys of our own that Stripe hears."""

import secrets


def new_key() -> str:
    """An idempotency key: random, because a primary key could come again after a restore."""
    return secrets.token_hex(16)
