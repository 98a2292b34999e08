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
    """Start helper processes that end with the test, whatever its outcome."""
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
    """A function that runs Python code, which may import `dev`, in a process of its own."""

    def run(program, *arguments, **options):
        return spawned(sys.executable, "-c", program, *arguments, **options)

    return run


@pytest.fixture
def bare_environment(tmp_path):
    """The environment of a shell outside the tests: no addresses of the test run's servers, and a state directory of its own."""
    ours = (
        "DATABASE_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTEST_",
        "STRIPE_",
        "EMAIL_URL",
        "SITE_URL",
        "MARQUEE_",
        "PROCESS",  # set by importing config.asgi
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
