"""Form of a draft's program: a title, and parts ordered by their numbers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from boxoffice.forms.movie_choice import MovieChoice, MovieChoiceField, offered_movies
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from houses.selectors import languages_to_translate
from theaters.forms.translations import translation_fields
from theaters.models import Movie, ProgramItem, Showtime
from theaters.models.programs import LONGEST_PART_MINUTES
from theaters.schedule.programs import MOST_PARTS, TITLE_SIGNS, Program, ProgramPart, checked_program

MORE_ROWS = 3


class TitleForm(forms.Form):
    title = forms.CharField(
        label=_("Title of the program"),
        required=False,
        max_length=TITLE_SIGNS,
        help_text=_("Empty: the title of the movie, or of both where there are two."),
    )


TextTranslations: Any = translation_fields(ProgramItem, "text")


class PartForm(TextTranslations):
    """A part of a program: a movie or a text. An empty row is left out."""

    place = forms.IntegerField(label=_("Order"), min_value=0, max_value=99, required=False)
    movie = MovieChoiceField(label=_("Movie"), required=False)
    text = forms.CharField(label=_("Or a text"), required=False, max_length=160)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=LONGEST_PART_MINUTES)

    def __init__(self, *args: Any, movies: list[Movie], item: ProgramItem | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["place", "movie", "text", "minutes"])
        self.instance = item or ProgramItem()
        self.show_translations(self.instance.translations)
        self.keep_offered_languages()
        chosen: Any = self.fields["movie"]
        chosen.offer(movies=movies, also=item if item is not None and item.movie_id is not None else None)
        number = int(str(self.prefix).rpartition("-")[2]) + 1
        for bound in self:
            bound.field.widget.attrs["aria-label"] = gettext("%(label)s, part %(number)s") % {
                "label": bound.label,
                "number": number,
            }

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data.get("movie") and not self.cleaned_data.get("text")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("movie") and data.get("text"):
            self.add_error("text", gettext("Choose a movie or write a text, not both: make them two parts."))
        if data.get("text") and not data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", gettext("How many minutes does it last?"))
        return data

    def part(self) -> ProgramPart:
        data = self.cleaned_data
        choice: MovieChoice | None = data["movie"]
        if choice is None:
            return ProgramPart(text=data["text"], minutes=data["minutes"], translations=self.translations())
        return ProgramPart(choice.movie, choice.version, minutes=data["minutes"])


class ProgramForms:
    """The title and the rows of parts, with three empty ones."""

    def __init__(self, data: Any, *, showtime: Showtime) -> None:
        items = showtime.program or [_alone(showtime)]
        posted = posted_number(data.get("rows", "")) if data else None
        wanted = len(items) + MORE_ROWS if posted is None else posted
        self.count = min(wanted + (MORE_ROWS if data and "_more" in data else 0), MOST_PARTS)
        movies = offered_movies()
        self.title = TitleForm(data, initial={"title": showtime.program_title})
        self.parts = [
            PartForm(data, prefix=f"part-{number}", movies=movies, item=item, initial=_initial(item, number))
            for number, item in enumerate([*items, *[None] * self.count][: self.count])
        ]

    @property
    def languages(self) -> list[str]:
        """The names of the languages into which texts may be translated."""
        names = dict(settings.LANGUAGES)
        return [str(names[code]) for code in languages_to_translate()]

    def is_valid(self) -> bool:
        return all([self.title.is_valid(), *[form.is_valid() for form in self.parts]])

    def program(self) -> Program:
        """Return the program. Raises SchedulingRefused for an invalid one."""
        filled = [form for form in self.parts if not form.is_empty]
        filled.sort(key=lambda form: 100 if form.cleaned_data["place"] is None else form.cleaned_data["place"])
        return checked_program(title=self.title.cleaned_data["title"], parts=[form.part() for form in filled])


def _alone(showtime: Showtime) -> ProgramItem:
    item = ProgramItem(movie=showtime.movie, minutes=showtime.movie.running_minutes)
    item.version = showtime.version
    return item


def _initial(item: ProgramItem | None, number: int) -> dict[str, Any]:
    initial: dict[str, Any] = {"place": number + 1}
    if item is not None:
        initial |= {"text": item.text, "minutes": item.minutes}
        if item.movie is not None:
            initial["movie"] = MovieChoiceField.key(item.movie, item.version)
            # Left empty for the movie's own length, which would be wrong after another movie is chosen.
            if item.minutes == item.movie.running_minutes:
                initial["minutes"] = None
    return initial
