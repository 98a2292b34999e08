"""Paid bookings that all tests of a module share: bought once, and found as they were by each.

A module names its fixtures::

    standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")

or, with another world than one booking of the usual showtime::

    standing_booking, sandbox = sold_once(sell_all_seats)

The rows are kept by a savepoint and Stripe's stand-in by a copy of its ledger. Every test of the module finds the bookings,
whether it asks for them or not. Not for tests that commit.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from dev.sandbox.testing import SandboxServer
from reservations.seats.taking import Browser
from sales.models import Sale
from tests.factories import buy, make_showtime
from tests.standing_world import paying_world

BUYER = Browser(holder="a" * 64, address="192.0.2.1")


def browser_of_owner(booking) -> Client:
    """A browser that is signed in to an account, which the booking joins."""
    ada = User.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


def sold_once(make: Callable[[SandboxServer], Any]):
    """Fixtures for what `make` sells: that world with the ledger of Stripe's stand-in, and the stand-in after these sales."""

    @pytest.fixture(scope="module", autouse=True)
    def standing_booking(django_db_setup, django_db_blocker, sandbox_process):
        with paying_world(django_db_blocker, sandbox_process, make) as world:
            yield world, sandbox_process.desk.ledger.snapshot()

    @pytest.fixture
    def sandbox(standing_booking, sandbox_process, db):
        sandbox_process.reset()
        sandbox_process.desk.ledger.restore(standing_booking[1])
        yield sandbox_process
        sandbox_process.heal()

    return standing_booking, sandbox


def bought_once(*labels: str):
    standing_booking, sandbox = sold_once(lambda sandbox: buy(sandbox, make_showtime(), BUYER, *labels))

    @pytest.fixture
    def booking(standing_booking, sandbox):
        return deepcopy(standing_booking[0])

    @pytest.fixture
    def showtime(booking):
        return booking.showtime

    return standing_booking, sandbox, booking, showtime
