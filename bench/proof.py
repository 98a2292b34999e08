"""Measures how long `check_invariants` takes on a million tickets: `python -m bench.proof`, in a database that is
thrown away.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from dev.servers import start_postgres, stop_postgres

TICKETS = 1_000_000


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="marquee-proof-"))
    postgres = start_postgres(place, durable=False)
    os.environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    try:
        return measure(int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS)
    finally:
        stop_postgres(postgres)
        shutil.rmtree(place, ignore_errors=True)


def measure(tickets: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.million import fill, report

    call_command("migrate", verbosity=0)
    fill(tickets)
    return report()


if __name__ == "__main__":
    sys.exit(main())
