"""Booked showtimes as calendar entries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from core.house_facts import current_house
from core.installation import installation_id
from core.texts.control_characters import without_control_characters
from core.texts.directions import side_by_side
from core.texts.languages import current_language
from reservations.models import Booking
from reservations.selectors.bookings import BookingPage, calendar_version, is_sold_with_others
from theaters.selectors import ShowtimeFacts

REMINDER = timedelta(hours=2)


@dataclass(frozen=True)
class Visit:
    """The facts of a calendar entry. `name` is unique in this installation, `url` is the page for people.

    The same name with a higher sequence updates the entry a person already has, or takes it away.
    """

    name: str
    url: str
    seats: str
    note: str
    showtime: ShowtimeFacts
    stamp: datetime
    sequence: int


def booking_visit(booking: Booking, page: BookingPage, *, site_url: str) -> Visit:
    """Describe a booking as a calendar entry, in the current language."""
    stamp, sequence = calendar_version(booking)
    # Another showtime of the same sale is another entry.
    name = f"{booking.reference}-{booking.showtime_id}" if is_sold_with_others(booking) else booking.reference
    return Visit(
        name=name,
        url=site_url + booking.get_absolute_url(),
        seats=page.seats_inside,
        note=gettext("Booking %(reference)s.") % {"reference": booking.reference},
        showtime=page.showtime,
        stamp=stamp,
        sequence=sequence,
    )


def calendar_file(*visits: Visit, is_off: bool = False) -> bytes:
    """Write an .ics file in the current language, with an entry for each visit."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{current_house().name or 'Box office'}//Tickets//{current_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    for visit in visits:
        calendar.add_component(_entry(visit, is_off=is_off))
    return without_control_characters(calendar.to_ical().decode()).encode()


def _entry(visit: Visit, *, is_off: bool) -> Event:
    event, showtime = Event(), visit.showtime
    event.add("sequence", visit.sequence)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    # Another installation has the same numbers (RFC 7986, 5.3: nothing in a UID but what makes it unique).
    event.add("uid", f"{visit.name}-{installation_id()[:12]}@{urlsplit(current_house().site_url).hostname}")
    event.add("dtstamp", visit.stamp.astimezone(UTC))
    event.add("dtstart", showtime.starts_at.astimezone(UTC))
    event.add("dtend", showtime.ends_at.astimezone(UTC))
    event.add("summary", _title(showtime))
    where = (showtime.theater_name, showtime.auditorium_name, visit.seats, showtime.address)
    event.add("location", side_by_side(where))
    event.add("description", _description(visit))
    event.add("url", visit.url)
    if not is_off:
        event.add_component(_reminder(showtime))
    return event


def _description(visit: Visit) -> str:
    showtime = visit.showtime
    place = side_by_side((showtime.auditorium_name, visit.seats))
    return side_by_side((showtime.night_note, showtime.version, showtime.program_line, place, visit.note), ". ")


def _reminder(showtime: ShowtimeFacts) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDER)
    alarm.add("description", _title(showtime))
    return alarm


def _title(showtime: ShowtimeFacts) -> str:
    return gettext("%(movie)s at %(theater)s") % {"movie": showtime.movie_title, "theater": showtime.theater_name}
