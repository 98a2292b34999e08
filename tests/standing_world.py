"""Rows that all tests of a module share: made once, and what a test changes is undone by its own savepoint.

A module builds its world in a fixture of its own::

    @pytest.fixture(scope="module")
    def standing_houses(django_db_setup, django_db_blocker):
        with standing_world(django_db_blocker, two_houses) as houses:
            yield houses

    @pytest.fixture
    def houses(standing_houses, db):
        return deepcopy(standing_houses)

Copies, because a test may write to the objects as well. Not for tests that commit (`transaction=True`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import override_settings

from dev.sandbox.testing import SandboxServer


@contextmanager
def standing_world[World](blocker, make: Callable[[], World]) -> Iterator[World]:
    with blocker.unblock(), rolled_back():
        yield make()


@contextmanager
def paying_world[World](
    blocker, sandbox: SandboxServer, make: Callable[[SandboxServer], World], **more
) -> Iterator[World]:
    """A world that needs Stripe's stand-in, which the site keeps using. Tests must not ask for the fixture `sandbox`,
    which empties it.
    """
    sandbox.heal()
    sandbox.reset()
    stripe = {
        "STRIPE_API_BASE": sandbox.base_url,
        "STRIPE_SECRET_KEY": sandbox.secret_key,
        "STRIPE_WEBHOOK_SECRET": sandbox.webhook_secret,
    }
    with override_settings(**stripe, **more), standing_world(blocker, lambda: make(sandbox)) as world:
        yield world


@contextmanager
def rolled_back() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # this block is the test's, so providers may be called inside
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)
