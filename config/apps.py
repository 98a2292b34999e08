from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """Django's admin with the office as its default site: apps register their pages without importing it."""

    default_site = "boxoffice.site.BoxOffice"
