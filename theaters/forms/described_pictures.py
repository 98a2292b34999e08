"""Pictures in rows of a page, described in each language that is offered."""

from typing import Any

from django import forms

from houses.models import TheaterPhoto
from houses.selectors import languages_to_translate
from theaters.forms.translations import translation_fields, translation_name

Descriptions: Any = translation_fields(TheaterPhoto, "alt")


class DescribedPictureForm(forms.ModelForm, Descriptions):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.show_translations(self.instance.translations)
        self.keep_offered_languages()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.translations = self.translations()
        return data


def description_names() -> list[str]:
    return ["alt", *(translation_name(code, "alt") for code in languages_to_translate())]
