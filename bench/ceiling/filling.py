"""Makes the ceiling's tables and fills them. Needs Django set up with the ceiling's settings."""

import random
from datetime import UTC, datetime, timedelta

from django.db import connection

from bench.ceiling.models import Show, ShowSeat

MANY_SHOWS = 60
TAKEN_SHARE = 0.4


def fill() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Show)
        editor.create_model(ShowSeat)
    now = datetime.now(UTC)
    # Numbers 1 and 2 are the pages of 300 and 1,500 seats; holds are taken from the others.
    for number in range(MANY_SHOWS + 2):
        show = Show.objects.create(title=f"Show {number}", starts_at=now + timedelta(days=20, hours=number))
        seats, per_row = (1500, 50) if number == 1 else (300, 20)
        taken = random.Random(1).sample(range(seats), int(seats * TAKEN_SHARE)) if number < 2 else []
        until = {at: now + timedelta(days=30) for at in taken}
        ShowSeat.objects.bulk_create(
            ShowSeat(show=show, label=f"{chr(65 + at // per_row)}{at % per_row + 1}", held_until=until.get(at))
            for at in range(seats)
        )
