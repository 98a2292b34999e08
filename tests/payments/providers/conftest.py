from collections.abc import Callable
from dataclasses import dataclass

import pytest

from payments.providers.port import Provider
from payments.providers.registry import provider_named

VOUCHER_BANK = "tests.payments.providers.voucher_bank.VoucherBank"


@dataclass(frozen=True)
class Candidate:
    """A provider, and how a test pays in one of its sessions."""

    provider: Provider
    pay: Callable[[str], object]


@pytest.fixture
def bank(settings):
    """The voucher bank as one more provider of this installation."""
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, VOUCHER_BANK]
    bank = provider_named("voucher bank")
    bank.reset()
    return bank


@pytest.fixture
def sells_by_voucher(bank, settings):
    settings.ONLINE_PAYMENT_PROVIDER = bank.name
    return bank


def candidate_named(name, request) -> Candidate:
    if name == "voucher bank":
        bank = request.getfixturevalue("bank")
        return Candidate(bank, bank.pay)
    sandbox = request.getfixturevalue("sandbox")
    return Candidate(provider_named(name), sandbox.pay)


@pytest.fixture(params=["stripe", "voucher bank"])
def candidate(request) -> Candidate:
    """Each provider that has a payment page."""
    return candidate_named(request.param, request)


@pytest.fixture(params=["stripe", "counter", "voucher bank"])
def provider(request) -> Provider:
    return candidate_named(request.param, request).provider
