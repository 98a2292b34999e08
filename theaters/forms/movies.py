"""A movie with its poster, its versions and its ratings."""

from itertools import islice
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models.functions import Now

from theaters.age_limits import RatingRow, limits_to_store
from theaters.forms.described_pictures import DescribedPictureForm
from theaters.forms.fields import PictureField
from theaters.forms.translations import translation_fields
from theaters.models import Movie, MovieRating, MovieStill, MovieVersion, Showtime
from theaters.models.movies import TRANSLATED_TEXTS
from theaters.movies.age_ratings import why_unclear
from theaters.movies.house_pictures import as_poster, as_still
from theaters.movies.movie_addresses import AddressFacts, addresses, free_address
from theaters.movies.movie_versions import missed_version
from theaters.movies.uploaded_pictures import PictureRefused
from theaters.posters import layouts
from theaters.versions import PLAIN, Version, language

TranslationFields: Any = translation_fields(Movie, *TRANSLATED_TEXTS)


class MovieForm(forms.ModelForm, TranslationFields):
    poster_layout = forms.ChoiceField(
        required=False,
        choices=[("", "By its title"), *((name, name.capitalize()) for name in layouts())],
        help_text="How the drawn poster is composed, as long as no picture is uploaded.",
    )
    poster_image = PictureField(
        required=False, help_text="JPEG, PNG or WebP up to 5 MB, upright; without one the poster is drawn."
    )

    slug = forms.SlugField(
        label="Address", max_length=80, required=False, help_text="Leave it empty, and it is made from the title."
    )

    class Meta:
        model = Movie
        fields = "__all__"  # noqa: DJ007  (the admin page names them)
        help_texts = {
            "cast": "Names, separated by commas.",
            "countries": "Two letters each, separated by commas: DE, FR.",
            "languages": "Separated by commas.",
            "genres": "Separated by commas.",
            "palette": "Three colors such as #1c1a17, #c8963e, #efe3c8: dark, middle, light.",
            "running_minutes": "Showtimes that are already planned keep their length.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.show_translations(self.instance.translations)
        self.keep_offered_languages()

    def clean_poster_image(self) -> Any:
        picture = self.cleaned_data["poster_image"]
        if not isinstance(picture, UploadedFile):
            return picture
        try:
            return as_poster(picture)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "slug" in self.fields and not data.get("slug") and "slug" not in self.errors:
            data["slug"] = self._address(data)
        self.instance.translations = self.translations()
        return data

    def _address(self, data: dict[str, Any]) -> str:
        movie = AddressFacts(
            data.get("title") or "",
            data.get("year"),
            original=data.get("original_title") or "",
            countries=tuple(data.get("countries") or ()),
        )
        taken = set(Movie.objects.filter(slug__in=list(islice(addresses(movie), 100))).values_list("slug", flat=True))
        return free_address(movie, taken=taken)

    def clean_palette(self) -> list[str]:
        colors: list[str] = self.cleaned_data["palette"] or []
        if len(colors) not in (0, 3):
            raise forms.ValidationError("A palette is three colors, or none.")
        return colors


class StillForm(DescribedPictureForm):
    picture = PictureField(help_text="JPEG, PNG or WebP up to 5 MB.")

    class Meta:
        model = MovieStill
        fields = ("picture", "alt", "position")

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if not isinstance(picture, UploadedFile):
            return picture
        try:
            return as_still(picture)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class RatingForm(forms.ModelForm):
    """The form of a rating; the ages of well-known labels are filled in, and asked for with other labels."""

    class Meta:
        model = MovieRating
        fields = ("country", "label", "min_age", "accompanied_below")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.has_changed() or self.errors:
            return data
        rating = RatingRow(data["country"], data["label"], data.get("min_age"), data.get("accompanied_below"))
        if sentence := why_unclear(rating):
            self.add_error("min_age", sentence)
        else:
            data["min_age"], data["accompanied_below"] = limits_to_store(rating)
        return data


class RatingFormSet(forms.BaseInlineFormSet):
    """Ratings of a movie. A change that matters to ticket holders is made at a showtime, which tells them."""

    def clean(self) -> None:
        super().clean()
        touched = {
            country
            for form in self.forms
            if form.has_changed() or form in self.deleted_forms
            for country in (form.initial.get("country"), form.cleaned_data.get("country"))
            if country
        }
        if self.instance.pk is None:
            return
        ahead = Showtime.objects.published().showing(self.instance).filter(ends_at__gt=Now())
        on_sale = ahead.filter(auditorium__theater__country__in=touched).first()
        if on_sale is not None:
            raise forms.ValidationError(
                f"{self.instance} is on sale in {on_sale.auditorium.theater.country}: change its rating on the page of "
                "a showtime there, under “Change or cancel”, so that everybody who has a ticket is told."
            )


class VersionForm(forms.ModelForm):
    class Meta:
        model = MovieVersion
        fields = ("picture", "dubbed_in", "subtitles_in")
        widgets = {name: forms.TextInput(attrs={"size": 18}) for name in ("dubbed_in", "subtitles_in")}

    def clean_dubbed_in(self) -> str:
        return language(self.cleaned_data["dubbed_in"])

    def clean_subtitles_in(self) -> str:
        return language(self.cleaned_data["subtitles_in"])


class VersionFormSet(forms.BaseInlineFormSet):
    """Versions of a movie. One that a coming showtime has cannot be removed."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        names = VersionForm.Meta.fields
        offered = [Version(*(data[name] for name in names)) for data in kept if "picture" in data] or [PLAIN]
        if self.instance.pk and (refusal := missed_version(movie=self.instance, offered=offered, now=Now())):
            raise forms.ValidationError(refusal)
