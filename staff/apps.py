"""Roles at theaters, invitations, devices and PINs, the audit log."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "staff"
