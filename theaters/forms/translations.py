"""Fields for words in the languages of the installation: name_de, note_de … kept in the column `translations`."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import models

LABELS = {"name": "Name in %s", "note": "Note in %s"}


def translation_name(language: str, field: str) -> str:
    return f"{field}_{language}"


def translation_names(*fields: str) -> tuple[str, ...]:
    """Of all the fields of a form, for its page."""
    return tuple(translation_name(language, field) for language, _ in settings.LANGUAGES for field in fields)


def translation_fields(model: type[models.Model], *fields: str) -> Any:
    """A base of a form: optional fields as long as the model's."""
    made = {
        translation_name(language, field): forms.CharField(
            required=False,
            max_length=getattr(model._meta.get_field(field), "max_length", None),
            label=LABELS[field] % spoken,
        )
        for language, spoken in settings.LANGUAGES
        for field in fields
    }
    return type("TranslationFields", (_Translations,), {**made, "translated": fields})


class _Translations(forms.Form):
    translated: tuple[str, ...] = ()

    def show_translations(self, translations: dict[str, Any]) -> None:
        for language, _ in settings.LANGUAGES:
            for field in self.translated:
                if (shown := self.fields.get(translation_name(language, field))) is not None:
                    shown.initial = translations.get(language, {}).get(field, "")

    def translations(self) -> dict[str, dict[str, str]]:
        """What was typed; languages without a word are left out."""
        found: dict[str, dict[str, str]] = {}
        for language, _ in settings.LANGUAGES:
            for field in self.translated:
                if text := self.cleaned_data.get(translation_name(language, field), "").strip():
                    found.setdefault(language, {})[field] = text
        return found
