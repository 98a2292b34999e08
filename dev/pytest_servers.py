"""Gives a test run its PostgreSQL and Valkey; loaded by `-p dev.pytest_servers` in pyproject.toml.

Not in a conftest.py: pytest-django reads the settings, and with them DATABASE_URL, before any conftest is imported.
The controlling process starts the servers and owns them; pytest-xdist's workers are given the addresses.
"""

from __future__ import annotations

import os

import pytest

from core.texts.catalogs import compile_stale
from dev.messages.pseudo import write_pseudo
from dev.servers import TestServers, ensure_test_servers
from dev.state import CHECKOUT

_servers = pytest.StashKey[TestServers]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if {"--help", "-h", "--version", "-V"} & set(early_config.invocation_params.args):
        return
    compile_stale()
    write_pseudo(CHECKOUT / ".dev" / "locale")
    try:
        servers = ensure_test_servers(CHECKOUT / ".dev" / "test")
    except Exception as error:
        raise pytest.UsageError(f"No servers for the tests: {error}") from error
    early_config.stash[_servers] = servers
    os.environ["DATABASE_URL"] = servers.database_url
    os.environ["REDIS_URL"] = servers.redis_url


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(_servers, None)
    if servers is not None:
        servers.stop()
