"""Forms of a house (name, look, legal facts) and of the text of one of its pages."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http.request import validate_host
from django.utils.translation import gettext

from core.house_facts import HouseFacts
from core.texts.languages import language_name
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from houses.colors import HEX
from houses.models import House, PageText, Post
from houses.models.houses import DOMAIN
from houses.models.houses import TRANSLATED_TEXTS as HOUSE_TEXTS
from houses.models.pages import LONGEST_TEXT, POST_TEXTS
from houses.selectors import zone_of_house
from theaters.forms.fields import HouseMomentField, PictureField
from theaters.forms.section_names import SeatNotesField, SectionNamesField
from theaters.forms.translations import translation_fields, translation_name
from theaters.models import SeatCategory, Series
from theaters.models.series import TRANSLATED_TEXTS
from theaters.movies.house_pictures import as_logo, as_news_picture
from theaters.movies.uploaded_pictures import PictureRefused
from theaters.seat_colors import problems_of_colors
from theaters.section_names import seat_notes_of, sections_of_auditoriums

COLORS = ("accent_light", "accent_dark", "surface_light", "surface_dark")


HouseTranslations: Any = translation_fields(House, *HOUSE_TEXTS)


def section_names_field(language: str) -> str:
    return f"section_names_{language}"


def seat_notes_field(language: str) -> str:
    return f"seat_notes_{language}"


class PlanWords(forms.Form):
    """Names of sections and notes of seats in other languages; an empty one means that of the plan."""

    locals().update({
        section_names_field(code): SectionNamesField(label=_("Sections and areas in %s") % language_name(code), required=False)
        for code, _spoken in settings.LANGUAGES
    } | {
        seat_notes_field(code): SeatNotesField(label=_("Texts of seats in %s") % language_name(code), required=False)
        for code, _spoken in settings.LANGUAGES
    })  # fmt: skip


class HouseForm(PlanWords, forms.ModelForm, HouseTranslations):
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        others = self.instance.offered_languages[1:]
        self.show_translations(self.instance.translations)
        self.keep_languages(others)
        self._offer_plan_words(others)

    def _offer_plan_words(self, languages: Sequence[str]) -> None:
        """Keep the fields of these languages, where the house has sections and notes of seats."""
        auditoriums = sections_of_auditoriums(self.instance.pk) if self.instance.pk else []
        notes = seat_notes_of(self.instance.pk) if self.instance.pk else []
        for code, _spoken in settings.LANGUAGES:
            sections, said = self.fields.get(section_names_field(code)), self.fields.get(seat_notes_field(code))
            if isinstance(sections, SectionNamesField) and code in languages and auditoriums:
                sections.for_auditoriums(auditoriums)
                self.initial[section_names_field(code)] = self.instance.section_names.get(code, {})
            else:
                self.fields.pop(section_names_field(code), None)
            if isinstance(said, SeatNotesField) and code in languages and notes:
                said.for_notes(notes)
                self.initial[seat_notes_field(code)] = self.instance.seat_notes.get(code, {})
            else:
                self.fields.pop(seat_notes_field(code), None)

    def clean_domains(self) -> list[str]:
        domains: list[str] = self.cleaned_data["domains"] or []
        for domain in domains:
            DOMAIN(domain)
            if not validate_host(domain, settings.ALLOWED_HOSTS):
                raise forms.ValidationError(
                    f"The system does not answer to {domain} yet: the people who run it add it to ALLOWED_HOSTS first."
                )
        return domains

    def clean_logo(self) -> Any:
        return _redrawn(self.cleaned_data["logo"], as_logo)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.translations = self.translations()
        self.instance.section_names = self._plan_words(data, section_names_field, self.instance.section_names)
        self.instance.seat_notes = self._plan_words(data, seat_notes_field, self.instance.seat_notes)
        if "has_own_colors" not in self.changed_data and set(COLORS) & set(self.changed_data):
            data["has_own_colors"] = True  # a chosen color counts, even without the box ticked
        surfaces = [str(data.get(f"surface_{theme}")) for theme in ("light", "dark")]
        if not data.get("has_own_colors"):
            self._require_seats_made_out(HouseFacts.surfaces, {"light": "has_own_colors", "dark": "has_own_colors"})
        elif all(map(HEX.fullmatch, surfaces)):
            self._require_seats_made_out(surfaces, {"light": "surface_light", "dark": "surface_dark"})
        return data

    def _plan_words(
        self, data: dict[str, Any], field_of: Callable[[str], str], before: dict[str, dict[str, str]]
    ) -> dict[str, dict[str, str]]:
        """Return the typed words by language. Words of older plans, which have no field, are kept."""
        said = {}
        for code, _spoken in settings.LANGUAGES:
            kept = before.get(code, {})
            if (field := self.fields.get(name := field_of(code))) is not None:
                kept = {one: text for one, text in kept.items() if one not in field.widget.words}
            if names := {**kept, **data.get(name, {})}:
                said[code] = names
        return said

    def _require_seats_made_out(self, surfaces: Sequence[str], fields: dict[str, str]) -> None:
        """Refuse a surface color on which seat categories with colors of their own are hard to see: they were checked
        against the old one.
        """
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
    holds_from = HouseMomentField(label=_("Holds from"))

    class Meta:
        model = PageText
        fields = ("language", "title", "body", "holds_from")

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        by_clock_of(self.fields["holds_from"], zone, _("Empty: at once."))


def by_clock_of(field: Any, zone: ZoneInfo, if_empty: str) -> None:
    """Let a moment be typed by the clock of a house, and say which clock that is."""
    field.zone = zone
    field.help_text = gettext("%(if_empty)s A day without a time: from midnight. By the clock in %(zone)s.") % {
        "if_empty": if_empty,
        "zone": zone.key.rpartition("/")[2].replace("_", " "),
    }


PostTranslations: Any = translation_fields(Post, *POST_TEXTS)


def post_languages(post: Post) -> list[str]:
    """The languages into which a post is translated: those of its house except the one in which it is written."""
    offered = post.house.offered_languages if post.house_id else list(dict(settings.LANGUAGES))
    return [code for code in offered if not post.pk or code != post.language]


SAME_AS = _(
    "Where you wrote a post for each language: choose the one it belongs to. Readers see that one, with this text in this "
    "language, and this address leads there. Empty it, and it is a post of its own again."
)


def _posts_in_other_languages(post: Post) -> Any:
    """Posts of the house that this one may translate; none if it has translations itself."""
    if post.pk and post.others.exists():
        return Post.objects.none()
    posts = Post.objects.filter(same_as=None).exclude(pk=post.pk)
    return posts.filter(house=post.house_id).exclude(language=post.language) if post.pk else posts


class PostForm(forms.ModelForm, PostTranslations):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    picture = PictureField(label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP up to 5 MB."))
    published_at = HouseMomentField(label=_("Published at"))

    class Meta:
        model = Post
        fields = "__all__"  # noqa: DJ007  (the admin page names them)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.show_translations(self.instance.translations)
        self.keep_languages(post_languages(self.instance))
        if "published_at" in self.fields:
            by_clock_of(self.fields["published_at"], zone_of_house(self._house_id()), _("Empty: a draft."))
        if "same_as" in self.fields:
            field: Any = self.fields["same_as"]
            field.queryset = _posts_in_other_languages(self.instance)
            field.help_text = SAME_AS

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.translations = self.translations()
        self._require_another_language(data)
        for code, said in self.instance.translations.items():
            if code == data.get("language"):
                self.add_error("language", _("There is a translation into this language below. Empty it first."))
            elif missing := [text for text in ("title", "text") if text not in said]:
                self.add_error(translation_name(code, missing[0]), _("A translation has a title and a text."))
        return data

    def _house_id(self) -> int | None:
        """The house of the post, or the one chosen for a new post."""
        chosen = self.data.get("house") or self.initial.get("house") or ""
        return self.instance.house_id or posted_number(str(chosen))

    def _require_another_language(self, data: dict[str, Any]) -> None:
        lead = data.get("same_as")
        if lead is None:
            return
        if data.get("house") and lead.house_id != data["house"].pk:
            self.add_error("same_as", _("That is a post of another house."))
        elif lead.language == data.get("language"):
            self.add_error("same_as", _("Both are written in the same language. Say in which language this one is."))
        elif lead.others.filter(language=data.get("language")).exclude(pk=self.instance.pk).exists():
            self.add_error("same_as", _("Another post is its text in this language already."))

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
    """Return an upload as a new picture; a stored picture is kept as it is. Raises ValidationError."""
    if not isinstance(picture, UploadedFile):
        return picture
    try:
        return redraw(picture)
    except PictureRefused as refusal:
        raise forms.ValidationError(str(refusal)) from None
