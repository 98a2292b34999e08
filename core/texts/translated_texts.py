"""Texts that staff write in several languages: a column `translations`, {"de": {"title": "…"}}, beside the row's own texts.

What is not translated is said as in the row itself.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from core.texts.languages import current_language

type Translations = Mapping[str, Mapping[str, str]]


def translated_text(row: Any, name: str) -> str:
    """In the reader's language, else as it stands in the row."""
    return row.translations.get(current_language(), {}).get(name) or getattr(row, name)


def translations_of(row: Any, name: str) -> list[str]:
    """What this text is called in other languages, where it is."""
    return [texts[name] for texts in row.translations.values() if texts.get(name)]


def validate_texts(translations: Any, names: Collection[str]) -> None:
    """Raises ValidationError for what is not kept by language and one of these names of texts."""
    is_dict = isinstance(translations, dict) and all(isinstance(texts, dict) for texts in translations.values())
    if not is_dict or any(set(texts) - set(names) for texts in translations.values()):
        raise ValidationError("Translations are kept by language and kind of text.")
