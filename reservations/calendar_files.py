"""A visit to the movies as a calendar entry."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from core.installation import installation_id
from core.languages import current_language
from theaters.selectors import ShowtimeFacts

REMINDER = timedelta(hours=2)


@dataclass(frozen=True)
class Visit:
    """What one entry is about. `name` tells it from others of this installation, `url` is where a person reads more."""

    name: str
    url: str
    seats: str
    note: str


def calendar_entry(
    visit: Visit, *, showtime: ShowtimeFacts, stamp: datetime, sequence: int, is_off: bool = False
) -> bytes:
    """An .ics file in the language that is spoken.

    The same name with a higher sequence updates the entry a person already has, or takes it away.
    """
    event = Event()
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    # Another installation has the same numbers (RFC 7986, 5.3: nothing in a UID but what makes it unique).
    event.add("uid", f"{visit.name}-{installation_id()[:12]}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", showtime.starts_at.astimezone(UTC))
    event.add("dtend", showtime.ends_at.astimezone(UTC))
    event.add("summary", _title(showtime))
    event.add("location", f"{showtime.theater_name}, {showtime.auditorium_name}, {visit.seats}, {showtime.address}")
    event.add("description", f"{showtime.version}. {showtime.auditorium_name}, {visit.seats}. {visit.note}")
    event.add("url", visit.url)
    if not is_off:
        event.add_component(_reminder(showtime))
    calendar = Calendar()
    calendar.add("prodid", f"-//Marquee//Box office//{current_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _reminder(showtime: ShowtimeFacts) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDER)
    alarm.add("description", _title(showtime))
    return alarm


def _title(showtime: ShowtimeFacts) -> str:
    return gettext("%(movie)s at %(theater)s") % {"movie": showtime.movie_title, "theater": showtime.theater_name}
