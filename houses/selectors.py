"""Houses for pages, mails and papers, cached for some seconds, longer while the database does not answer; the house of a
showtime or a ticket for good.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error
from django.db.models import QuerySet
from django.urls import reverse

from core.caches.process_cache import ProcessCache
from core.clock import ClockTimestamp
from core.house_facts import HouseFacts
from core.texts.languages import current_language
from houses import colors, typefaces
from houses.icons import SIZES, has_own_icons, icon_version
from houses.models import House, PageText, Post, Theater

KEPT_SECONDS = 10
_known: ProcessCache[str, "KnownHouses"] = ProcessCache(
    seconds=KEPT_SECONDS, most=1, has_sentences=False, outlasts=(Error,)
)
_of_things: ProcessCache[tuple[str, Any], int | None] = ProcessCache(
    seconds=float("inf"), most=20_000, has_sentences=False
)
_SOCIAL_NAMES = {"x.com": "X", "youtube.com": "YouTube", "tiktok.com": "TikTok", "bsky.app": "Bluesky"}


@dataclass(frozen=True)
class KnownHouses:
    main: HouseFacts
    by_id: dict[int, HouseFacts]
    by_domain: dict[str, HouseFacts]


def known_houses() -> KnownHouses:
    return _known.get("", _read_houses)


def forget_houses() -> None:
    """Forget houses after a change: this process shows it at once, others after KEPT_SECONDS."""
    _known.clear()
    _pages.clear()
    _terms.clear()
    _news.clear()


def main_house_facts() -> HouseFacts:
    """The first house of the installation, whose address is SITE_URL. Facts with the name of the software if the
    database does not answer.
    """
    try:
        return known_houses().main
    except Error:
        return _no_house()


def house_at(domain: str) -> HouseFacts:
    """The house with this domain, else the main house; works without a database."""
    try:
        known = known_houses()
    except Error:
        return _no_house()
    return known.by_domain.get(domain.lower(), known.main)


def _no_house() -> HouseFacts:
    return HouseFacts(name=settings.PRODUCT_NAME)


def house_facts(house_id: int) -> HouseFacts:
    """The facts of a house, also of one that was created a moment ago."""
    found = known_houses().by_id.get(house_id)
    if found is None:
        forget_houses()
        found = known_houses().by_id[house_id]
    return found


def zone_of_house(house_id: int | None) -> ZoneInfo:
    """The zone in which a house dates its texts and its news: that of its first theater; UTC without one."""
    zones = Theater.objects.filter(house=house_id).order_by("pk").values_list("timezone", flat=True)
    return ZoneInfo(zones.first() or "UTC")


def house_of_thing(thing: tuple[str, Any], read: Callable[[], int | None]) -> int | None:
    """The house of a showtime, a ticket …. It never changes, so it is cached; unknown things are looked up each time."""
    house_id = _of_things.get(thing, read)
    if house_id is None:
        _of_things.forget(thing)
    return house_id


def languages_to_translate() -> list[str]:
    """The languages into which movies, which all houses share, are translated: each that a house offers.

    Without the first one if all houses have the same: then the movies' own texts are in it.
    """
    offered = [house.offered_languages for house in House.objects.all()]
    own = {languages[0] for languages in offered}
    return [
        code
        for code, _name in settings.LANGUAGES
        if any(code in languages for languages in offered) and (len(own) > 1 or code not in own)
    ]


def stylesheet_of(house: House) -> str:
    """The CSS by which a house differs from our look; '' when it does not."""
    return typefaces.stylesheet(house.typeface) + (colors.stylesheet(house.palette) if house.has_own_colors else "")


def stylesheet_version(css: str) -> str:
    return sha256(css.encode()).hexdigest()[:12]


def _read_houses() -> KnownHouses:
    houses = list(House.objects.order_by("pk"))
    by_id = {house.pk: _facts(house, is_only=len(houses) == 1) for house in houses}
    main = by_id[houses[0].pk] if houses else _no_house()
    by_domain = {domain: by_id[house.pk] for house in houses for domain in house.domains}
    return KnownHouses(main, by_id, by_domain)


def _facts(house: House, *, is_only: bool) -> HouseFacts:
    css = stylesheet_of(house)
    version = stylesheet_version(css)
    address = house.sender_address or settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    legal = (house.company, house.company_address, house.register_entry, house.tax_number, house.responsible_person)
    return HouseFacts(
        id=house.pk,
        name=house.name,
        own_site=_own_site(house),
        css_url=reverse("house_stylesheet", args=[house.slug, version]) if css else "",
        logo_url=house.logo.url if house.logo else "",
        logo_file=house.logo.name or "",
        icon_urls=_icon_urls(house),
        surfaces=house.palette.surface if house.has_own_colors else HouseFacts.surfaces,
        mail_colors=colors.mail_colors(house.palette) if house.has_own_colors else {},
        typeface_file=typefaces.file_of(house.typeface),
        footer_text=house.footer_text,
        footer_texts={code: said["footer_text"] for code, said in house.translations.items() if "footer_text" in said},
        section_names=house.section_names,
        seat_notes=house.seat_notes,
        social_links=tuple((url, _social_name(url)) for url in house.social_links),
        sender=formataddr((" ".join((house.sender_name or house.name).split()), address)),
        reply_to=house.reply_to,
        legal_lines=tuple(line for line in legal if line),
        languages=tuple(house.languages),
        is_only=is_only,
    )


def _icon_urls(house: House) -> dict[int, str]:
    if not has_own_icons(house):
        return {}
    return {size: reverse("house_icon", args=[house.slug, icon_version(house), size]) for size in SIZES}


def _own_site(house: House) -> str:
    """The first domain of the house, reached as SITE_URL is: its scheme, and its port where it names one."""
    if not house.domains:
        return ""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{house.domains[0]}" + (f":{parts.port}" if parts.port else "")


def _social_name(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return _SOCIAL_NAMES.get(host, host.split(".")[0].capitalize())


# Texts.

TERMS = "terms"


@dataclass(frozen=True)
class PageFacts:
    """A text of a page; `language` is the text's, which may differ from the reader's."""

    id: int
    slug: str
    title: str
    body: str
    language: str
    holds_from: datetime

    @property
    def url(self) -> str:
        return reverse("text_page", args=[self.slug])


_pages: ProcessCache[int | None, list[PageFacts]] = ProcessCache(seconds=KEPT_SECONDS, most=100, outlasts=(Error,))
_terms: ProcessCache[int, PageFacts | None] = ProcessCache(seconds=KEPT_SECONDS, most=100)
_news: ProcessCache[int | None, bool] = ProcessCache(
    seconds=KEPT_SECONDS, most=100, has_sentences=False, outlasts=(Error,)
)


def footer_pages(house_id: int | None) -> list[PageFacts]:
    """Pages that a house links in its footer, titled in the reader's language. From memory; without a database those
    that were read last, or none.
    """
    try:
        return _pages.get(house_id, lambda: [] if house_id is None else _footer_pages(house_id))
    except Error:
        return []


def has_news(house_id: int | None) -> bool:
    """Whether the house has public posts, from memory; without a database what was read last, or False."""
    try:
        return _news.get(house_id, lambda: house_id is not None and public_posts(house_id).exists())
    except Error:
        return False


def public_posts(house_id: int | None) -> QuerySet[Post]:
    """Public posts, without those that are translations of another post."""
    return Post.objects.filter(house=house_id, same_as=None, published_at__lte=ClockTimestamp())


def post_told_by(house_id: int | None, slug: str) -> Post | None:
    """The public post of which the post with this address has become a translation."""
    return public_posts(house_id).filter(others__slug=slug).first()


def page_now(house_id: int, slug: str) -> PageFacts | None:
    """The present text of a page in the reader's language, else in the first language that has one; None without any."""
    return next(iter(_texts_now(house_id, slug=slug)), None)


