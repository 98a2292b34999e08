"""Code that all apps share. It imports none of them."""

from django.apps import AppConfig
from django.db.models import fields

from core.texts.directions import isolate_in_sentences
from core.texts.lazy_text import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # Django's label of the empty choice in every list. A form in which "empty" means something sets its own label.
        fields.BLANK_CHOICE_LABEL = _("Choose …")
        isolate_in_sentences()
        from core import checks  # noqa: F401  (registers the system checks)
