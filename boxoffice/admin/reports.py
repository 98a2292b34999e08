"""The addresses of the reports, behind the same door as the rest of the office."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from boxoffice.views import reports


def report_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view
    return [
        path("reports/sales/", view(reports.sales_report), name="report_sales"),
        path("reports/sales.csv", view(reports.sales_csv), name="report_sales_csv"),
        path("reports/occupancy/", view(reports.occupancy_report), name="report_occupancy"),
    ]
