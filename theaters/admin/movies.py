from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from staff.access import theaters_of
from staff.office import NOTHING, SHARED, OfficeInline, opens, state_chip
from theaters.admin.movie_archive import ArchiveFilter, MovieArchive
from theaters.admin.translated import TranslatedAdmin
from theaters.forms import MovieForm, RatingForm, RatingFormSet, StillForm, VersionForm, VersionFormSet
from theaters.forms.described_pictures import description_names
from theaters.models import Movie, MovieRating, MovieStill, MovieVersion
from theaters.models.movies import HIRE_SLUG, TRANSLATED_TEXTS
from theaters.movies.movie_use import refusal_to_change, theater_ids_using
from theaters.selectors import poster_url

MOST_STILLS = 12


class RatingInline(OfficeInline):
    theater_path = SHARED
    model = MovieRating
    form = RatingForm
    formset = RatingFormSet
    extra = 1
    verbose_name = _("age rating")
    verbose_name_plural = _("age ratings")


class VersionInline(OfficeInline):
    theater_path = SHARED
    model = MovieVersion
    form = VersionForm
    formset = VersionFormSet
    extra = 1
    verbose_name = "version"
    verbose_name_plural = _("versions: what it comes in; none: 2D with its own sound")


class StillInline(OfficeInline):
    theater_path = SHARED
    model = MovieStill
    form = StillForm
    extra = 1
    max_num = MOST_STILLS
    verbose_name = _("still")
    verbose_name_plural = _("stills: pictures from the movie, on its page")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["picture", *description_names(), "position"]


class ProgramFilter(admin.SimpleListFilter):
    title = "program"
    parameter_name = "program"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ahead", "Has showtimes ahead"), ("none", "No showtimes ahead")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("ahead", "none"):
            return queryset
        return queryset.filter(showtimes_ahead__gt=0) if self.value() == "ahead" else queryset.filter(showtimes_ahead=0)


@admin.register(Movie)
class MovieAdmin(TranslatedAdmin, MovieArchive):
    form = MovieForm
    translated_texts = TRANSLATED_TEXTS
    inlines = [VersionInline, RatingInline, StillInline]
    list_display = [
        "poster_small",
        "title",
        "year",
        "director",
        "state",
        "minutes_count",
        "versions_text",
        "ratings_text",
        "showtimes_count",
    ]
    list_display_links = ["title"]
    list_filter = [ArchiveFilter, ProgramFilter]
    ordering = ["title", "pk"]
    search_fields = ["title", "original_title", "director", "code"]
    search_help_text = "Title, original title, director or code"
    empty_words = {"coming_house": _("All houses")}
    readonly_fields = ["poster"]
    fieldsets = [
        (None, {"fields": ["title", "kind", "slug", "code", "original_title", "tagline", "synopsis"]}),
        (
            _("Facts"),
            {
                "fields": [
                    ("year", "running_minutes"),
                    "director",
                    "cast",
                    "countries",
                    "languages",
                    "genres",
                    "credits",
                ]
            },
        ),
        (_("Coming soon"), {"fields": [("coming_on", "coming_season"), "coming_house"]}),
        (_("Poster"), {"fields": ["poster", "poster_image", "poster_layout", "palette", "trailer_url"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        planned = Q(showtimes__starts_at__gt=timezone.now()) & ~Q(showtimes__status="CANCELED")
        # All theaters share movies, but nobody sees how often other theaters show them.
        mine = Q(showtimes__auditorium__theater__in=theaters_of(request.user, "theaters.view_showtime"))
        ahead = Count("showtimes", filter=planned & mine)
        works = super().get_queryset(request).exclude(slug=HIRE_SLUG)
        return works.annotate(showtimes_ahead=ahead).prefetch_related("ratings", "versions")

    def theaters_using(self, obj: Movie) -> frozenset[int]:
        return theater_ids_using(obj)

    def refusal(self, obj: Movie, theater_ids: frozenset[int]) -> str:
        return refusal_to_change(movie=obj, theater_ids=theater_ids)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The address of a movie is printed on posters and linked from mails.
        known = super().get_readonly_fields(request, obj)
        return [*known, "slug"] if obj else known

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:  # noqa: FBT001
        old = form.initial.get("poster_image") if change and "poster_image" in form.changed_data else None
        super().save_model(request, obj, form, change)
        if old:
            transaction.on_commit(lambda: old.storage.delete(old.name))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        super().save_formset(request, form, formset, change)
        if formset.model is MovieStill:
            gone = [still.picture for still in formset.deleted_objects]
            gone += [one.initial["picture"] for one in formset.initial_forms if "picture" in one.changed_data]
            transaction.on_commit(lambda: [old.storage.delete(old.name) for old in gone])

    @admin.display(description="poster")
    def poster_small(self, movie: Movie) -> SafeString:
        return format_html(
            '<img class="poster-small" src="{}" alt="" width="32" height="48" loading="lazy">', poster_url(movie)
        )

    @admin.display(description=_("as shown"))
    def poster(self, movie: Movie) -> SafeString | str:
        if not movie.pk:
            return gettext("It is drawn from title, year, director and palette when you save.")
        return format_html(
            '<img class="poster" src="{}" alt="Poster of {}" width="160" height="240">', poster_url(movie), movie
        )

    @admin.display(description="state", ordering="archived_at")
    def state(self, movie: Movie) -> SafeString:
        return state_chip("expired", "Archived") if movie.archived_at else state_chip("published", "In use")

    @admin.display(description="minutes", ordering="running_minutes")
    def minutes_count(self, movie: Movie) -> int:
        return movie.running_minutes

    @admin.display(description="versions")
    def versions_text(self, movie: Movie) -> str:
        """The pictures, and how many versions there are of them; the movie's page has them all."""
        offered = movie.offered()
        pictures = ", ".join(dict.fromkeys(version.picture for version in offered))
        return pictures if len(offered) == 1 else f"{pictures} ({len(offered)})"

    @admin.display(description="ratings")
    def ratings_text(self, movie: Movie) -> str:
        return ", ".join(f"{rating.country} {rating.label}" for rating in movie.ratings.all()) or NOTHING

    @admin.display(description=_("showtimes ahead"), ordering="showtimes_ahead")
    def showtimes_count(self, movie: Any) -> SafeString | str:
        if not movie.showtimes_ahead or not opens("theaters_showtime"):
            return movie.showtimes_ahead or NOTHING
        url = f"{reverse('admin:theaters_showtime_changelist')}?movie={movie.pk}"
        return format_html('<a href="{}">{}</a>', url, movie.showtimes_ahead)
