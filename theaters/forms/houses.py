"""A house: its name, its look, its law; and a text of one of its pages."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from core.house_facts import HouseFacts
from core.lazy_text import gettext_lazy as _
from houses.colors import HEX
from houses.models import House, PageText, Post
from houses.models.pages import LONGEST_TEXT
from theaters.forms.fields import PictureField
from theaters.forms.translations import translation_fields
from theaters.models import SeatCategory, Series
from theaters.models.series import TRANSLATED_TEXTS
from theaters.seat_colors import problems_of_colors
from theaters.services.posters import as_logo, as_news_picture
from theaters.services.uploaded_pictures import PictureRefused

COLORS = ("accent_light", "accent_dark", "surface_light", "surface_dark")


class HouseForm(forms.ModelForm):
    logo = PictureField(
        label=_("Logo"), required=False, help_text=_("PNG or WebP up to 5 MB. Without a logo the name is written.")
    )

    class Meta:
        model = House
        fields = "__all__"  # noqa: DJ007  (the admin page names them)
        widgets = {name: forms.TextInput(attrs={"type": "color"}) for name in COLORS}
        help_texts = {
            "domains": _("Separated by commas, the first for links in mails. Empty: the address of the installation."),
            "social_links": _("Addresses with https://, separated by commas."),
            "languages": _("Codes such as en, de, separated by commas. Empty: all."),
        }

    def clean_domains(self) -> list[str]:
        domains: list[str] = self.cleaned_data["domains"] or []
        known = settings.ALLOWED_HOSTS
        for domain in domains:
            if "*" not in known and domain not in known:
                raise forms.ValidationError(
                    f"The system does not answer to {domain} yet: the people who run it add it to ALLOWED_HOSTS first."
                )
        return domains

    def clean_logo(self) -> Any:
        return _redrawn(self.cleaned_data["logo"], as_logo)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        surfaces = [str(data.get(f"surface_{theme}")) for theme in ("light", "dark")]
        if not data.get("has_own_colors"):
            self._require_seats_made_out(HouseFacts.surfaces, {"light": "has_own_colors", "dark": "has_own_colors"})
        elif all(map(HEX.fullmatch, surfaces)):
            self._require_seats_made_out(surfaces, {"light": "surface_light", "dark": "surface_dark"})
        return data

    def _require_seats_made_out(self, surfaces: Sequence[str], fields: dict[str, str]) -> None:
        """Seat categories with colors of their own were checked against the surface that the house had."""
        colored = SeatCategory.objects.filter(theater__house=self.instance.pk).exclude(color_light="")
        for category in colored.select_related("theater").order_by("pk"):
            colors = (category.color_light, category.color_dark)
            for theme, sentence in problems_of_colors(colors, surfaces).items():
                self.add_error(fields[theme], f"{category.theater}, {category}: {sentence}")


class PageTextForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 90}),
        help_text=_("Markdown: ## for a heading, **bold**, - for a list, [words](https://address) for a link."),
    )
    holds_from = forms.SplitDateTimeField(
        label=_("Holds from"), required=False, help_text=_("Empty: at once."),
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
    )  # fmt: skip

    class Meta:
        model = PageText
        fields = ("language", "title", "body", "holds_from")


class PostForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    picture = PictureField(label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP up to 5 MB."))

    class Meta:
        model = Post
        fields = "__all__"  # noqa: DJ007  (the admin page names them)

    def clean_picture(self) -> Any:
        return _redrawn(self.cleaned_data["picture"], as_news_picture)


SeriesTranslations: Any = translation_fields(Series, *TRANSLATED_TEXTS)


class SeriesForm(forms.ModelForm, SeriesTranslations):
    class Meta:
        model = Series
        fields = "__all__"  # noqa: DJ007  (the admin page names them)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.show_translations(self.instance.translations)
        self.keep_offered_languages()

    def clean(self) -> dict[str, Any]:
        self.instance.translations = self.translations()
        return super().clean() or {}


def _redrawn(picture: Any, redraw: Callable[[UploadedFile], ContentFile]) -> Any:
    """An upload written anew; a picture that was there stays as it is. Raises ValidationError."""
    if not isinstance(picture, UploadedFile):
        return picture
    try:
        return redraw(picture)
    except PictureRefused as refusal:
        raise forms.ValidationError(str(refusal)) from None
