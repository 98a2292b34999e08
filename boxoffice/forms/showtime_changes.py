"""Forms of the changes that a manager can make to a showtime on sale: one small form for each kind."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext

from boxoffice.forms.movie_choice import NONE, MovieChoiceField, offered_movies
from boxoffice.forms.planning import ClockField, DayField
from boxoffice.forms.showtime_drafts import WHICH
from core.texts.lazy_text import gettext_lazy as _
from reservations.changes.change_requests import OFFER_DAYS, ChangeRequest, rating_of
from reservations.changes.outages import OUTAGES, Outage
from reservations.states import OutOfOrder
from theaters.age_limits import RatingRow, is_known, limits_in_force, limits_of, limits_to_store
from theaters.models import Auditorium, Movie, PriceList, SeatingPlan, Showtime
from theaters.movies.age_ratings import why_unclear
from theaters.plans.plans import current_plan
from theaters.schedule.wall_clock import SECOND, DoubledTime, ImpossibleTime, wall_moment, wall_text
from theaters.states import ChangeKind, PlanStatus
from theaters.versions import version_of

MOST_OFFER_DAYS = 60
MOST_YEARS = 30
AGES = ("min_age", "accompanied_below")


class ChangeForm(forms.Form):
    """Base of these forms: it knows the showtime and makes the change request."""

    kind: ChangeKind
    help = ""
    # Why there is nothing to choose here; the page says it in the place of the fields.
    nothing = ""

    def __init__(self, data: Any, *, showtime: Showtime) -> None:
        super().__init__(data, prefix=self.kind.lower())
        self.showtime = showtime
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices with what this showtime can be changed to."""

    def change_request(self) -> ChangeRequest:
        raise NotImplementedError

    @property
    def title(self) -> str:
        return self.kind.label


class CancelShowtimeForm(ChangeForm):
    kind = ChangeKind.CANCEL
    help = _(
        "Sales stop at once, every booking gets all of its money back, and everybody is told. There is no way back."
    )

    def change_request(self) -> ChangeRequest:
        return ChangeRequest(self.kind)


class OfferForm(ChangeForm):
    """A change that lets holders take their money back, until a day that the manager chooses."""

    offer_days = forms.IntegerField(
        label=_("Days to take the money back, never past the start"),
        required=False,
        min_value=1,
        max_value=MOST_OFFER_DAYS,
        initial=OFFER_DAYS,
        widget=forms.NumberInput(attrs={"size": 3}),
    )

    def clean_offer_days(self) -> int:
        days: int | None = self.cleaned_data["offer_days"]
        return OFFER_DAYS if days is None else days

    def change_request(self) -> ChangeRequest:
        return replace(self.changed(), offer_days=self.cleaned_data["offer_days"])

    def changed(self) -> ChangeRequest:
        raise NotImplementedError


