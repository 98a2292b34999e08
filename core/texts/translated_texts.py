"""Texts that staff write in several languages: a column `translations`, {"de": {"title": "…"}}, beside the row's own
texts.

Where a translation is missing, the row's own text is used.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from core.texts.languages import current_language

type Translations = Mapping[str, Mapping[str, str]]


def translated_text(row: Any, name: str) -> str:
    """The text in the reader's language, else as the row has it."""
    return row.translations.get(current_language(), {}).get(name) or getattr(row, name)


def translations_of(row: Any, name: str) -> list[str]:
    """All translations of this text."""
    return [texts[name] for texts in row.translations.values() if texts.get(name)]


def validate_texts(translations: Any, names: Collection[str]) -> None:
    """Check that texts are stored by language and known name. Raises ValidationError."""
    is_dict = isinstance(translations, dict) and all(isinstance(texts, dict) for texts in translations.values())
    if not is_dict or any(set(texts) - set(names) for texts in translations.values()):
        raise ValidationError("Translations are kept by language and kind of text.")
