"""A visit to the movies as a calendar entry."""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from theaters.selectors import ShowtimeFacts


def calendar_entry(
    *, uid: str, showtime: ShowtimeFacts, seats: str, note: str, stamp: datetime, sequence: int, is_off: bool = False
) -> bytes:
    """An .ics file; the same uid with a higher sequence updates the entry a person already has, or takes it away."""
    event = Event()
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("uid", f"{uid}@marquee")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", showtime.starts_at.astimezone(UTC))
    event.add("dtend", showtime.ends_at.astimezone(UTC))
    event.add("summary", f"{showtime.movie_title} at {showtime.theater_name}")
    event.add("location", f"{showtime.theater_name}, {showtime.address}")
    event.add("description", f"{showtime.version}. {showtime.auditorium_name}, {seats}. {note}")
    calendar = Calendar()
    calendar.add("prodid", "-//Marquee//Box office//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
