"""Our idempotency keys for providers, and the columns for a provider and its ids."""

import secrets
from typing import Any

from django.db import models

PROVIDER: dict[str, Any] = {"max_length": 20, "help_text": "Who collects this money: the name of a payment provider."}
PROVIDER_ID: dict[str, Any] = {"max_length": 200, "help_text": "The provider's id of it."}


def once(name: str, *columns: str) -> models.UniqueConstraint:
    """A constraint: one provider's id appears on one row only; other providers may use the same id."""
    return models.UniqueConstraint(fields=["provider", *columns], name=name)


def new_key() -> str:
    """An idempotency key: random, because a primary key could come again after a restore."""
    return secrets.token_hex(16)
