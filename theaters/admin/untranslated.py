"""Finds texts for customers of a house that are not translated into each language of the house."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from core.texts.languages import language_name
from core.texts.lazy_text import gettext_lazy as _
from houses.models import House, TextPage, Theater, TheaterPhoto
from houses.models.houses import TRANSLATED_TEXTS as HOUSE_TEXTS
from houses.models.pages import POST_TEXTS
from houses.models.theaters import TRANSLATED_TEXTS as THEATER_TEXTS
from houses.selectors import languages_to_translate, public_posts
from theaters.models import (
    Auditorium,
    Movie,
    MovieStill,
    PriceRule,
    SeatCategory,
    Series,
    Showtime,
    TicketType,
    read_programs,
)
from theaters.models.movies import TRANSLATED_TEXTS as MOVIE_TEXTS
from theaters.models.series import TRANSLATED_TEXTS as SERIES_TEXTS
from theaters.models.showtimes import TRANSLATED_TEXTS as SHOWTIME_TEXTS
from theaters.section_names import seat_notes_of, section_names_of
from theaters.selectors import announced_by

MOST_OF_A_KIND = 200
POSTS_LISTED = 30
WORDS = {
    "title": _("title"), "tagline": _("tagline"), "synopsis": _("synopsis"), "name": _("name"), "note": _("note"),
    "text": _("text"), "about": _("about"), "opening_hours": _("opening hours"), "directions": _("directions"),
    "access_information": _("access information"), "credits": _("credits"), "coming_season": _("season"),
    "alt": _("what it shows"), "photo_alt": _("what the opening photo shows"),
    "cancellation_terms": _("cancellation terms"), "program_title": _("title of the program"),
    "city": _("city"), "footer_text": _("footer text"), "picture_alt": _("what the picture shows"),
}  # fmt: skip


@dataclass(frozen=True)
class Untranslated:
    """A missing translation: `url` is where to write it, `missing` such as "Deutsch: tagline, synopsis"."""

    url: str
    name: str
    missing: str


def untranslated(house: House, theaters: list[Theater], *, now: datetime) -> list[tuple[str, list[Untranslated]]]:
    """Missing translations by kind, for these theaters and what all theaters share. At most sixteen queries."""
    others = house.offered_languages[1:]
    shared = [code for code in languages_to_translate() if code in house.offered_languages]
    types = TicketType.objects.in_use().filter(theater__in=theaters).order_by("theater__name", "position", "pk")
    seats = SeatCategory.objects.in_use().filter(theater__in=theaters).order_by("theater__name", "position", "pk")
    rules = PriceRule.objects.filter(theater__in=theaters).order_by("theater__name", "pk")
    auditoriums = Auditorium.objects.filter(theater__in=theaters).order_by("theater__name", "name")
    series = Series.objects.filter(house=house).order_by("name", "pk")
    kinds = [
        (gettext("Movies"), _of("theaters_movie", _shown_movies(house, now), MOVIE_TEXTS, shared)),
        (gettext("Series"), _of("theaters_series", series, SERIES_TEXTS, shared)),
        (gettext("House"), _of("houses_house", [house], HOUSE_TEXTS, others)),
        (gettext("Theaters"), _of("houses_theater", theaters, THEATER_TEXTS, others)),
        (
            gettext("Auditoriums"),
            _of("theaters_auditorium", auditoriums.select_related("theater"), ("name",), others),
        ),
        (gettext("Sections and areas"), _plan_words(house, section_names_of(house.pk), house.section_names, others)),
        (gettext("Texts of seats"), _plan_words(house, seat_notes_of(house.pk), house.seat_notes, others)),
        (
            gettext("Ticket types"),
            _of("theaters_tickettype", types.select_related("theater"), ("name", "note"), others),
        ),
        (
            gettext("Seat categories"),
            _of("theaters_seatcategory", seats.select_related("theater"), ("name", "note"), others),
        ),
        (gettext("Price rules"), _of("theaters_pricerule", rules.select_related("theater"), ("name",), others)),
        (gettext("Showtimes"), _showtimes(house, theaters, others, now)),
        (gettext("Pictures"), _pictures(house, theaters, shared, others, now)),
        (gettext("Text pages"), _pages(house)),
        (gettext("News"), _posts(house)),
    ]
    return [(kind, rows[:MOST_OF_A_KIND]) for kind, rows in kinds if rows]


def _shown_movies(house: House, now: datetime) -> QuerySet[Movie]:
    """Movies on sale in this house, and coming ones."""
    on_sale = Showtime.objects.listed().filter(auditorium__theater__house=house, sales_close_at__gt=now)
    is_coming = announced_by(house.pk, today=now.date())
    is_on_sale = Exists(on_sale.filter(movie=OuterRef("pk")))
    is_part = Exists(on_sale.filter(program_items__movie=OuterRef("pk")))
    return Movie.objects.in_use().filter(is_coming | Q(is_on_sale) | Q(is_part)).order_by("title", "pk")


def _showtimes(house: House, theaters: list[Theater], languages: Sequence[str], now: datetime) -> list[Untranslated]:
    """List missing texts of showtimes on sale: notes, and titles and texts of programs, each once."""
    on_sale = Showtime.objects.listed().filter(auditorium__theater__in=theaters, sales_close_at__gt=now)
    said = on_sale.exclude(program_title="", note="", program_minutes=None).with_names().order_by("starts_at", "pk")
    shows = list(said[:MOST_OF_A_KIND])
    read_programs(shows)
    found: dict[tuple[str, str], Untranslated] = {}
    for show in shows:
        missing = {code: _missing(show, SHOWTIME_TEXTS, code) for code in languages}
        for code, texts in missing.items():
            if any(item.movie_id is None and not item.translations.get(code, {}).get("text") for item in show.program):
                texts.append("text")
        if words := _in_words(missing):
            row = Untranslated(_url("theaters_showtime", show), str(show), words)
            found.setdefault((show.title + show.note, words), row)
    return list(found.values())


def _pictures(
    house: House, theaters: list[Theater], shared: Sequence[str], others: Sequence[str], now: datetime
) -> list[Untranslated]:
    """List missing descriptions of pictures, under the movie or theater whose page has them."""
    stills = MovieStill.objects.filter(movie__in=_shown_movies(house, now)).select_related("movie")
    photos = TheaterPhoto.objects.filter(theater__in=theaters).select_related("theater")
    rows: list[tuple[str, Any, Any, Sequence[str]]] = [
        ("theaters_movie", still.movie, still, shared) for still in stills.order_by("movie__title", "pk")
    ]
    rows += [("houses_theater", photo.theater, photo, others) for photo in photos.order_by("theater__name", "pk")]
    found = (
        (page, of, row, _in_words({code: _missing(row, ("alt",), code) for code in codes}))
        for page, of, row, codes in rows
    )
    return [Untranslated(_url(page, of), f"{of}: {row}", missing) for page, of, row, missing in found if missing]


def _of(page: str, rows: Iterable[Any], texts: Sequence[str], languages: Sequence[str]) -> list[Untranslated]:
    found = ((row, _in_words({code: _missing(row, texts, code) for code in languages})) for row in rows)
    return [Untranslated(_url(page, row), _name(row), missing) for row, missing in found if missing]


def _url(page: str, row: Any) -> str:
    return reverse(f"admin:{page}_change", args=[row.pk])


def _name(row: Any) -> str:
    """Name the row, with its theater where it belongs to one."""
    return f"{row.theater}: {row}" if hasattr(row, "theater") else str(row)


def _missing(row: Any, texts: Sequence[str], language: str) -> list[str]:
    """The texts of the row that lack a translation. A title, name or city may lack one once another text is translated."""
    said = row.translations.get(language, {})
    missing = [text for text in texts if getattr(row, text) and not said.get(text)]
    return [text for text in missing if not (text in ("title", "name", "city") and any(said.values()))]


def _in_words(missing: dict[str, list[str]]) -> str:
    parts = [
        f"{language_name(code)}: {', '.join(str(WORDS[text]) for text in texts)}"
        for code, texts in missing.items()
        if texts
    ]
    return "; ".join(parts)


def _plan_words(
    house: House, words: Sequence[str], said: dict[str, dict[str, str]], languages: Sequence[str]
) -> list[Untranslated]:
    """List missing translations of what stands in plans: they are written on the house's page."""
    found = []
    for word in words:
        missing = [language_name(code) for code in languages if word not in said.get(code, {})]
        if missing:
            found.append(Untranslated(_url("houses_house", house), word, ", ".join(missing)))
    return found


def _posts(house: House) -> list[Untranslated]:
    """List the newest public posts without translation. Each post has a language of its own."""
    found = []
    for post in public_posts(house.pk).order_by("-published_at", "-pk")[:POSTS_LISTED]:
        missing = {code: _missing(post, POST_TEXTS, code) for code in house.offered_languages if code != post.language}
        if words := _in_words(missing):
            found.append(Untranslated(_url("houses_post", post), str(post), words))
    return found


def _pages(house: House) -> list[Untranslated]:
    """List missing texts of pages. Unlike other texts, pages have one for the first language too."""
    found = []
    for page in TextPage.objects.filter(house=house).prefetch_related("texts"):
        written = {text.language for text in page.texts.all()}
        missing = [language_name(code) for code in house.offered_languages if code not in written]
        if missing:
            found.append(Untranslated(_url("houses_textpage", page), page.slug, ", ".join(missing)))
    return found
