import re
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.selectors import needs_of
from accounts.states import values_for
from core.caches.page_cache import kept_page
from houses.business_days import has_closed
from houses.models import Theater
from theaters.listings.movie_showtimes import movie_showtimes
from theaters.listings.program_filters import Filters, read_filters
from theaters.listings.search import search
from theaters.listings.structured_data import as_script, movie_data, showtime_data, theater_data
from theaters.listings.whats_on import whats_on
from theaters.models import Movie
from theaters.plans.category_names import read_categories
from theaters.posters import PosterFacts, layout_for, poster_svg
from theaters.seat_colors import stylesheet, stylesheet_version
from theaters.selectors import contact_of, movie_facts, opened, palette_of, stills_of, theaters_for_visitors

YEAR = 365 * 24 * 3600
# The form of a theater's name in the address. It is checked before it goes into a cookie, because the front page
# accepts any name while there is no theater.
THEATER_NAME = re.compile(r"[-a-zA-Z0-9_]{1,50}")
# Values of `needs` in address and cookie: whether the program is filtered by the visitor's saved needs.
MINE, NOT_MINE = "mine", "no"


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def listing(request: HttpRequest) -> HttpResponse:
    template, filters = _fragment(request, "theaters/whats_on.html"), _filters(request)

    def draw(common: Mapping[str, str]) -> str:
        theaters = theaters_for_visitors()
        if not theaters:
            return render_to_string("theaters/closed.html", common, request)
        context = {"filters": filters, **common}
        return _draw_program(request, template, _chosen_theater(request, theaters), theaters, context)

    response = kept_page(request, (template, *_wishes(request, filters)), draw)
    return _remembering_needs(request, _remembering_theater(request, response))


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def theater(request: HttpRequest, slug: str) -> HttpResponse:
    template, filters = _fragment(request, "theaters/theater.html"), _filters(request)

    def draw(common: Mapping[str, str]) -> str:
        theaters = theaters_for_visitors()
        found = next((theater for theater in theaters if theater.slug == slug), None)
        if found is None:
            raise Http404("There is no theater at this address.")
        photos = list(found.photos.all())
        data = as_script([theater_data(found, photos)])
        return _draw_program(
            request,
            template,
            found,
            theaters,
            {
                "theater": found,
                "contact": contact_of(found),
                "has_closed": has_closed(found, timezone.now()),
                "photos": photos,
                "filters": filters,
                **common,
                "structured_data": data,
            },
        )

    response = kept_page(request, (template, slug, *_wishes(request, filters)), draw)
    return _remembering_needs(request, response)


def _draw_program(
    request: HttpRequest, template: str, theater: Theater, theaters: list[Theater], common: Mapping[str, Any]
) -> str:
    with timezone.override(theater.zone):
        page = whats_on(
            theater=theater,
            theaters=opened(theaters, also=theater),
            on=_chosen_day(request),
            filters=common["filters"],
            is_week=_is_week(request),
            base_url=theater.get_absolute_url() if "theater" in common else reverse("whats_on"),
            now=timezone.now(),
        )
        context = {"page": page, "is_filter_open": _is_filtering(request), **common}
        return render_to_string(template, context, request)


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def movie(request: HttpRequest, slug: str) -> HttpResponse:
    template = _fragment(request, "theaters/movie.html")
    needed = values_for(needs_of(request))

    def draw(common: Mapping[str, str]) -> str:
        found = get_object_or_404(Movie.objects.works().prefetch_related("ratings", "stills"), slug=slug)
        theaters = theaters_for_visitors()
        wished, usual = _wished_theater(request, theaters), next(iter(theaters), None)
        showtimes = movie_showtimes(found, theater=wished, usual=usual, needed=needed, now=timezone.now())
        country = showtimes.theater.country if showtimes.theater else ""
        rating = next((rating.label for rating in found.ratings.all() if rating.country == country), "")
        facts = {"movie": movie_facts(found, rating=rating), "showtimes": showtimes, "days": showtimes.days}
        facts["stills"] = stills_of(found)
        data = as_script([movie_data(found), *(showtime_data(showtime) for showtime in showtimes.for_machines)])
        # The order of day and month is that of the theater that is shown.
        with timezone.override(showtimes.theater.zone if showtimes.theater else None):
            return render_to_string(template, {**facts, "structured_data": data, **common}, request)

    return _remembering_theater(
        request, kept_page(request, (template, slug, *_wishes(request, Filters(needed=needed))), draw)
    )


