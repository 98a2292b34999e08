"""“Tell me when it is on sale”: asked for on the page of a movie or series, confirmed and ended by the link of the mails."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import address_to_suggest, is_proven_address
from core.house_facts import current_house
from core.limits.addresses import client_address
from core.limits.limiter import Limit, check, check_address
from core.refusals import Refusal
from core.texts.languages import current_language
from core.web.refusal_pages import answers_refusals
from reservations.access import ensure_holder, remember_holder
from reservations.forms.waiting import address_of
from reservations.models import Favorite
from reservations.selectors.favorites import favorite_facts, title_and_url
from reservations.waiting.favorites import (
    AskedForFavoritesOften,
    FavoriteSubject,
    ask_to_hear,
    confirm_favorite,
    leave_favorite,
)
from sales.services.opening import Customer
from theaters.models import Movie
from theaters.selectors import opened, series_of_this_house, theaters_for_visitors

HOUR = 3600
FAVORITES_PER_BROWSER = Limit("favorites-browser", 10, HOUR, AskedForFavoritesOften)
FAVORITES_PER_ADDRESS = Limit("favorites-address", 40, HOUR, AskedForFavoritesOften)
PAGE = "reservations/favorite_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def favorite_movie(request: HttpRequest, slug: str, refusal: Refusal | None = None) -> HttpResponse:
    return _form(request, FavoriteSubject(_house_id(), movie=get_object_or_404(Movie, slug=slug)), refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def favorite_series(request: HttpRequest, slug: str, refusal: Refusal | None = None) -> HttpResponse:
    series = series_of_this_house(slug)
    if series is None:
        raise Http404("There is no series at this address.")
    return _form(request, FavoriteSubject(series.house_id, series=series), refusal)


def _house_id() -> int:
    house = current_house()
    if house.id is None:
        raise Http404("There is no house yet.")
    return house.id


def _form(request: HttpRequest, subject: FavoriteSubject, refusal: Refusal | None) -> HttpResponse:
    theaters, suggested = opened(theaters_for_visitors()), address_to_suggest(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    theater = next((theater for theater in theaters if theater.slug == asked.get("theater")), None)
    title, url = title_and_url(subject.movie, subject.series)
    context = {
        "title": title,
        "url": url,
        "is_series": subject.series is not None,
        "theaters": theaters if len(theaters) > 1 else [],
        "theater": theater,
        "refusal": refusal,
        "typed": request.POST,
        "suggested": suggested,
        "is_own": is_proven_address(request.user.pk, suggested),
    }
    if request.method != "POST" or refusal is not None:
        return render(request, PAGE, context)
    customer = Customer(email=address_of(request.POST), user_id=request.user.pk)
    check_address(FAVORITES_PER_ADDRESS, client_address(request))
    check(FAVORITES_PER_BROWSER, ensure_holder(request))
    favorite = ask_to_hear(subject=replace(subject, theater=theater), customer=customer, language=current_language())
    if favorite is not None:
        return redirect("favorite", favorite.code)
    return remember_holder(request, render(request, PAGE, context | {"is_asked": True}))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def favorite(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The page behind the link of the mail. GET changes nothing, because mail programs open links too."""
    found = Favorite.objects.filter(code=code).select_related("movie", "series", "theater").first()
    if found is None:
        raise Http404("There is no such favorite.")
    if request.method != "POST" or refusal is not None:
        return render(request, "reservations/favorite.html", {"favorite": favorite_facts(found), "refusal": refusal})
    confirm_favorite(code=code)
    return redirect("favorite", code)


@csrf_exempt
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """End a favorite. Mail programs post here without a page of ours (RFC 8058): the code is the proof."""
    if not Favorite.objects.filter(code=code).exists():
        raise Http404("There is no such favorite.")
    leave_favorite(code=code)
    return redirect("favorite", code)
