"""The pages of staff: office, counter and door."""

from django.apps import AppConfig


class BoxofficeConfig(AppConfig):
    name = "boxoffice"
