from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.pauses import read_pause
from payments.sessions.database_age import is_paused_after_restore, move_beyond_lost_numbers, pause_after_restore


class Command(BaseCommand):
    help = (
        "Pauses sales after a restore of the database, and moves its numbers ahead. deploy/restore.sh runs it; run it by "
        "hand after any other restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", required=True, help="what was restored, for the audit log and the office")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_paused_after_restore():
            # The pause is older than this restore: the dump was made in it.
            move_beyond_lost_numbers()
        pause_after_restore(options["why"], None)
        pause = read_pause()
        assert pause is not None
        self.stdout.write(f"Sales are {pause.in_words}")
        if pause.known_until is not None:
            self.stdout.write(f"Tickets are known until {pause.known_until:%d %b %Y %H:%M:%S} UTC.")
        for line in pause.losses_in_words:
            self.stdout.write(line)
