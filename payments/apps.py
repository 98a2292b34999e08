"""Payments, refunds, and the comparison with payment providers."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
