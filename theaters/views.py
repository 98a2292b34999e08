from collections.abc import Mapping
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

from core.page_cache import kept_page
from theaters.models import Movie, Theater
from theaters.posters import PosterFacts, layout_for, poster_svg
from theaters.selectors import movie_days, movie_facts, opened, palette_of, theaters_for_visitors, whats_on

YEAR = 365 * 24 * 3600


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def listing(request: HttpRequest) -> HttpResponse:
    template = _fragment(request, "theaters/whats_on.html")

    def draw(common: Mapping[str, str]) -> str:
        theaters = theaters_for_visitors()
        if not theaters:
            return render_to_string("theaters/closed.html", common, request)
        return _draw_program(request, template, _chosen_theater(request, theaters), theaters, common)

    response = kept_page(request, (template, *_wishes(request)), draw)
    if named := request.GET.get("theater"):
        response.set_cookie(
            settings.THEATER_COOKIE_NAME,
            named,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def theater(request: HttpRequest, slug: str) -> HttpResponse:
    template = _fragment(request, "theaters/theater.html")

    def draw(common: Mapping[str, str]) -> str:
        theaters = theaters_for_visitors()
        found = next((theater for theater in theaters if theater.slug == slug), None)
        if found is None:
            raise Http404("There is no theater at this address.")
        return _draw_program(request, template, found, theaters, {"theater": found, **common})

    return kept_page(request, (template, slug, *_wishes(request)), draw)


def _draw_program(
    request: HttpRequest, template: str, theater: Theater, theaters: list[Theater], common: Mapping[str, Any]
) -> str:
    base_url = theater.get_absolute_url() if "theater" in common else reverse("whats_on")
    offered = opened(theaters, also=theater)
    page = whats_on(theater=theater, theaters=offered, on=_chosen_day(request), base_url=base_url, now=timezone.now())
    with timezone.override(theater.zone):
        return render_to_string(template, {"page": page, **common}, request)


@require_safe
def movie(request: HttpRequest, slug: str) -> HttpResponse:
    def draw(common: Mapping[str, str]) -> str:
        found = get_object_or_404(Movie.objects.prefetch_related("ratings"), slug=slug)
        theaters = theaters_for_visitors()
        chosen = _chosen_theater(request, theaters) if theaters else None
        country = chosen.country if chosen else ""
        rating = next((rating.label for rating in found.ratings.all() if rating.country == country), "")
        facts = {
            "movie": movie_facts(found, rating=rating),
            "days": movie_days(found, now=timezone.now()),
            "theaters": theaters,
        }
        # The order of day and month is that of the theater the visitor chose; times are in each theater's own zone.
        with timezone.override(chosen.zone if chosen else None):
            return render_to_string("theaters/movie.html", {**facts, **common}, request)

    return kept_page(request, ("theaters/movie.html", slug, *_wishes(request)), draw)


def _wishes(request: HttpRequest) -> tuple[str, ...]:
    """What a visitor's address and memory say that a program depends on."""
    remembered = request.COOKIES.get(settings.THEATER_COOKIE_NAME, "")
    return (request.GET.get("theater", ""), request.GET.get("day", ""), remembered)


@require_safe
@cache_control(public=True, max_age=3600)
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Movie, slug=slug)
    facts = PosterFacts(
        title=found.title,
        year=found.year,
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


def _fragment(request: HttpRequest, template: str) -> str:
    return f"{template}#listing" if request.htmx and not request.htmx.history_restore_request else template  # type: ignore[attr-defined]


def _chosen_theater(request: HttpRequest, theaters: list[Theater]) -> Theater:
    """Named in the address, else remembered, else the first. Raises Http404 for an unknown name in the address."""
    by_slug = {theater.slug: theater for theater in theaters}
    if named := request.GET.get("theater"):
        if named not in by_slug:
            raise Http404("There is no theater with this name.")
        return by_slug[named]
    return by_slug.get(request.COOKIES.get(settings.THEATER_COOKIE_NAME, ""), theaters[0])


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