def _filters(request: HttpRequest) -> Filters:
    """The filters in the address, and the visitor's saved needs if these were chosen there or before."""
    needed = values_for(needs_of(request))
    asked = request.GET.get("needs") or request.COOKIES.get(settings.NEEDS_FILTER_COOKIE_NAME, "")
    return replace(read_filters(request.GET), needed=needed, fits_needs=bool(needed) and asked == MINE)


def _wishes(request: HttpRequest, filters: Filters) -> tuple[Hashable, ...]:
    """The parts of address and cookies that the program page depends on."""
    query, remembered = request.GET, request.COOKIES.get(settings.THEATER_COOKIE_NAME, "")
    shown = (filters, _is_week(request), _is_filtering(request))
    return (query.get("theater", ""), query.get("day", ""), remembered, *shown)


def _is_week(request: HttpRequest) -> bool:
    return request.GET.get("view") == "week"


def _is_filtering(request: HttpRequest) -> bool:
    """Whether the visitor has just used the filters: then they are drawn open."""
    return request.headers.get("HX-Trigger") == "filters"


def _remembering_theater(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if THEATER_NAME.fullmatch(named := request.GET.get("theater", "")):
        response.set_cookie(
            settings.THEATER_COOKIE_NAME,
            named,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _remembering_needs(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Remember in a cookie that the program filters by needs; the needs are stored elsewhere."""
    name, asked = settings.NEEDS_FILTER_COOKIE_NAME, request.GET.get("needs")
    if asked == MINE:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(name, MINE, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    elif asked == NOT_MINE:
        response.delete_cookie(name, samesite="Lax")
    return response


@require_safe
@vary_on_headers("HX-Request")
def search_page(request: HttpRequest) -> HttpResponse:
    template = _fragment(request, "theaters/search.html", part="found")
    page = search(request.GET.get("q", ""), base_url=reverse("search"), now=timezone.now())
    return HttpResponse(render_to_string(template, {"page": page}, request))


@require_safe
@cache_control(public=True, max_age=3600)
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Movie, slug=slug)
    facts = PosterFacts(
        title=found.title,
        year=found.year or "",
        director=found.director,
        palette=palette_of(found),
        layout=found.poster_layout or layout_for(found.title),
    )
    return HttpResponse(poster_svg(facts), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=3600)
def palette(request: HttpRequest, slug: str) -> HttpResponse:
    """The movie's three colors as a stylesheet: the Content-Security-Policy allows no inline style."""
    found = get_object_or_404(Movie, slug=slug)
    colors = "".join(f"--film-{number}:{color};" for number, color in enumerate(palette_of(found), start=1))
    return HttpResponse(f".film-{found.slug}{{{colors}}}", content_type="text/css")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def seat_stylesheet(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Colors and signs of the theater's seat categories, under a name that changes with its content."""
    css = stylesheet(read_categories(get_object_or_404(Theater, slug=slug).pk).facts)
    if not css or stylesheet_version(css) != version:
        raise Http404("These seats look different now.")
    return HttpResponse(css, content_type="text/css; charset=utf-8")


def _fragment(request: HttpRequest, template: str, *, part: str = "listing") -> str:
    return f"{template}#{part}" if request.htmx and not request.htmx.history_restore_request else template  # type: ignore[attr-defined]


def _chosen_theater(request: HttpRequest, theaters: list[Theater]) -> Theater:
    """The theater in the address, else the remembered one, else the first. Raises Http404 for an unknown name."""
    return _wished_theater(request, theaters) or theaters[0]


def _wished_theater(request: HttpRequest, theaters: list[Theater]) -> Theater | None:
    """The theater in the address, else the remembered one. Raises Http404 for an unknown name."""
    by_slug = {theater.slug: theater for theater in theaters}
    if named := request.GET.get("theater"):
        if named not in by_slug:
            raise Http404("There is no theater with this name.")
        return by_slug[named]
    remembered = by_slug.get(request.COOKIES.get(settings.THEATER_COOKIE_NAME, ""))
    return remembered if remembered is None or not has_closed(remembered, timezone.now()) else None


def _chosen_day(request: HttpRequest) -> date | None:
    raw = request.GET.get("day")
    if not raw:
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise Http404("This day is not in any calendar.") from None
    if not date(2000, 1, 1) <= day <= date(2199, 12, 31):
        raise Http404("This day is not in our calendar.")
    return day
