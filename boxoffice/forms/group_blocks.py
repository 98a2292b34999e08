"""Form that keeps seats for a group: for whom, and until when."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings

from boxoffice.forms.planning import ClockField, DayField
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from reservations.groups.group_blocks import Group
from theaters.schedule.wall_clock import SECOND, ImpossibleTime, wall_moment


class UntilForm(forms.Form):
    """A local moment at the theater. A time that clocks show twice means the later one, so nobody loses seats early."""

    on = DayField(label=_("Kept until"))
    at = ClockField(label=_("Time"))

    def __init__(self, *args: Any, theater: Theater, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theater = theater

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                data["until"] = wall_moment(theater=self.theater, on=data["on"], at=data["at"], which=SECOND)
            except ImpossibleTime as refusal:
                self.add_error("at", str(refusal))
        return data

    @property
    def until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        return until


class GroupForm(UntilForm):
    field_order = ["name", "contact", "language", "on", "at"]
    name = forms.CharField(label=_("Name of the group"), max_length=60, widget=forms.TextInput(attrs={"size": 30}))
    contact = forms.CharField(
        label=_("How to reach them"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"size": 30}),
        help_text=_("E-mail or phone. An e-mail address gets the link at once. It is deleted when the block ends."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names, offered = dict(settings.LANGUAGES), self.theater.house.offered_languages
        self.fields["language"].choices = [(code, names[code]) for code in offered]  # type: ignore[attr-defined]
        self.fields["language"].initial = offered[0]

    @property
    def group(self) -> Group:
        data = self.cleaned_data
        return Group(data["name"], data["contact"].strip(), self.until, data["language"])
