"""Descriptions of pictures (alt texts) for people who do not see them: a column, and its translations in another one."""

from typing import Any

from django.db import models

from core.columns import CheckedJSONField
from core.texts.translated_texts import translated_text, validate_texts


def validate_descriptions(texts: Any) -> None:
    """Check descriptions such as {"de": {"alt": "…"}}."""
    validate_texts(texts, ("alt",))


class DescribedPicture(models.Model):
    """Base of models of pictures with translated descriptions. Subclasses define `alt`."""

    translations = CheckedJSONField(default=dict, db_default={}, blank=True, validators=[validate_descriptions])

    class Meta:
        abstract = True

    @property
    def shown_alt(self) -> str:
        return translated_text(self, "alt")
