"""Import and export of movies: upload or paste, look, confirm. Every page works without script."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from staff.access import staff_actor, theater_ids_of
from staff.shared_rows import SharedAdmin
from theaters.forms.movie_files import MovieFileForm
from theaters.models import Movie
from theaters.movies.movie_columns import COLUMNS
from theaters.movies.movie_files import EXAMPLE, MovieTable, Values, as_csv, as_json, values_of
from theaters.movies.movie_import import ImportAction, ImportPreview, ImportRefused, apply, preview_import

PAGE = "admin/theaters/movie/import.html"
CHANGE = "theaters.change_movie"
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


class MovieFiles(SharedAdmin):
    """Import and export of movies as files, on the admin page of movies."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="theaters_movie_import"),
            path("import/example.<slug:kind>", view(self.example_view), name="theaters_movie_example"),
            path("export.<slug:kind>", view(self.export_view), name="theaters_movie_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {"may_import": self._may_import(request), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self._may_import(request):
            raise PermissionDenied
        form = MovieFileForm(request.POST, request.FILES) if request.method == "POST" else MovieFileForm()
        context = {
            **self.admin_site.each_context(request), "title": "Import movies", "opts": self.opts, "form": form,
            "columns": [column.name for column in COLUMNS],
        }  # fmt: skip
        if request.method == "POST" and form.is_valid() and form.table is not None:
            if "_apply" in request.POST:
                try:
                    return self._applied(request, form.table)
                except ImportRefused as refusal:
                    context["refusal"] = str(refusal)
            context |= _preview_context(form, form.table, theater_ids_of(request.user, CHANGE))
        return TemplateResponse(request, PAGE, context, status=409 if "refusal" in context else 200)

    def _applied(self, request: HttpRequest, table: MovieTable) -> HttpResponse:
        shown, actor = request.POST.get("fingerprint", ""), staff_actor(request.user)
        theater_ids = theater_ids_of(request.user, CHANGE)
        done = apply(table.rows, theater_ids=theater_ids, fingerprint=shown, actor=actor, now=timezone.now())
        new, changed = len(done.of(ImportAction.CREATE)), len(done.of(ImportAction.CHANGE))
        self.message_user(
            request,
            gettext("Imported: %(new)s new, %(changed)s changed.") % {"new": new, "changed": changed},
            messages.SUCCESS,
        )
        return redirect("admin:theaters_movie_changelist")

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _download(kind, "movies", map(values_of, Movie.objects.works().prefetch_related("versions", "ratings")))

    @method_decorator(require_safe)
    def example_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _download(kind, "movies-example", EXAMPLE)


def _preview_context(form: MovieFileForm, table: MovieTable, theater_ids: frozenset[int] | None) -> dict[str, Any]:
    look: ImportPreview = preview_import(table.rows, theater_ids=theater_ids, now=timezone.now())
    groups = [
        (fate, look.of(fate))
        for fate in (ImportAction.REFUSE, ImportAction.CREATE, ImportAction.CHANGE, ImportAction.SAME)
    ]
    return {
        "look": look,
        "groups": [group for group in groups if group[1]],
        "unknown": table.unknown,
        "source": form.source,
    }


def _download(kind: str, name: str, movies: Iterable[Values]) -> HttpResponseBase:
    if kind not in KINDS:
        raise Http404("There is no such format.")
    body = as_csv(movies) if kind == "csv" else [as_json(movies)]
    answer = StreamingHttpResponse(body, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer
