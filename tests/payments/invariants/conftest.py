"""One world for all faults of a module: each is planted in it and rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.payments.invariants.world import World, build


@contextmanager
def rolled_back() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # providers may be called inside: this block is the test's, not the product's
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, sandbox_process) -> Iterator[World]:
    sandbox_process.heal()
    sandbox_process.reset()
    stripe = {
        "STAFF_MAIL": ["finance@example.com"],
        "STRIPE_API_BASE": sandbox_process.base_url,
        "STRIPE_SECRET_KEY": sandbox_process.secret_key,
        "STRIPE_WEBHOOK_SECRET": sandbox_process.webhook_secret,
    }
    with override_settings(**stripe), django_db_blocker.unblock(), rolled_back():
        yield build(sandbox_process)


@pytest.fixture
def db(built, django_db_blocker) -> Iterator[None]:
    """In the place of pytest-django's: a savepoint in the module's own transaction."""
    with django_db_blocker.unblock(), rolled_back():
        # Foreign keys are checked at the end of a transaction: now, so that constraints may be dropped.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


@pytest.fixture
def world(built, db) -> World:
    return built
