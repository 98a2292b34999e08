"""Notes of staff about bookings, as the counter and the door show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import in_zone
from reservations.models import BookingNote


@dataclass(frozen=True)
class NoteLine:
    text: str
    author: str
    at: datetime


def notes_by_booking(booking_ids: Collection[int], zone: ZoneInfo) -> dict[int, tuple[NoteLine, ...]]:
    """Map booking ids to their notes, oldest first, without erased ones. One query."""
    found: dict[int, list[NoteLine]] = defaultdict(list)
    for note in BookingNote.objects.filter(booking__in=booking_ids, emptied_at=None).select_related("author"):
        author = note.author.get_full_name() or note.author.email
        found[note.booking_id].append(NoteLine(note.text, author, in_zone(note.at, zone)))
    return {pk: tuple(lines) for pk, lines in found.items()}


def notes_of(booking_id: int, zone: ZoneInfo) -> tuple[NoteLine, ...]:
    return notes_by_booking([booking_id], zone).get(booking_id, ())
