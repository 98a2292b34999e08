"""URLs of the schedule's own pages, with the same access checks as the office."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from boxoffice.views import house_seats, moving_in, planning, programs, showtime_changes, timeline


def schedule_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("day/", view(timeline.day), name="schedule_day"),
        path("<int:showtime_id>/move/", view(timeline.move), name="schedule_move"),
        path("plan/", view(planning.plan), name="schedule_plan"),
        path("copy/", view(planning.copy), name="schedule_copy"),
        path("publish/", view(planning.publish), name="schedule_publish"),
        path("move-in/", view(moving_in.moving_in), name="schedule_move_in"),
        path("move-in/example.csv", view(moving_in.example), name="schedule_move_in_example"),
        path("changes/", view(showtime_changes.changes), name="schedule_changes"),
        path("<int:showtime_id>/alter/", view(showtime_changes.alter), name="schedule_alter"),
        path("<int:showtime_id>/alter/<int:change_id>/", view(showtime_changes.change), name="schedule_change"),
        path("seat/", view(house_seats.broken_seat), name="schedule_seat"),
        path("<int:showtime_id>/program/", view(programs.program), name="schedule_program"),
        path("<int:showtime_id>/house-seats/", view(house_seats.house_seats), name="schedule_house_seats"),
    ]
