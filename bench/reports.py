"""Measures how long the reports take on 100,000 tickets: `python -m bench.reports`, in a database that is thrown away.

Three times as many tickets lie around those that are asked for; a number makes another world. `--explain` prints the
plan of each slow query. A busy machine counts the time of a core that was used, beside that of the wall.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from dev.servers import start_postgres, stop_postgres

TICKETS = 400_000


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="marquee-reports-"))
    postgres = start_postgres(place, durable=False)
    os.environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    try:
        return measure(next(map(int, filter(str.isdigit, sys.argv)), TICKETS), is_explained="--explain" in sys.argv)
    finally:
        stop_postgres(postgres)
        shutil.rmtree(place, ignore_errors=True)


def measure(tickets: int, *, is_explained: bool) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.million import fill
    from bench.timing import report
    from bench.variety import vary
    from houses.models import Theater
    from tests.factories import make_staff

    call_command("migrate", verbosity=0)
    fill(tickets)
    theater = Theater.objects.get()
    owner = make_staff("OWNER", theater)
    vary(owner.pk)
    return report(theater, owner, is_explained=is_explained)


if __name__ == "__main__":
    sys.exit(main())
