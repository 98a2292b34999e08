"""The form of a showtime: times are local to the theater, and errors stand beside their field."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext

from boxoffice.forms.movie_choice import MovieChoiceField
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from theaters.forms.translations import translation_fields, translation_names
from theaters.models import Showtime
from theaters.models.programs import LONGEST_PART_MINUTES
from theaters.models.showtimes import TRANSLATED_TEXTS
from theaters.plans.plans import current_plan
from theaters.schedule.price_list_choice import NoSingleList, list_for
from theaters.schedule.scheduling import ShowtimeListing, closing_sentence, hire_movie, overlap_sentence
from theaters.schedule.showtime_drafts import DraftValues
from theaters.schedule.wall_clock import FIRST, SECOND, DoubledTime, ImpossibleTime, wall_moment, wall_text

# Beyond these years time zones mean little, and dates at the end of the calendar cannot be added to.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
BY_TIME = "The one that is valid then"
WHICH = [(str(FIRST), "The first"), (str(SECOND), "The second, an hour later")]


class InTheater(forms.ModelChoiceField):
    """Shows the theater with each choice, as auditoriums and lists of several may share names."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.theater.name} · {obj.name}"


TranslationFields: Any = translation_fields(Showtime, *TRANSLATED_TEXTS)


class TranslatedForm(forms.ModelForm, TranslationFields):
    """Note and program title in other languages; only the note when there is no program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_translations(self.instance.translations)
        self.keep_offered_languages()
        if not self.instance.program_title:
            for name in translation_names("program_title"):
                self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.instance.translations = self.translations()
        return data


class DescriptionForm(TranslatedForm):
    """The texts that may change after a showtime is published."""

    now: datetime

    class Meta:
        model = Showtime
        fields = ("note", "series")

    def clean(self) -> dict[str, Any]:
        if "shown" in self.data:
            raise forms.ValidationError(
                gettext("This showtime was published meanwhile: only its note can change now. Nothing was saved.")
            )
        data: dict[str, Any] = super().clean() or {}
        if data.get("series") and data["series"].house_id != self.instance.auditorium.theater.house_id:
            self.add_error("series", gettext("This series belongs to another house than the theater."))
        return data


class DraftForm(TranslatedForm):
    shown = MovieChoiceField(
        label=_("Movie"),
        help_text=_(
            "Of a double bill, of short films, of a movie with a talk: the first. “Program” on the saved page takes the others. "
            "A private hire needs none."
        ),
        required=False,
    )
    on = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The date on the calendar: the late show at 00:30 after Friday evening is on Saturday."),
    )
    at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("As on the clock of the theater. The adverts begin then."),
    )
    which = forms.ChoiceField(label=_("Which one"), required=False, choices=WHICH, widget=forms.HiddenInput)
    is_closed = forms.BooleanField(
        label=_("Only with a link or code"),
        required=False,
        help_text=_(
            "It stands in no list; people with the link or the code buy as ever. You find both on this page once it is saved."
        ),
    )
    hire_minutes = forms.IntegerField(
        label=_("Length of the hire in minutes"),
        required=False,
        min_value=1,
        max_value=LONGEST_PART_MINUTES,
        help_text=_(
            "Only where there is no movie, such as for a birthday. Adverts and cleaning of the auditorium are added."
        ),
    )
    now: datetime

    class Meta:
        model = Showtime
        fields = ("auditorium", "price_list", "note", "series", "closed_for")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: Any = self.fields.get("price_list")
        if lists is not None:
            lists.required, lists.empty_label = False, BY_TIME
        if hire := self.fields.get("closed_for"):
            # By it the page sees that something is typed, and hides the button that would put it on sale.
            hire.widget.attrs["placeholder"] = " "
        shown: Any = self.fields.get("shown")
        if shown is not None:
            is_of_movie = self.instance.pk and not self.instance.is_hire_alone
            shown.offer(also=self.instance if is_of_movie else None)
        if self.instance.pk:
            self.initial["is_closed"] = self.instance.is_closed
            if self.instance.is_hire_alone:
                self.initial["hire_minutes"] = self.instance.program_minutes
            else:
                self.initial["shown"] = MovieChoiceField.key(self.instance.movie, self.instance.version)
            if not self.instance.is_list_by_hand:
                self.initial["price_list"] = None
            local = self.instance.starts_at.astimezone(self.instance.auditorium.theater.zone)
            self.initial.update(on=local.date(), at=local.time().replace(fold=0), which=str(local.fold))

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not FIRST_DAY <= on <= LAST_DAY:
            raise forms.ValidationError(gettext("This day is not in our calendar."))
        return on

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self._refuse_length(data)
        if self.errors:
            return data
        theater = data["auditorium"].theater
        if data.get("series") and data["series"].house_id != theater.house_id:
            self.add_error("series", gettext("This series belongs to another house than the theater."))
        if data.get("price_list") and data["price_list"].theater_id != theater.pk:
            self.add_error(
                "price_list", f"This list is for {data['price_list'].theater}; the auditorium is in {theater}."
            )
        if current_plan(data["auditorium"]) is None:
            self.add_error("auditorium", f"{data['auditorium']} has no published seating plan yet.")
        starts_at = self._moment(theater)
        if starts_at is not None and not self.errors:
            self._look_for_overlap(starts_at)
            self._look_for_list(theater, starts_at)
        return data

    def values(self) -> DraftValues:
        wanted: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("auditorium", "price_list", "starts_at", "note")
        }
        movie, version = self.cleaned_data["shown"] or (None, None)
        listed = ("series", "closed_for", "is_closed", "hire_minutes")
        listing = ShowtimeListing(**{name: self.cleaned_data[name] for name in listed})
        return DraftValues(movie=movie, version=version, listing=listing, translations=self.translations(), **wanted)

    def _refuse_length(self, data: dict[str, Any]) -> None:
        """A showtime has a movie, or it is a private hire with its minutes."""
        if "shown" not in data or "hire_minutes" not in data:
            return
        if data["shown"] is not None and data["hire_minutes"]:
            self.add_error(
                "hire_minutes", gettext("Empty this, or choose no movie: the movie has a length of its own.")
            )
        elif data["shown"] is None and not data.get("closed_for"):
            self.add_error(
                "shown", gettext("Choose a movie. Only a private hire needs none: say below whom it is for.")
            )
        elif data["shown"] is None and not data["hire_minutes"]:
            self.add_error("hire_minutes", gettext("Say how many minutes it takes, as it has no movie."))

    def _moment(self, theater: Theater) -> datetime | None:
        data = self.cleaned_data
        which = int(data["which"]) if data.get("which") else None
        try:
            starts_at = wall_moment(theater=theater, on=data["on"], at=data["at"], which=which)
        except ImpossibleTime as refusal:
            self.add_error("at", str(refusal))
            return None
        except DoubledTime as question:
            self._ask_which(question)
            return None
        if starts_at < self.now and starts_at != self.instance.starts_at:
            self.add_error(
                "at", f"This moment has passed: it is {self.now.astimezone(theater.zone):%H:%M on %d %b} there."
            )
        data["starts_at"] = starts_at
        return starts_at

    def _ask_which(self, question: DoubledTime) -> None:
        choices = [
            (value, f"{name}: {wall_text(one)}") for (value, name), one in zip(WHICH, question.moments, strict=True)
        ]
        self.fields["which"].widget = forms.RadioSelect(choices=choices)
        self.add_error("which", str(question))

    def _look_for_list(self, theater: Theater, starts_at: datetime) -> None:
        if self.cleaned_data.get("price_list") is not None:
            return
        try:
            list_for(theater=theater, starts_at=starts_at)
        except NoSingleList as refusal:
            self.add_error("price_list", str(refusal))

    def _look_for_overlap(self, starts_at: datetime) -> None:
        data = self.cleaned_data
        listing = ShowtimeListing(closed_for=data.get("closed_for", ""), hire_minutes=data["hire_minutes"])
        keeps_program = not (self.instance.pk and self.instance.is_hire_alone)
        planned = Showtime(
            pk=self.instance.pk,
            movie=data["shown"].movie if data["shown"] else hire_movie(listing),
            program_minutes=data["hire_minutes"] or (self.instance.program_minutes if keeps_program else None),
            auditorium=data["auditorium"],
            starts_at=starts_at.astimezone(UTC),
        )
        planned.set_times()
        theater = planned.auditorium.theater
        if sentence := closing_sentence(theater, planned.starts_at) or overlap_sentence(planned):
            self.add_error("at", sentence)
