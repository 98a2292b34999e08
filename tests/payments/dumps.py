"""Dumps of the test's database, and the restore that operators use: deploy/restore.sh with the embedded programs."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from core.caches.process_cache import forget_everything
from dev.postgres import _programs
from dev.state import CHECKOUT


def database_url() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def dump_to(path: Path) -> None:
    """Make a dump as deploy/backup.sh does, without Docker."""
    command = [_programs() / "pg_dump", "--format=custom", f"--file={path}", database_url()]
    subprocess.run(command, check=True)


def restore_from(path: Path, *, state_dir: str) -> str:
    """Restore a dump; returns what the script printed. The database's address comes in a file, as Docker's secrets do."""
    connection.close()
    path_of_programs = [str(_programs()), str(Path(sys.executable).parent), "/usr/bin", "/bin"]
    secret = path.with_suffix(".url")
    secret.write_text(database_url())
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DATABASE_URL_FILE": str(secret),
        "DJANGO_SETTINGS_MODULE": "tests.payments.restore_settings",
        "STATE_DIR": state_dir,
        "PATH": ":".join(path_of_programs),
    }
    done = subprocess.run([CHECKOUT / "deploy" / "restore.sh", path], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    forget_everything()
    return done.stdout
