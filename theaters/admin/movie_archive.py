"""Archiving movies from their list and from their page, and bringing them back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from staff.access import staff_actor
from theaters.admin.movie_files import MovieFiles
from theaters.models import Movie
from theaters.movies.movie_archive import ArchivingRefused, archive_movie, bring_movie_back

MOST_REASON = 500


class ArchiveFilter(admin.SimpleListFilter):
    """Shows movies in use by default; a search looks at all unless the filter is set."""

    title = "archive"
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.is_search = bool(request.GET.get("q", "").strip())
        return [("in-use", "In use"), ("archived", "Archived"), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        _, *choices = super().choices(changelist)
        for choice, (value, _) in zip(choices, self.lookup_choices, strict=True):
            yield {**choice, "selected": value == self._chosen()}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self._chosen() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self._chosen() == "in-use")

    def _chosen(self) -> str:
        value = self.value()
        if value in ("in-use", "archived", "all"):
            return str(value)
        return "all" if self.is_search else "in-use"


class MovieArchive(MovieFiles):
    actions = ["archive", "bring_back"]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        movie = self.get_object(request, object_id)
        extra: dict[str, Any] = {**(extra_context or {})}
        if movie is not None and self.has_change_permission(request, movie):
            if done := self._pressed(request, movie):
                return done
            extra |= {"may_archive": movie.archived_at is None, "may_bring_back": movie.archived_at is not None}
        return super().change_view(request, object_id, form_url, extra)

    def _pressed(self, request: HttpRequest, movie: Movie) -> HttpResponse | None:
        """Handle the buttons beside Save, which save nothing else."""
        for name, act in (("_archive", self._archive), ("_bring_back", self._bring_back)):
            if request.method == "POST" and name in request.POST:
                self._try(request, [movie], act)
                return redirect("admin:theaters_movie_change", movie.pk)
        return None

    @admin.action(description=_("Archive: take them out of planning"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        self._try(request, list(queryset), self._archive)

    @admin.action(description=_("Bring back from the archive"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        self._try(request, list(queryset), self._bring_back)

    def _try(self, request: HttpRequest, movies: list[Movie], act: Callable[[HttpRequest, Movie], str]) -> None:
        """Run the action for each movie; a refusal is shown and the others continue."""
        for movie in movies:
            try:
                self.message_user(request, f"{movie}: {act(request, movie)}", messages.SUCCESS)
            except ArchivingRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)

    def _archive(self, request: HttpRequest, movie: Movie) -> str:
        now = timezone.now()
        if not archive_movie(movie_id=movie.pk, actor=staff_actor(request.user), reason=_reason(request), now=now):
            return gettext("it was archived already.")
        return gettext("archived. It is not offered for planning any more; its pages and figures stay.")

    def _bring_back(self, request: HttpRequest, movie: Movie) -> str:
        if not bring_movie_back(movie_id=movie.pk, actor=staff_actor(request.user), reason=_reason(request)):
            return gettext("it was not archived.")
        return gettext("brought back. It can be planned again.")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("_reason", "")[:MOST_REASON]
