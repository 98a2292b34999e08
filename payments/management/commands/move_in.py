from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.refusals import Refusal
from houses.models import Theater
from payments.books.moving_in import MovedIn, move_in, preview_moving_in
from reservations.moving_in.old_ticket_files import decode_old_tickets, read_old_tickets
from reservations.states import MovingInOutcome


class Command(BaseCommand):
    help = (
        "Moves showtimes and sold tickets of another system in, with their old barcodes, from CSV (docs/moving-in.md). "
        "Without --apply it says what would happen. Exit code 1 when a line is refused or in conflict."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--theater", required=True, help="its slug, as in /theaters/<slug>/")
        parser.add_argument("--apply", action="store_true", help="move in; without it nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        theater = Theater.objects.filter(slug=options["theater"]).first()
        if theater is None:
            raise CommandError(f"There is no theater {options['theater']!r}.")
        now = timezone.now()
        try:
            file = read_old_tickets(decode_old_tickets(options["file"].read_bytes()))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from None
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        if options["apply"]:
            moved = move_in(theater=theater, file=file, actor="command", now=now)
        else:
            moved = preview_moving_in(theater=theater, file=file, now=now)
        self._report(moved)
        if moved.lines_with(MovingInOutcome.REFUSED) or moved.lines_with(MovingInOutcome.CONFLICT):
            raise CommandError("Some lines were left out: see above.", returncode=1)

    def _report(self, moved: MovedIn) -> None:
        for name in moved.unknown_columns:
            self.stdout.write(f"Column “{name}” is not read.")
        for name in moved.new_shows:
            self.stdout.write(f"New showtime: {name}")
        for line in moved.lines:
            if line.sentence or line.remarks:
                said = " ".join(filter(None, [line.sentence, *line.remarks]))
                self.stdout.write(f"Line {line.number}, {MovingInOutcome(line.outcome).label}: {said}")
        same = sum(bool(line.seat) for line in moved.lines_with(MovingInOutcome.SAME))
        self.stdout.write(
            f"Tickets moved in: {moved.new_tickets}. Here already: {same}. "
            f"In conflict: {len(moved.lines_with(MovingInOutcome.CONFLICT))}. "
            f"Lines refused: {len(moved.lines_with(MovingInOutcome.REFUSED))}."
        )