class TimeChangeForm(OfferForm):
    kind = ChangeKind.TIME
    field_order = ["on", "at", "which", "offer_days"]
    help = _("Holders are told; until a deadline they may take all of their money back. Sales go on with the new time.")
    on = DayField(label=_("Date"))
    at = ClockField(label=_("Time"))
    which = forms.ChoiceField(label=_("Which one"), required=False, choices=WHICH, widget=forms.HiddenInput)

    def prepare(self) -> None:
        local = self.showtime.starts_at.astimezone(self.showtime.auditorium.theater.zone)
        self.initial = {"on": local.date(), "at": local.time(), "which": str(local.fold)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            data["starts_at"] = self._moment()
        return data

    def _moment(self) -> datetime | None:
        data, theater = self.cleaned_data, self.showtime.auditorium.theater
        which = int(data["which"]) if data.get("which") else None
        try:
            return wall_moment(theater=theater, on=data["on"], at=data["at"], which=which)
        except ImpossibleTime as refusal:
            self.add_error("at", str(refusal))
        except DoubledTime as question:
            moments = zip(WHICH, question.moments, strict=True)
            choices = [(value, f"{name}: {wall_text(moment)}") for (value, name), moment in moments]
            self.fields["which"].widget = forms.RadioSelect(choices=choices)
            self.add_error("which", str(question))
        return None

    def changed(self) -> ChangeRequest:
        return ChangeRequest(self.kind, starts_at=self.cleaned_data["starts_at"])


class MovieChangeForm(OfferForm):
    kind = ChangeKind.MOVIE
    field_order = ["movie", "offer_days"]
    help = _("Holders are told and may take all of their money back. The start stays; the end follows the movie.")
    movie = MovieChoiceField(label=_("Movie"))

    def prepare(self) -> None:
        field: Any = self.fields["movie"]
        others = [movie for movie in offered_movies() if movie.pk != self.showtime.movie_id]
        field.offer(movies=others)
        if not others:
            self.nothing = gettext("There is no other movie.")

    def changed(self) -> ChangeRequest:
        return ChangeRequest(self.kind, **self.cleaned_data["movie"]._asdict())


class VersionChangeForm(OfferForm):
    kind = ChangeKind.VERSION
    field_order = ["version", "offer_days"]
    help = _("2D for 3D, subtitles for a dubbed movie. Holders are told and may take all of their money back.")
    version = forms.ChoiceField(label=_("Version"))

    def prepare(self) -> None:
        field: Any = self.fields["version"]
        others = [version for version in self.showtime.movie.offered() if version != self.showtime.version]
        field.choices = [NONE, *((version.text, version.text) for version in others)]
        if not others:
            self.nothing = gettext("%(movie)s comes in no other version.") % {"movie": self.showtime.movie.title}

    def changed(self) -> ChangeRequest:
        return ChangeRequest(self.kind, version=version_of(self.cleaned_data["version"]))


class MoveChangeForm(OfferForm):
    kind = ChangeKind.MOVE
    field_order = ["auditorium", "offer_days"]
    help = _(
        "You see who would sit where and can change it. Sales of this showtime pause meanwhile, for half an hour at most. "
        "Holders are told and may take all of their money back; their tickets keep their codes."
    )
    auditorium = forms.ModelChoiceField(label=_("Auditorium"), queryset=Auditorium.objects.none())

    def prepare(self) -> None:
        field: Any = self.fields["auditorium"]
        others = self.showtime.auditorium.theater.auditoriums.exclude(pk=self.showtime.auditorium_id)
        field.queryset = others.filter(plans__status=PlanStatus.PUBLISHED).distinct()
        if not field.queryset.exists():
            self.nothing = gettext("This theater has no other auditorium with a published plan.")

    def changed(self) -> ChangeRequest:
        return ChangeRequest(self.kind, moves_to=current_plan(self.cleaned_data["auditorium"]))


class PricesChangeForm(ChangeForm):
    kind = ChangeKind.PRICES
    help = _("For what is sold from now on. Tickets that exist keep what was paid for them.")
    price_list = forms.ModelChoiceField(label=_("Price list"), queryset=PriceList.objects.none())

    def prepare(self) -> None:
        field: Any = self.fields["price_list"]
        field.queryset = self.showtime.auditorium.theater.price_lists.exclude(pk=self.showtime.price_list_id)
        if not field.queryset.exists():
            self.nothing = gettext(
                "This theater has no other price list. Where the amounts of %(list)s were changed, its own page brings them to "
                "this showtime."
            ) % {"list": self.showtime.price_list}

    def change_request(self) -> ChangeRequest:
        return ChangeRequest(self.kind, price_list=self.cleaned_data["price_list"])


class PlanChangeForm(ChangeForm):
    kind = ChangeKind.PLAN
    help = _("Another version of this auditorium's plan. What would be lost is shown; what is sold is never lost.")
    plan = forms.ModelChoiceField(label=_("Seating plan"), queryset=SeatingPlan.objects.none())

    def prepare(self) -> None:
        field: Any = self.fields["plan"]
        plans = self.showtime.auditorium.plans.filter(status=PlanStatus.PUBLISHED).select_related("auditorium")
        field.queryset = plans.exclude(pk=self.showtime.plan_id)
        if not field.queryset.exists():
            self.nothing = gettext("This auditorium has no other published plan.")

    def change_request(self) -> ChangeRequest:
        return ChangeRequest(self.kind, plan=self.cleaned_data["plan"])


class RatingChangeForm(OfferForm):
    kind = ChangeKind.RATING
    field_order = ["movie", "rating", "min_age", "accompanied_below", "offer_days"]
    help = _(
        "Of this movie in this country, at all of its showtimes there. Holders are told and may take their money back. "
        "Leave both ages empty for the usual ones of the rating; 0 says that everybody may come."
    )
    movie = forms.ModelChoiceField(label=_("Movie"), queryset=Movie.objects.none(), empty_label=None)
    rating = forms.CharField(label=_("Age rating"), required=False, max_length=12)
    min_age = forms.IntegerField(
        label=_("Nobody under"),
        min_value=0,
        max_value=MOST_YEARS,
        required=False,
    )
    accompanied_below = forms.IntegerField(
        label=_("With a grown-up under"), min_value=0, max_value=MOST_YEARS, required=False
    )

    def prepare(self) -> None:
        parts = {part.movie_id for part in self.showtime.program if part.movie_id} - {self.showtime.movie_id}
        if parts:
            field: Any = self.fields["movie"]
            field.queryset = Movie.objects.filter(pk__in={*parts, self.showtime.movie_id})
        else:
            del self.fields["movie"]
        held = rating_of(self.showtime)
        ages = {"min_age": held.min_age, "accompanied_below": held.accompanied_below}
        is_usual = limits_in_force(held) == limits_of(held.country, held.label)
        self.initial = {"movie": self.showtime.movie_id, "rating": held.label, **({} if is_usual else ages)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if data["rating"] and "rating" in self.changed_data and is_known(self._country, data["rating"]):
            # Ages that were shown with the old label say nothing about the new one.
            for name in AGES:
                data[name] = data[name] if name in self.changed_data else None
        if sentence := why_unclear(self._wanted):
            self.add_error("min_age", sentence)
        return data

    @property
    def _country(self) -> str:
        return self.showtime.auditorium.theater.country

    @property
    def _wanted(self) -> RatingRow:
        return RatingRow(self._country, self.cleaned_data["rating"], *(self.cleaned_data[name] for name in AGES))

    def changed(self) -> ChangeRequest:
        movie = self.cleaned_data.get("movie")
        rated = movie if movie != self.showtime.movie else None
        return ChangeRequest(self.kind, rating=self._wanted.label, ages=limits_to_store(self._wanted), rated=rated)


class OutageForm(OfferForm):
    kind = ChangeKind.OUTAGE
    field_order = ["feature", "on", "at", "is_everywhere", "offer_days"]
    help = _(
        "A broken lift, a hearing loop that is silent, a closed exit. Told are those alone who have a wheelchair space, or who "
        "told the staff that they need it. They may take all of their money back, and exchange where the terms of their sale say "
        "so."
    )
    feature = forms.ChoiceField(label=_("What is out of order"))
    on = DayField(label=_("At showtimes that start before"))
    at = ClockField(label=_("Time"))
    is_everywhere = forms.BooleanField(label=_("In all auditoriums of the theater"), required=False)

    def prepare(self) -> None:
        field: Any = self.fields["feature"]
        field.choices = [NONE, *((feature.value, feature.label) for feature in OUTAGES)]
        local = self.showtime.ends_at.astimezone(self.showtime.auditorium.theater.zone)
        self.initial = {"on": local.date(), "at": local.time().replace(second=0, microsecond=0)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            theater = self.showtime.auditorium.theater
            try:
                data["until"] = wall_moment(theater=theater, on=data["on"], at=data["at"], which=SECOND)
            except ImpossibleTime as refusal:
                self.add_error("at", str(refusal))
        return data

    def changed(self) -> ChangeRequest:
        data = self.cleaned_data
        outage = Outage(OutOfOrder(data["feature"]), data["until"], data["is_everywhere"])
        return ChangeRequest(self.kind, outage=outage)


FORMS: tuple[type[ChangeForm], ...] = (
    TimeChangeForm,
    MovieChangeForm,
    VersionChangeForm,
    MoveChangeForm,
    PricesChangeForm,
    PlanChangeForm,
    RatingChangeForm,
    OutageForm,
    CancelShowtimeForm,
)


class ChangeReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("Customers who are told read it as it stands."),
    )
