from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from dev.demo.large_room import add_large_room
from dev.demo.staff import LONDON
from houses.models import Theater


class Command(BaseCommand):
    help = (
        "Adds an auditorium of a size that the demo world does not have, with a showtime tomorrow evening, and prints its "
        "address. Run again, it prints the same one as long as that showtime is to come."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seats", type=int, default=1500, help="60 to 3,000; 1,500 unless given")
        parser.add_argument("--theater", default=LONDON, help="its short name in addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        theater = Theater.objects.filter(slug=options["theater"]).first()
        if theater is None:
            raise CommandError("There is no such theater: the demo world has london, new-york and tokyo.")
        try:
            showtime = add_large_room(theater, seats=options["seats"], now=timezone.now())
        except ValueError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(reverse("seat_map", args=[showtime.pk]))
