import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from dev import processes
from dev.state import CHECKOUT


@pytest.fixture
def spawned():
    """Start helper processes that end with the test, however it goes."""
    children = []

    def spawn(*command, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options}
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, cwd=CHECKOUT, **options)
        children.append(child)
        return child

    yield spawn
    for child in children:
        with suppress(ProcessLookupError):
            child.kill()
        child.wait(timeout=10)
        if child.stdout:
            child.stdout.close()


@pytest.fixture
def python(spawned):
    """Run a piece of Python that may import `dev` in a process of its own."""

    def run(program, *arguments, **options):
        return spawned(sys.executable, "-c", program, *arguments, **options)

    return run


@pytest.fixture
def bare_environment(tmp_path):
    """The environment of a shell outside the tests: without addresses of the test run's servers, with its own state
    directory.
    """
    ours = (
        "DATABASE_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTEST_",
        "STRIPE_",
        "EMAIL_URL",
        "SITE_URL",
        "MARQUEE_",
        "PROCESS",  # config.asgi says it of whoever imports it
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "MARQUEE_STATE_DIR": str(tmp_path / "state")}


@pytest.fixture
def eventually():
    def wait(condition, seconds=30):
        assert processes.wait_until(condition, seconds=seconds), "it did not happen in time"

    return wait


@pytest.fixture
def state(tmp_path) -> Path:
    return tmp_path / "state"
