"""The seat categories of a theater with their names in the reader's language, in order; cached."""

from django.urls import reverse

from core.caches.process_cache import ProcessCache
from theaters.models import SeatCategory
from theaters.seat_categories import Categories, CategoryFacts, usual_name
from theaters.seat_colors import stylesheet, stylesheet_version

# A changed name shows on the pages after at most this many seconds.
_lists: ProcessCache[int, Categories] = ProcessCache(seconds=15, most=500)


def categories_of(theater_id: int) -> Categories:
    """The theater's seat categories, some seconds old at most. One query the first time."""
    return _lists.get(theater_id, lambda: read_categories(theater_id))


def read_categories(theater_id: int) -> Categories:
    """The theater's seat categories as stored now, for editors. One query."""
    rows = list(SeatCategory.objects.filter(theater=theater_id).select_related("theater").order_by("position", "pk"))
    facts = tuple(map(_facts, rows))
    css = stylesheet(facts)
    url = reverse("seat_stylesheet", args=[rows[0].theater.slug, stylesheet_version(css)]) if css else ""
    return Categories(facts, url)


def codes_by_word(theater_id: int) -> dict[str, str]:
    """The categories for new plans by everything that they are called, in small letters: code, name, translations."""
    found: dict[str, str] = {}
    for row in SeatCategory.objects.in_use().filter(theater=theater_id).order_by("position", "pk"):
        names = [
            row.code,
            row.name,
            usual_name(row.code),
            *(said.get("name", "") for said in row.translations.values()),
        ]
        for name in filter(None, names):
            found.setdefault(name.casefold(), row.code)
    return found


def _facts(row: SeatCategory) -> CategoryFacts:
    colors = row.color_light, row.color_dark
    return CategoryFacts(
        row.code, row.shown_name, row.name, row.shown_note, row.sign, colors, row.archived_at is not None
    )


def forget_categories() -> None:
    """Forget the categories after a change, so that this process shows it at once."""
    _lists.clear()
