"""Fields for words in the languages of the installation: name_de, note_de … kept in the column `translations`."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.db import models

from core.texts.languages import SOURCE, language_name
from houses.selectors import languages_to_translate

LABELS = {
    "name": "Name in %s", "note": "Note in %s",
    "title": "Title in %s", "tagline": "Tagline in %s", "synopsis": "Synopsis in %s",
    "text": "Text in %s", "credits": "Credits in %s", "coming_season": "Season in %s", "alt": "What it shows in %s",
    "program_title": "Title of the program in %s", "footer_text": "Footer text in %s",
    "picture_alt": "What the picture shows in %s",
}  # fmt: skip

# The width of the office's own fields.
AS_LONG = {"class": "vLargeTextField", "rows": 6}
AS_LINE = {"class": "vTextField"}


def translation_name(language: str, field: str) -> str:
    return f"{field}_{language}"


def translation_names(*fields: str) -> tuple[str, ...]:
    """The names of the translation fields for these model fields, in all languages."""
    return tuple(translation_name(language, field) for language, _ in settings.LANGUAGES for field in fields)


def translation_fields(model: type[models.Model], *fields: str) -> Any:
    """Return a form base with optional translation fields, as long as the model's."""
    made = {
        translation_name(language, field): _optional(model, field, language)
        for language, _ in settings.LANGUAGES
        for field in fields
    }
    return type("TranslationFields", (_Translations,), {**made, "translated": fields})


def _optional(model: type[models.Model], field: str, language: str) -> forms.CharField:
    column: Any = model._meta.get_field(field)
    is_long = isinstance(column, models.TextField)
    widget = forms.Textarea(attrs=AS_LONG) if is_long else forms.TextInput(attrs=AS_LINE)
    label = LABELS[field] % language_name(language, SOURCE)
    return forms.CharField(required=False, max_length=column.max_length, label=label, widget=widget)


class _Translations(forms.Form):
    translated: tuple[str, ...] = ()
    instance: Any

    def show_translations(self, translations: dict[str, Any]) -> None:
        for language, _ in settings.LANGUAGES:
            for field in self.translated:
                if (shown := self.fields.get(translation_name(language, field))) is not None:
                    shown.initial = translations.get(language, {}).get(field, "")

    def keep_offered_languages(self) -> None:
        """Remove the fields of languages that no house offers; their texts stay stored."""
        self.keep_languages(languages_to_translate())

    def keep_languages(self, kept: Collection[str]) -> None:
        for language in (code for code, _ in settings.LANGUAGES if code not in kept):
            for field in self.translated:
                self.fields.pop(translation_name(language, field), None)

    def translations(self) -> dict[str, dict[str, str]]:
        """Return the texts by language. Texts without a field are kept; empty languages are left out."""
        found: dict[str, dict[str, str]] = {}
        for language, _ in settings.LANGUAGES:
            for field in self.translated:
                if text := self._said(language, field):
                    found.setdefault(language, {})[field] = text
        return found

    def _said(self, language: str, field: str) -> str:
        name = translation_name(language, field)
        if name not in self.fields:
            return str(self.instance.translations.get(language, {}).get(field, ""))
        return str(self.cleaned_data.get(name, "")).strip()
