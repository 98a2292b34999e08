"""What a web process does while it starts: during each of these seconds the site is away."""

import json
import subprocess

import pytest

from dev.state import CHECKOUT
from tests.deploy.conftest import VENV_BIN

STARTED = """
import gc, json, sys
import config.asgi
print(json.dumps([gc.isenabled(), gc.get_freeze_count(), "sentry_sdk" in sys.modules]))
"""


@pytest.mark.long
@pytest.mark.django_db
def test_what_is_imported_is_no_garbage_and_sentry_is_imported_where_it_is_used(production, logins):
    env = {**production, "DATABASE_URL": logins.url(logins.web)}
    done = subprocess.run([VENV_BIN / "python", "-c", STARTED], cwd=CHECKOUT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    collects, kept, has_sentry = json.loads(done.stdout.splitlines()[-1])
    assert collects and kept > 100_000 and not has_sentry
