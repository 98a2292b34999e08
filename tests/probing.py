"""The sandbox's probe for open transactions, for tests that do not run in a transaction themselves."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection

from dev.sandbox.postgres_probe import PostgresProbe
from dev.sandbox.testing import SandboxServer

APPLICATION = "marquee"


def is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))


def _database_of_the_tests() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def probed(sandbox: SandboxServer) -> Iterator[None]:
    """If a connection of the site is idle in a transaction while Stripe is called, the test fails."""
    sandbox.desk.probe = PostgresProbe(_database_of_the_tests(), APPLICATION)
    try:
        yield
    finally:
        sandbox.desk.probe.close()
        sandbox.desk.probe = None
        seen = list(sandbox.violations)
        sandbox.violations.clear()
    assert seen == [], "a transaction was open while Stripe was called"
