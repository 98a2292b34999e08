"""The current house: on a page that of the domain, in a mail or a paper that of the theater.

A house is the name, the look and the law under which theaters trade. `core` imports no houses:
settings.MAIN_HOUSE_FACTS names the function that returns the first house of the installation.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.text import slugify

from core.texts.languages import current_language


@dataclass(frozen=True)
class HouseFacts:
    """`id` is None where no house is known yet; `own_site` is "" without a domain; colors are #rrggbb, light and dark."""

    id: int | None = None
    name: str = ""
    own_site: str = ""
    css_url: str = ""
    logo_url: str = ""
    # Its name in the storage of uploads.
    logo_file: str = ""
    # Addresses by size in pixels; {} means the icons of the software.
    icon_urls: dict[int, str] = field(default_factory=dict)
    surfaces: tuple[str, str] = ("#f8f4ec", "#16110d")
    # Our mail colors and those of the house in their place; {} for our look.
    mail_colors: Mapping[str, str] = field(default_factory=dict)
    typeface_file: str = "fonts/archivo.woff2"
    footer_text: str = ""
    footer_texts: Mapping[str, str] = field(default_factory=dict)
    # Names of sections and areas, by language.
    section_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Translations of the notes on seats in its plans, by language.
    seat_notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    social_links: tuple[tuple[str, str], ...] = ()
    sender: str = ""
    reply_to: str = ""
    legal_lines: tuple[str, ...] = ()
    # As the office keeps them; () means all. Readers want `offered_languages`.
    languages: tuple[str, ...] = ()
    is_only: bool = True

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The codes of its languages, its own first: all of the installation if the house names none of them."""
        known = tuple(dict(settings.LANGUAGES))
        return tuple(code for code in self.languages if code in known) or known

    def language_for(self, wanted: str) -> str:
        """This language if the house offers it, else the house's first."""
        return wanted if wanted in self.offered_languages else self.offered_languages[0]

    @property
    def shown_footer_text(self) -> str:
        """The footer text in the reader's language, else as first written."""
        return self.footer_texts.get(current_language()) or self.footer_text

    @property
    def tab_icon_url(self) -> str:
        return self.icon_urls.get(32, "")

    @property
    def phone_icon_url(self) -> str:
        return self.icon_urls.get(180, "")

    @property
    def site_url(self) -> str:
        """The customers' address of the house, without a trailing slash."""
        return self.own_site or str(settings.SITE_URL)

    def address_of(self, path: str) -> str:
        """The full address of a path at the house."""
        return f"{self.site_url}{path}"

    def file_name(self, name: str, kind: str) -> str:
        """The name of a downloaded file: roxy-KX7M-4QPD.pdf."""
        return f"{slugify(self.name, allow_unicode=True) or 'tickets'}-{name}.{kind}"

    @property
    def from_email(self) -> str:
        return self.sender or str(settings.DEFAULT_FROM_EMAIL)


_spoken_for: ContextVar[HouseFacts | None] = ContextVar("house_facts", default=None)


def current_house() -> HouseFacts:
    """The house of this request, mail or paper, else the installation's main house."""
    return _spoken_for.get() or _main_house()()


def translated_section_names() -> Mapping[str, str]:
    """Names of sections and areas in the reader's language, by the name in the plans; {} where no house was set or
    nothing is translated.
    """
    house = _spoken_for.get()
    return house.section_names.get(current_language(), {}) if house else {}


def translated_seat_notes(language: str = "") -> Mapping[str, str]:
    """Notes on seats in this language ("": the reader's), by the note in the plans; {} where no house was set or
    nothing is translated.
    """
    house = _spoken_for.get()
    return house.seat_notes.get(language or current_language(), {}) if house else {}


@contextmanager
def speaking_for(facts: HouseFacts) -> Iterator[None]:
    token = _spoken_for.set(facts)
    try:
        yield
    finally:
        _spoken_for.reset(token)


@cache
def _main_house() -> Callable[[], HouseFacts]:
    found: Callable[[], HouseFacts] = import_string(settings.MAIN_HOUSE_FACTS)
    return found
