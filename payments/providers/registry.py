"""The providers of this installation, by the name that stands in rows."""

from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from payments.providers.port import Provider


@lru_cache
def _made(path: str) -> Provider:
    made: Provider = import_string(path)()
    return made


def all_providers() -> list[Provider]:
    return [_made(path) for path in settings.PAYMENT_PROVIDERS]


def online_providers() -> list[Provider]:
    """The providers that have a payment page."""
    return [provider for provider in all_providers() if provider.opens_sessions]


def provider_named(name: str) -> Provider:
    """Find a provider by name. Raises LookupError when this installation does not have it."""
    found = next((provider for provider in all_providers() if provider.name == name), None)
    if found is None:
        raise LookupError(f"PAYMENT_PROVIDERS has no provider named {name!r}")
    return found


def online_provider() -> Provider:
    """The provider whose payment page customers use."""
    return provider_named(settings.ONLINE_PAYMENT_PROVIDER)


def smallest_charge(currency: str) -> Decimal:
    """The smallest amount that can be paid online in this currency."""
    return online_provider().smallest_charge(currency)
