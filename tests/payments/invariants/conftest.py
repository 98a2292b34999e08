"""One world for all faults of a module: each fault is planted in it and rolled back."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.payments.invariants.world import World, build
from tests.standing_world import paying_world, rolled_back


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, sandbox_process) -> Iterator[World]:
    mail = {"STAFF_MAIL": ["finance@example.com"]}
    with paying_world(django_db_blocker, sandbox_process, build, **mail) as world:
        yield world


@pytest.fixture
def db(built, django_db_blocker) -> Iterator[None]:
    """A savepoint in the module's own transaction, in place of pytest-django's fixture."""
    with django_db_blocker.unblock(), rolled_back():
        # Foreign keys are usually checked at the end of a transaction. They are checked now, so that constraints can be dropped.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


@pytest.fixture
def world(built, db) -> World:
    return built
