"""The names of payment providers for people: what stands in rows, and what the office reads."""

from payments.providers.registry import all_providers


def provider_names() -> dict[str, str]:
    return {provider.name: provider.display_name for provider in all_providers()}
