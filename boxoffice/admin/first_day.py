"""URLs of a theater's first day, with the same access checks as the office."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from boxoffice.views import first_day


def first_day_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("first-day/", view(first_day.begin), name="first_day_begin"),
        path("first-day/<int:theater_id>/auditorium/", view(first_day.auditorium), name="first_day_auditorium"),
        path("first-day/<int:theater_id>/prices/", view(first_day.prices), name="first_day_prices"),
        path("first-day/<int:theater_id>/law/", view(first_day.law), name="first_day_law"),
        path("first-day/<int:theater_id>/movie/", view(first_day.movie), name="first_day_movie"),
        path("first-day/<int:theater_id>/week/", view(first_day.week), name="first_day_week"),
        path("first-day/<int:theater_id>/try/", view(first_day.tries), name="first_day_try"),
    ]
