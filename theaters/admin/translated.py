"""Admin pages of rows with texts in several languages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.texts.languages import language_name
from core.texts.lazy_text import gettext_lazy as _
from houses.selectors import languages_to_translate
from staff.office import NOTHING
from staff.shared_rows import SharedAdmin
from theaters.forms.translations import translation_name

AS_ABOVE = _("What is empty here is said as above. Search finds it by each of its titles and names.")


class TranslatedAdmin(SharedAdmin):
    """Base of such pages. Subclasses set `translated_texts`; the form has a field per text and language."""

    translated_texts: tuple[str, ...] = ()
    translated_description: Any = AS_ABOVE

    def languages(self, obj: Any) -> list[str]:
        """The languages this row is translated into; `obj` is None for a new row."""
        return languages_to_translate()

    def translated_fields(self, code: str, obj: Any) -> list[str]:
        """The names of the form's fields for a language."""
        return [translation_name(code, text) for text in self.translated_texts]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the other languages, as fields for editors and as text for others."""
        found = super().get_fieldsets(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may_write:
            return [*found, (_("In other languages"), {"fields": ["translated"]})]
        return [
            *found,
            *(
                (
                    gettext("In %(language)s") % {"language": language_name(code)},
                    {
                        "fields": self.translated_fields(code, obj),
                        "description": self.translated_description,
                    },
                )
                for code in self.languages(obj)
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "translated"]

    @admin.display(description=_("texts"))
    def translated(self, row: Any) -> SafeString | str:
        said = [(code, text) for code, texts in sorted(row.translations.items()) for text in texts.values()]
        return format_html_join("", '<p lang="{}">{}</p>', said) or NOTHING