def terms_now(house_id: int) -> PageFacts | None:
    """The terms under which a house sells, in the reader's language; from memory, at most KEPT_SECONDS old."""
    known = _terms.get(house_id, lambda: page_now(house_id, TERMS))
    return known or page_now(house_id, TERMS)


def _footer_pages(house_id: int) -> list[PageFacts]:
    return _texts_now(house_id, is_in_footer=True)


def _texts_now(house_id: int, **pages: object) -> list[PageFacts]:
    """The current text of each page, in the language that suits best."""
    texts = PageText.objects.holding().filter(
        page__house=house_id, **{f"page__{name}": value for name, value in pages.items()}
    )
    newest: dict[tuple[int, str], dict[str, PageText]] = {}
    for text in texts.select_related("page"):
        newest.setdefault((text.page.position, text.page.slug), {}).setdefault(text.language, text)
    return [_page_facts(_best(by_language)) for _, by_language in sorted(newest.items())]


def _best(by_language: dict[str, PageText]) -> PageText:
    order = [current_language(), *dict(settings.LANGUAGES)]
    return next(by_language[code] for code in [*order, *by_language] if code in by_language)


def _page_facts(text: PageText) -> PageFacts:
    return PageFacts(text.pk, text.page.slug, text.title, text.body, text.language, text.holds_from)
