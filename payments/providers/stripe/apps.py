"""Stripe as a payment provider."""

from django.apps import AppConfig


class StripeProviderConfig(AppConfig):
    name = "payments.providers.stripe"
    label = "stripe_provider"

    def ready(self) -> None:
        from payments.providers.stripe import checks  # noqa: F401  (registers the system checks)
