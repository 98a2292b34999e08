"""URLs of the reports, with the same access checks as the office."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from boxoffice.views import reports


def report_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("reports/showtimes/<int:showtime_id>/", view(reports.showtime_report), name="report_showtime"),
        path("reports/showtimes/<int:showtime_id>.csv", view(reports.showtime_csv), name="report_showtime_csv"),
        *(
            path(f"reports/{which.replace('_', '-')}/", view(reports.report), {"which": which}, name=f"report_{which}")
            for which in reports.REPORTS
        ),
        *(
            path(f"reports/{which.replace('_', '-')}.csv", view(reports.report_csv), {"which": which},
                 name=f"report_{which}_csv")
            for which in reports.REPORTS
        ),
    ]  # fmt: skip
