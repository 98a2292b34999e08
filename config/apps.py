from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """Django's admin with the office as its site: every app registers there without knowing it."""

    default_site = "boxoffice.site.BoxOffice"
