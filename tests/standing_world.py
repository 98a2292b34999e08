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


@contextmanager
def standing_world[World](blocker, make: Callable[[], World]) -> Iterator[World]:
    with blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)
