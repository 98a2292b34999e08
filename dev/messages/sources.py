"""Which catalog the sentences of a file belong to, and how far each language has come."""

import subprocess
from fnmatch import fnmatch
from typing import NamedTuple

# The first pattern that fits counts; "*" also goes down into folders.
CATALOG_OF = (
    ("templates/boxoffice/*", "counter"),
    ("templates/staff/*", "counter"),
    ("templates/admin/seat_picker.html", "counter"),
    ("templates/admin/seat_to_pick.html", "counter"),
    ("templates/admin/*", "office"),
    ("templates/mail/*", "letters"),
    ("templates/*/email/*", "letters"),
    ("templates/*", "pages"),
    ("*/migrations/*", ""),
    ("*/management/*", ""),
    ("boxoffice/admin/actions/__init__.py", "counter"),
    ("boxoffice/admin/actions/booking_mails.py", "counter"),
    ("boxoffice/admin/actions/swaps.py", "counter"),
    ("boxoffice/forms/actions.py", "counter"),
    ("boxoffice/selectors/showtime_seats.py", "counter"),
    ("*/admin/*", "office"),
    ("*/admin.py", "office"),
    ("*/pdf/*", "letters"),
    ("*/emails.py", "letters"),
    ("reservations/letters/calendar*", "letters"),
    ("reservations/selectors/papers.py", "letters"),
    ("boxoffice/*/counter*", "counter"),
    ("boxoffice/*/door*", "counter"),
    ("boxoffice/forms/swaps.py", "counter"),
    ("boxoffice/selectors/found_bookings.py", "counter"),
    ("boxoffice/selectors/payouts.py", "counter"),
    ("boxoffice/selectors/takings.py", "counter"),
    ("boxoffice/selectors/cash_suggestions.py", "counter"),
    ("boxoffice/refusals.py", "counter"),
    ("boxoffice/approvals.py", "counter"),
    ("boxoffice/services/void_refusals.py", "counter"),
    ("staff/idle_time.py", "counter"),
    ("boxoffice/*", "office"),
    ("core/*", "sentences"),
    ("accounts/*", "sentences"),
    ("staff/*", "sentences"),
    ("houses/*", "sentences"),
    ("theaters/*", "sentences"),
    ("reservations/*", "sentences"),
    ("sales/*", "sentences"),
    ("payments/*", "sentences"),
)
LANGUAGES = ("de",)
# Catalogs that have every sentence, by language: a missing or fuzzy entry fails the check.
COMPLETE: dict[str, tuple[str, ...]] = {"de": ("counter", "letters", "pages", "sentences")}
# Templates in which every sentence is marked: bare text fails the check.
MARKED = (
    "templates/400.html",
    "templates/403.html",
    "templates/403_csrf.html",
    "templates/404.html",
    "templates/account/",
    "templates/admin/",
    "templates/allauth/",
    "templates/base.html",
    "templates/boxoffice/",
    "templates/errors/",
    "templates/houses/",
    "templates/language_switch.html",
    "templates/mail/",
    "templates/mfa/",
    "templates/payments/",
    "templates/reservations/",
    "templates/sales_paused.html",
    "templates/staff/",
    "templates/sentences.html",
    "templates/theaters/",
)
# The office is English as long as its German is not written: Django's own filters of dates, which know English only, may stay.
ENGLISH_DATES = ("templates/admin/",)
# Files and folders that are not looked at for bare text, each with its reason.
NOT_MARKED = {
    "templates/admin/plans/how_to_draw.html": "shows the signs of a drawing, which are the same in all languages",
    "templates/500.html": "is shown when something broke, and says everything in both languages",
}
LONGEST_LINE = 160


class Source(NamedTuple):
    path: str
    catalog: str


def catalog_of(path: str) -> str:
    """'' for a file whose sentences nobody translates."""
    return next((catalog for pattern, catalog in CATALOG_OF if fnmatch(path, pattern)), "")


def sources() -> list[Source]:
    """The files of the checkout that have sentences, also new ones that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    known = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    wanted = (".py", ".html", ".txt")
    return [Source(path, catalog) for path in known if path.endswith(wanted) and (catalog := catalog_of(path))]


def templates() -> list[str]:
    return [source.path for source in sources() if source.path.startswith("templates/")]
