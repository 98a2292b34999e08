"""Lays out in a folder what the Dockerfile puts into the image, so that its commands run here without Docker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev.hours import clock_of_this_run
from dev.state import CHECKOUT
from tests.deploy.dockerfile import copied_paths, instructions

VENV_BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def image(tmp_path_factory) -> Path:
    """The image's /app, with static files collected by the Dockerfile's own command."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    for path in copied_paths():
        source, target = CHECKOUT / path, app / path
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)
    (command,) = [words for name, words in instructions() if name == "RUN" and "collectstatic" in words]
    made = subprocess.run(["sh", "-c", command], cwd=app, env=bare(), capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return app


def bare(**environment: str) -> dict[str, str]:
    """An environment with only the path to Python of this test run, as in a container."""
    return {
        **clock_of_this_run(),
        "PATH": f"{VENV_BIN}:/usr/local/bin:/usr/bin:/bin",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        **environment,
    }


@pytest.fixture
def production() -> dict[str, str]:
    """The production environment that .env.example describes."""
    return bare(
        DJANGO_SETTINGS_MODULE="config.settings.production",
        SECRET_KEY="q7Jc0vXn3sLw9RtYb2KdZpHfUe5GmAi8ToVx1WyE4CkSrNj6-only-a-test",
        SITE_URL="https://tickets.example.com",
        DATABASE_URL="postgres://marquee:x@127.0.0.1:1/marquee",
        REDIS_URL="redis://127.0.0.1:1/0",
        EMAIL_URL="smtp://user:p%40ss@mail.example.com:587/?tls=1",
        STRIPE_SECRET_KEY="sk_live_" + "x" * 24,
        STRIPE_WEBHOOK_SECRET="whsec_" + "x" * 24,
        TRUSTED_PROXY_COUNT="1",
    )
