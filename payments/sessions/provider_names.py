"""The names of payment providers for the office, by their names in rows."""

from payments.providers.registry import all_providers, online_provider


def provider_names() -> dict[str, str]:
    return {provider.name: provider.display_name for provider in all_providers()}


def online_provider_name() -> str:
    """The one with whose payment page we sell, and with whose books ours are compared."""
    return online_provider().display_name
