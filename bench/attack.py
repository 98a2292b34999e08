"""`make attack`: an hour of hoarding at a showtime of 300 seats, and a school that is no attack. Nothing leaves the machine.

The database is thrown away afterwards. Ends with 1 when an honest buyer found a pair in fewer than 95 % of tries, or
when somebody of the school did not get in. See docs/security.md.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from dev.servers import start_postgres, stop_postgres

GOAL_PERCENT = 95


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="marquee-attack-"))
    postgres = start_postgres(place, durable=False)
    os.environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    try:
        return run()
    finally:
        stop_postgres(postgres)
        shutil.rmtree(place, ignore_errors=True)


def run() -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.attack_scenes import ATTACKS, attacked, schooled

    call_command("migrate", verbosity=0)
    missed = 0
    print(f"{'attack':44} {'honest tries':>12} {'found':>6} {'%':>6} {'hoarded at most':>16} {'refused of takes':>18}")
    for name, scene in ATTACKS.items():
        began = time.monotonic()
        figures = attacked(scene)
        missed += figures.percent < GOAL_PERCENT
        refused = f"{figures.attacker_refused} of {figures.attacker_takes}"
        print(
            f"{name:44} {figures.tries:12} {figures.found:6} {figures.percent:6.1f} {figures.most_hoarded:16} {refused:>18}"
            f"   ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
    figures = schooled()
    missed += figures.found < figures.tries
    print(
        f"school: {figures.found} of {figures.tries} browsers of one address got in, refused before: {figures.refusals}"
    )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
