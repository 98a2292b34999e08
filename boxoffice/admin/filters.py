"""Filters by a theater's own business day, because "today" depends on its time zone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.texts.lazy_text import gettext_lazy as _
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from staff.access import theaters_of
from theaters.models import Auditorium, Movie, Showtime

WEEK = 7
VIEW = "theaters.view_showtime"


class DayFilter(admin.SimpleListFilter):
    """Shows today and later by default. The day is the theater's business day, so a 00:30 show belongs to the evening
    before.
    """

    title = "day"
    parameter_name = "day"
    path = ""
    nothing_chosen = "From today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.now = timezone.now()
        self.theaters = list(theaters_of(request.user, VIEW))
        today = min((business_day(theater, self.now) for theater in self.theaters), default=self.now.date())
        coming = [today + timedelta(days=ahead) for ahead in range(2, WEEK)]
        days = [(day.isoformat(), f"{day:%a %d %b}") for day in coming]
        chosen = _as_day(self.value())
        if chosen and chosen not in coming:
            days.append((chosen.isoformat(), f"{chosen:%a %d %b %Y}"))
        more = [("week", "Next 7 days"), ("past", "Past"), ("all", "All")]
        return [("today", "Today"), ("tomorrow", "Tomorrow"), *days, *more]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": self.nothing_chosen} if number == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if (self.value() or self.default()) == "all":
            return queryset
        wanted = Q(pk__in=[])
        for theater in self.theaters:
            wanted |= self._span(theater)
        return queryset.filter(wanted)

    def default(self) -> str:
        return "coming"

    def _span(self, theater: Theater) -> Q:
        first, last = self._days(theater)
        span = Q(**{f"{self.path}auditorium__theater": theater})
        if first is not None:
            span &= Q(**{f"{self.path}starts_at__gte": day_bounds(theater, first)[0]})
        if last is not None:
            span &= Q(**{f"{self.path}starts_at__lt": day_bounds(theater, last)[1]})
        return span

    def _days(self, theater: Theater) -> tuple[date | None, date | None]:
        """The first and last day wanted at this theater; None means no limit."""
        today = business_day(theater, self.now)
        value = self.value() or self.default()
        if day := _as_day(value):
            return day, day
        return {
            "today": (today, today),
            "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
            "week": (today, today + timedelta(days=WEEK - 1)),
            "past": (None, today - timedelta(days=1)),
        }.get(value, (today, None))


class ShowDayFilter(DayFilter):
    """Filters bookings by the day of their show; shows all by default."""

    title = _("day of the show")
    path = "showtime__"
    nothing_chosen = "Any day"

    def default(self) -> str:
        return "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [choice for choice in super().lookups(request, model_admin) if choice[0] != "all"]


class TheaterFilter(admin.SimpleListFilter):
    title = "theater"
    parameter_name = "theater"
    path = "auditorium__theater"
    permission = VIEW

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        theaters = theaters_of(request.user, self.permission)
        return [(str(pk), name) for pk, name in theaters.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pk = _as_key(self.value())
        return queryset if pk is None else queryset.filter(**{self.path: pk})


class ShowTheaterFilter(TheaterFilter):
    path = "showtime__auditorium__theater"
    permission = "reservations.view_booking"


class AuditoriumFilter(admin.SimpleListFilter):
    """Filters by an auditorium of the chosen theater; all auditoriums would be too many to list."""

    title = "auditorium"
    parameter_name = "auditorium"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        theater, chosen = _as_key(request.GET.get("theater")), _as_key(self.value())
        mine = Auditorium.objects.filter(theater__in=theaters_of(request.user, VIEW))
        auditoriums = mine.select_related("theater").order_by("theater__name", "name")
        if theater is None:
            auditoriums = auditoriums.filter(pk=chosen or 0)
            return [
                (str(auditorium.pk), f"{auditorium.theater.name} · {auditorium.name}") for auditorium in auditoriums
            ]
        return [(str(auditorium.pk), auditorium.name) for auditorium in auditoriums.filter(theater=theater)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pk = _as_key(self.value())
        return queryset if pk is None else queryset.filter(auditorium=pk)


class ChosenFilter(admin.SimpleListFilter):
    """A filter set by a link from another page; visible only then, with a link back to all."""

    def name_of(self, pk: int, theaters: QuerySet[Theater]) -> str:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        pk = _as_key(self.value())
        return [] if pk is None else [(str(pk), self.name_of(pk, theaters_of(request.user, VIEW)))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pk = _as_key(self.value())
        return queryset if pk is None else queryset.filter(**{self.parameter_name or "pk": pk})


class MovieFilter(ChosenFilter):
    title = "movie"
    parameter_name = "movie"

    def name_of(self, pk: int, theaters: QuerySet[Theater]) -> str:
        return str(Movie.objects.filter(pk=pk).first() or "A movie that is not here")


class ShowtimeFilter(ChosenFilter):
    title = "showtime"
    parameter_name = "showtime"

    def name_of(self, pk: int, theaters: QuerySet[Theater]) -> str:
        mine = Showtime.objects.with_names().filter(auditorium__theater__in=theaters)
        return str(mine.filter(pk=pk).first() or "A showtime that is not here")


def _as_day(value: str | None) -> date | None:
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2199, 12, 30) else None


def _as_key(value: str | None) -> int | None:
    """A primary key from the address; anything else filters nothing."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 18 else None
