"""The providers that tests ask directly."""

from payments.providers.registry import provider_named

STRIPE = provider_named("stripe")
