import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from dev.demo.events import load_events
from dev.demo.staff import LONDON, ensure_colleagues, ensure_manager
from dev.demo.world import load
from houses.models import Theater


class Command(BaseCommand):
    help = (
        "Loads the demo world: three theaters, their films and fourteen days of showtimes from today. "
        "Run it again any time: it adds the days that are missing and changes nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--staff-alone", action="store_true", help="only the account that may do everything")

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = os.environ.get("DEMO_STAFF_EMAIL", ""), os.environ.get("DEMO_STAFF_PASSWORD", "")
        if email and password:
            ensure_manager(email=email, password=password)
        if options["staff_alone"]:
            return
        loaded = load(now=timezone.now())
        london = Theater.objects.filter(slug=LONDON).first()
        if london is not None:
            load_events(london, now=timezone.now())
        if london is not None and password:
            ensure_colleagues(theater=london, password=password)
        self.stdout.write(
            f"{loaded.movies} movies, {loaded.showtimes} showtimes and {loaded.booked_seats} booked seats added."
        )
