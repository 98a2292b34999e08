"""Answers for machines: what search engines may read, the site as an app, and each theater's showtimes as files.

Each may be kept for a short time, so that a cancellation stands in all of them within a minute.
"""

import json
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.caches.process_cache import ProcessCache
from core.house_facts import HouseFacts, current_house
from core.pdf.engine import make_png
from core.web.language_choice import LANGUAGE_ARGUMENT
from houses.models import Theater
from houses.selectors import footer_pages, public_posts
from theaters.listings.public_showtimes import public_showtimes
from theaters.listings.showtime_feeds import showtimes_atom, showtimes_calendar, showtimes_json
from theaters.models import Movie, ProgramItem, Series, Showtime
from theaters.posters import PosterFacts, layout_for, poster_svg
from theaters.selectors import of_this_house, opened, palette_of, theaters_for_visitors

# How long browsers and caches keep an answer.
KEPT_SECONDS = 25
MOST_ADDRESSES = 40_000
# Private pages say noindex as well; robots.txt keeps crawlers from fetching them.
PRIVATE_PARTS = (
    "/accounts/", "/admin/", "/bookings/", "/checkout/", "/closed/", "/counter/", "/device/", "/door/", "/favorites/",
    "/find-booking/", "/groups/", "/invitations/", "/language/", "/payments/", "/search/", "/tickets/", "/transfers/",
    "/waiting/",
)  # fmt: skip
_NAMESPACES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}

_share_pictures: ProcessCache[str, bytes] = ProcessCache(seconds=3600, most=30, has_sentences=False)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {part}" for part in PRIVATE_PARTS)]
    lines += ["", f"Sitemap: {current_house().site_url}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The program, theaters that have opened, and movies with showtimes on sale, each in every language."""
    for prefix, address in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.Element(f"{{{_NAMESPACES['']}}}urlset")
    for path in _indexed_paths():
        _add_address(root, current_house().site_url + path)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="application/xml")


def _indexed_paths() -> list[str]:
    on_sale = Showtime.objects.listed().filter(
        of_this_house("auditorium__theater__"), sales_close_at__gt=timezone.now()
    )
    parts = ProgramItem.objects.filter(showtime__in=on_sale, movie__isnull=False)
    shown = Q(pk__in=on_sale.values("movie")) | Q(pk__in=parts.values("movie"))
    movies = Movie.objects.filter(shown).order_by("pk")
    paths = [reverse("whats_on"), *(theater.get_absolute_url() for theater in opened(theaters_for_visitors()))]
    paths += [series.get_absolute_url() for series in Series.objects.filter(pk__in=on_sale.values("series"))]
    paths += [reverse("coming_soon"), *_paths_of_texts(current_house().id)]
    return [*paths, *(reverse("movie", args=[slug]) for slug in movies.values_list("slug", flat=True)[:MOST_ADDRESSES])]


def _paths_of_texts(house_id: int | None) -> list[str]:
    posts = public_posts(house_id).order_by("pk").values_list("slug", flat=True)[:MOST_ADDRESSES]
    news = [reverse("news")] if posts else []
    return [page.url for page in footer_pages(house_id)] + news + [reverse("post", args=[slug]) for slug in posts]


def _add_address(root: ElementTree.Element, address: str) -> None:
    entry = ElementTree.SubElement(root, f"{{{_NAMESPACES['']}}}url")
    ElementTree.SubElement(entry, f"{{{_NAMESPACES['']}}}loc").text = address
    languages = [(code, f"{address}?{LANGUAGE_ARGUMENT}={code}") for code in current_house().offered_languages]
    for code, href in [("x-default", address), *languages]:
        link = {"rel": "alternate", "hreflang": code, "href": href}
        ElementTree.SubElement(entry, f"{{{_NAMESPACES['xhtml']}}}link", link)


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest, for people who install the site on a phone."""
    house = current_house()
    facts = {
        "name": house.name,
        "short_name": house.name,
        "id": "/",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": house.surfaces[1],
        "theme_color": house.surfaces[1],
        "icons": _icons_of(house) if house.icon_urls else _icons_of_the_software(),
    }
    return HttpResponse(json.dumps(facts), content_type="application/manifest+json")


def _icon(address: str, size: int, **more: str) -> dict[str, str]:
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", **more}


def _icons_of(house: HouseFacts) -> list[dict[str, str]]:
    """The icons of the manifest; their margin suits round and other masks."""
    return [
        _icon(house.icon_urls[192], 192),
        *(_icon(house.icon_urls[512], 512, purpose=use) for use in ("any", "maskable")),
    ]


def _icons_of_the_software() -> list[dict[str, str]]:
    drawn = {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    pictures = [_icon(static(f"img/icon-{size}.png"), size) for size in (192, 512)]
    return [drawn, *pictures, _icon(static("img/icon-maskable.png"), 512, purpose="maskable")]


@require_safe
@cache_control(public=True, max_age=3600)
def phone_icon(request: HttpRequest) -> HttpResponse:
    """Lead Apple's phones to the icon of the house, at the address where they look when a page names none."""
    return redirect(current_house().phone_icon_url or static("img/icon-180.png"))


@require_safe
@cache_control(public=True, max_age=3600)
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """1200 × 630: the drawn poster on its own color, for programs that show a picture beside a link and read no SVG."""
    movie = get_object_or_404(Movie, slug=slug)
    colors = palette_of(movie)
    layout = movie.poster_layout or layout_for(movie.title)
    facts = PosterFacts(movie.title, movie.year or "", movie.director, colors, layout)
    inputs = {"poster": poster_svg(facts), "ground": colors[0]}
    template = Path(__file__).parent / "share.typ"
    made = _share_pictures.get(json.dumps(inputs), lambda: make_png(template, inputs, pixels_per_point=2))
    return HttpResponse(made, content_type="image/png")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def showtimes_ics(request: HttpRequest, slug: str) -> HttpResponse:
    theater = get_object_or_404(Theater, of_this_house(), slug=slug)
    calendar = showtimes_calendar(theater, public_showtimes(theater, now=timezone.now()))
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def showtimes_feed(request: HttpRequest, slug: str) -> HttpResponse:
    theater = get_object_or_404(Theater, of_this_house(), slug=slug)
    now = timezone.now()
    text = showtimes_atom(theater, public_showtimes(theater, now=now), address=request.path)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def showtimes_data(request: HttpRequest, slug: str) -> HttpResponse:
    theater = get_object_or_404(Theater, of_this_house(), slug=slug)
    response = JsonResponse(showtimes_json(theater, public_showtimes(theater, now=timezone.now())))
    patch_vary_headers(response, ("Origin",))
    if (origin := request.headers.get("Origin")) in settings.WIDGET_ORIGINS:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def widget(request: HttpRequest) -> HttpResponse:
    """The script of <marquee-showtimes>, for other sites; which of them get showtimes is in WIDGET_ORIGINS."""
    script = (Path(settings.BASE_DIR) / "static/js/widget.js").read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
