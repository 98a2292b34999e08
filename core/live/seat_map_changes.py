"""Live changes of a seat map: small messages that may be lost; the page asks again after it has connected."""

import json
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from core.caches import redis_sender
from core.caches.redis import client

CHANNEL_PREFIX = "showtime:"
# No seat has this label (theaters/seat_labels.py).
EVERY_SEAT = "*"


def held_until(moment: datetime) -> str:
    """The state of a held seat in a message: "held:1790000000000", with the end of its hold in milliseconds since 1970.

    A message may arrive late. A browser ignores it when the hold has ended by then.
    """
    return f"held:{int(moment.timestamp() * 1000)}"


def publish_on_commit(showtime_id: int, states: dict[str, str]) -> None:
    """Tell everybody who looks at this showtime, e.g. {"C7": "sold"}, once the change is committed."""
    if states and getattr(settings, "HINTS_ENABLED", True):
        transaction.on_commit(partial(redis_sender.put, partial(_publish, showtime_id, states)), robust=True)


def publish_redrawn(showtime_id: int) -> None:
    """Tell everybody who looks at this showtime that it has other seats now: their pages load anew."""
    publish_on_commit(showtime_id, {EVERY_SEAT: "redrawn"})


def _publish(showtime_id: int, states: dict[str, str]) -> None:
    client().publish(f"{CHANNEL_PREFIX}{showtime_id}", json.dumps(states, separators=(",", ":")))
