"""Movies, showtimes and theaters as schema.org describes them, for search engines: JSON-LD inside pages."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core.house_facts import current_house
from houses.models import Theater, TheaterPhoto
from theaters.genres import genre_in_words
from theaters.language_names import language_keys
from theaters.listings.public_showtimes import PublicShowtime
from theaters.models import Movie
from theaters.selectors import poster_url
from theaters.states import MovieKind

_SCHEMA = "https://schema.org"
# Escaped, so that the data can neither end the script element nor begin a comment.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def as_script(items: Iterable[dict[str, Any]]) -> SafeString:
    """A script element of data: browsers do not run it, so the Content-Security-Policy does not apply."""
    graph = {"@context": _SCHEMA, "@graph": list(items)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def movie_data(movie: Movie) -> dict[str, Any]:
    """Describe a movie. A talk or concert is a work that is no movie: its people are not called director and actors."""
    address = current_house().site_url + movie.get_absolute_url()
    texts = movie.texts
    facts = {
        "@type": _type_of_work(movie),
        "@id": f"{address}#movie",
        "url": address,
        "name": texts["title"],
        "alternateName": movie.original_title if movie.original_title != texts["title"] else "",
        "description": texts["synopsis"] or texts["tagline"],
        "image": current_house().site_url + poster_url(movie),
        "dateCreated": str(movie.year) if movie.year else "",
        **_people_and_length(movie),
        "genre": [genre_in_words(name) for name in movie.genres],
        "countryOfOrigin": [{"@type": "Country", "name": code} for code in movie.countries],
        "inLanguage": sorted(code for name in movie.languages for code in language_keys(name)),
    }
    return _filled(facts)


def _type_of_work(movie: Movie) -> str:
    return "CreativeWork" if movie.kind == MovieKind.EVENT else "Movie"


def _people_and_length(movie: Movie) -> dict[str, Any]:
    """What schema.org calls differently, or does not know, of a work that is no movie."""
    leader = {"@type": "Person", "name": movie.director} if movie.director else None
    others = [{"@type": "Person", "name": name} for name in movie.cast]
    if movie.kind == MovieKind.EVENT:
        return {"creator": leader, "contributor": others}
    trailer = {"@type": "VideoObject", "name": movie.texts["title"], "url": movie.trailer_url}
    return {
        "duration": _duration(movie.running_minutes),
        "director": leader,
        "actor": others,
        "trailer": trailer if movie.trailer_url else None,
    }


def theater_data(theater: Theater, photos: Sequence[TheaterPhoto]) -> dict[str, Any]:
    address = current_house().site_url + theater.get_absolute_url()
    pictures = [picture for picture in (theater.photo, *(photo.photo for photo in photos)) if picture]
    facts = {
        "@type": "MovieTheater",
        "@id": f"{address}#theater",
        "url": address,
        "name": theater.shown_name,
        "description": theater.texts["about"],
        "telephone": theater.phone,
        "email": theater.email,
        "hasMap": theater.map_link,
        "dissolutionDate": theater.closes_on.isoformat() if theater.closes_on else "",
        "address": _filled(
            {
                "@type": "PostalAddress",
                "streetAddress": theater.street,
                "postalCode": theater.postal_code,
                "addressLocality": theater.shown_city,
                "addressCountry": theater.country,
            }
        ),
        "image": [current_house().site_url + picture.url for picture in pictures],
        "currenciesAccepted": theater.currency,
    }
    return _filled(facts)


def showtime_data(showtime: PublicShowtime) -> dict[str, Any]:
    """Describe a showtime as an event, in the theater's UTC offset; a canceled one has no offer."""
    shows_movies = bool(showtime.parts) or showtime.movie.kind != MovieKind.EVENT
    facts = {
        "@type": "ScreeningEvent" if shows_movies else "Event",
        "@id": f"{showtime.url}#showtime",
        "url": showtime.url,
        "name": showtime.title,
        "startDate": showtime.starts_at.isoformat(),
        "endDate": showtime.ends_at.isoformat(),
        "previousStartDate": showtime.first_start.isoformat() if showtime.first_start else "",
        "eventStatus": f"{_SCHEMA}/{_status(showtime)}",
        "eventAttendanceMode": f"{_SCHEMA}/OfflineEventAttendanceMode",
        "location": {
            "@type": "MovieTheater",
            "@id": f"{showtime.theater_url}#theater",
            "name": showtime.theater.shown_name,
            "address": showtime.address,
        },
        "workPresented" if shows_movies else "workPerformed": _works(showtime),
        "image": showtime.poster_url,
        "videoFormat": showtime.picture,
        "inLanguage": sorted(language_keys(showtime.dubbed_in)),
        "subtitleLanguage": sorted(language_keys(showtime.subtitles_in)),
        "offers": _offer(showtime),
    }
    return _filled(facts)


def _status(showtime: PublicShowtime) -> str:
    if showtime.is_canceled:
        return "EventCancelled"
    return "EventRescheduled" if showtime.first_start else "EventScheduled"


def _works(showtime: PublicShowtime) -> dict[str, Any] | list[dict[str, Any]]:
    """Describe the movie, or each movie of the program; talks are left out."""
    if not showtime.parts:
        return {"@type": _type_of_work(showtime.movie), "@id": f"{showtime.movie_url}#movie", "name": showtime.title}
    site = current_house().site_url
    return [
        {"@type": "Movie", "@id": f"{site}{part.url}#movie", "name": part.title} for part in showtime.parts if part.url
    ]


def _offer(showtime: PublicShowtime) -> dict[str, Any] | None:
    if showtime.price is None or showtime.is_canceled:
        return None
    return {
        "@type": "Offer",
        "url": showtime.url,
        "price": str(showtime.price),
        "priceCurrency": showtime.currency,
        "availability": f"{_SCHEMA}/{'InStock' if showtime.is_bookable else 'SoldOut'}",
    }


def _duration(minutes: int) -> str:
    """Return minutes as an ISO 8601 duration: 161 is PT2H41M."""
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H{rest}M"


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", None, [])}
