"""Roles at theaters, invitations, the audit log."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "staff"
