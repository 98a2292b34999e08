"""Runs tests one after the other, each time in a process that has loaded nothing of the product yet.

The process is forked from one that knows the packages of others, which saves half the start. On each line of its input stands a
list of pytest's arguments as JSON; on a line of its output stand the exit code and what pytest said.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import traceback
from typing import IO

import pytest

# Not those that bring a plug-in for pytest: pytest wants to load these itself.
PACKAGES = (
    "PIL.Image", "babel.messages.catalog", "celery.app.base", "cryptography.fernet",
    "django.contrib.admin", "django.core.management", "django.test", "fido2.server", "holidays", "icalendar", "kombu",
    "markdown_it", "nh3", "playwright.sync_api", "prometheus_client", "psycopg", "redis.asyncio", "segno",
    "sentry_sdk", "stripe", "structlog", "typst", "valkey.asyncio", "whitenoise.middleware",
)  # fmt: skip
# Some packages of PACKAGES load others that have a plug-in; nobody reads the assertions of those.
LOADED = "ignore::pytest.PytestAssertRewriteWarning"


def main() -> None:
    for package in PACKAGES:
        importlib.import_module(package)
    for line in sys.stdin:
        with tempfile.TemporaryFile() as said:
            code = _run(json.loads(line), said)
            said.seek(0)
            print(json.dumps([code, said.read().decode(errors="replace")]), flush=True)


def _run(arguments: list[str], said: IO[bytes]) -> int:
    child = os.fork()
    if child == 0:
        for output in (sys.stdout, sys.stderr):
            os.dup2(said.fileno(), output.fileno())
        try:
            code = int(pytest.main([*arguments, "-W", LOADED]))
        except Exception:  # an uncaught one would end with 1, which is the code of red tests
            traceback.print_exc()
            code = int(pytest.ExitCode.INTERNAL_ERROR)
        raise SystemExit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
