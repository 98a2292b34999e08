"""Shared code without knowledge of the other apps."""

from django.apps import AppConfig
from django.db.models import fields

from core.texts.directions import isolate_in_sentences
from core.texts.lazy_text import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # Django's hook for what the empty choice of a list says. Where empty means something, the form says that instead.
        fields.BLANK_CHOICE_LABEL = _("Choose …")
        isolate_in_sentences()
        from core import checks  # noqa: F401  (registers the system checks)
