"""A theater's coming showtimes as a calendar, an Atom feed and JSON."""

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext, pgettext
from icalendar import Calendar, Event

from core.house_facts import current_house
from core.installation import installation_id
from core.money import format_from_price
from core.texts.control_characters import without_control_characters
from core.texts.directions import side_by_side
from core.texts.languages import current_language
from core.texts.local_formats import format_clock, format_day
from houses.models import Theater
from theaters.listings.public_showtimes import PublicShowtime
from theaters.program_facts import PartFacts
from theaters.selectors import FULLNESS_LABELS

# How often calendar programs should fetch the file.
REFRESH = timedelta(hours=1)


def showtimes_json(theater: Theater, showtimes: list[PublicShowtime]) -> dict[str, Any]:
    """Times with their offset, prices as text with all decimals, days as the theater counts them."""
    return {
        "theater": {
            "name": theater.shown_name,
            "slug": theater.slug,
            "url": current_house().site_url + theater.get_absolute_url(),
            "timezone": theater.timezone,
            "currency": theater.currency,
        },
        "showtimes": [_entry(showtime) for showtime in showtimes],
    }


def _entry(showtime: PublicShowtime) -> dict[str, Any]:
    return {
        "id": showtime.id,
        "url": showtime.url,
        "title": showtime.title,
        "program": [_program_part(part) for part in showtime.parts],
        "minutes": showtime.running_minutes,
        "movie": {
            "title": showtime.title,
            "url": showtime.movie_url,
            "poster": showtime.poster_url,
            "year": showtime.movie.year,
            "director": showtime.movie.director,
            "running_minutes": showtime.movie.running_minutes,
        },
        "auditorium": showtime.auditorium_name,
        "starts_at": showtime.starts_at.isoformat(),
        "ends_at": showtime.ends_at.isoformat(),
        "day": showtime.on.isoformat(),
        "day_label": format_day(showtime.on, "day"),
        "time_label": format_clock(showtime.starts_at),
        "night": showtime.night,
        "format": showtime.picture,
        "dubbed_in": showtime.dubbed_in,
        "subtitles_in": showtime.subtitles_in,
        "note": showtime.note,
        "status": "canceled" if showtime.is_canceled else "scheduled",
        "status_label": _status_label(showtime),
        "bookable": showtime.is_bookable,
        "seats": showtime.fullness,
        "price_from": None if showtime.price is None else str(showtime.price),
        "price_label": "" if showtime.price is None else format_from_price(showtime.price, showtime.currency),
        "currency": showtime.currency,
    }


def _program_part(part: PartFacts) -> dict[str, Any]:
    url = current_house().site_url + part.url if part.url else None
    return {"title": part.title, "minutes": part.minutes, "version": part.version, "url": url}


def _status_label(showtime: PublicShowtime) -> str:
    """Say that a showtime is canceled or sold out; '' when it can be booked."""
    if showtime.is_canceled:
        return pgettext("a showtime", "Canceled")
    return "" if showtime.is_bookable else str(FULLNESS_LABELS["sold_out"])


def showtimes_calendar(theater: Theater, showtimes: list[PublicShowtime]) -> bytes:
    """Write an iCalendar file in the current language; canceled showtimes stay, marked as canceled."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{current_house().name}//Showtimes//{current_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = " ".join(theater.shown_name.split())  # the library does not escape ends of lines in x-wr-calname
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for showtime in showtimes:
        calendar.add_component(_event(showtime))
    return without_control_characters(calendar.to_ical().decode()).encode()


def _event(showtime: PublicShowtime) -> Event:
    event = Event()
    event.add("uid", f"showtime-{showtime.id}-{installation_id()[:12]}@{_host()}")
    event.add("sequence", showtime.revision)
    event.add("status", "CANCELLED" if showtime.is_canceled else "CONFIRMED")
    event.add("dtstamp", showtime.changed_at.astimezone(UTC))
    event.add("dtstart", showtime.starts_at.astimezone(UTC))
    event.add("dtend", showtime.ends_at.astimezone(UTC))
    event.add("summary", _title(showtime))
    where = (showtime.theater.shown_name, showtime.auditorium_name, showtime.address)
    event.add("location", side_by_side(where))
    event.add("description", _facts(showtime))
    event.add("url", showtime.movie_url if showtime.is_canceled else showtime.url)
    return event


def showtimes_atom(theater: Theater, showtimes: list[PublicShowtime], *, address: str) -> str:
    """Write an Atom feed, latest changes first. `address` is the feed's own path."""
    feed = Atom1Feed(
        title=without_control_characters(gettext("Showtimes at %(theater)s") % {"theater": theater.shown_name}),
        link=current_house().site_url + theater.get_absolute_url(),
        description=None,
        language=current_language(),
        feed_url=current_house().site_url + address,
        feed_guid=current_house().site_url + address,
        author_name=without_control_characters(theater.shown_name),
    )
    for showtime in sorted(showtimes, key=lambda showtime: showtime.changed_at, reverse=True):
        feed.add_item(
            title=without_control_characters(side_by_side((_title(showtime), _when(showtime)))),
            link=showtime.movie_url if showtime.is_canceled else showtime.url,
            description=without_control_characters(_facts(showtime)),
            unique_id=f"tag:{_host()},2026:{installation_id()[:12]}/showtimes/{showtime.id}",
            pubdate=showtime.changed_at,
            updateddate=showtime.changed_at,
        )
    return feed.writeString("utf-8")


def _title(showtime: PublicShowtime) -> str:
    if showtime.is_canceled:
        return pgettext("a showtime", "Canceled: %(movie)s") % {"movie": showtime.title}
    return showtime.title


def _when(showtime: PublicShowtime) -> str:
    night = f" ({showtime.night})" if showtime.night else ""
    return f"{format_day(showtime.starts_at, 'short_day')}{night}, {format_clock(showtime.starts_at)}"


def _facts(showtime: PublicShowtime) -> str:
    price = ""
    if showtime.price is not None and showtime.is_bookable:
        price = gettext("from %(price)s") % {"price": format_from_price(showtime.price, showtime.currency)}
    facts = (showtime.version, showtime.note, showtime.program_line, showtime.auditorium_name, showtime.night, price)
    return side_by_side(facts, ". ")


def _host() -> str:
    return urlsplit(current_house().site_url).hostname or "localhost"
