from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from theaters.models import Auditorium


class DoorForm(forms.Form):
    """The door of the usher: an auditorium, or the theater's entrance."""

    place = forms.ChoiceField(label=_("Where do you stand?"))
    name = forms.CharField(
        label=_("Name of this door"),
        max_length=40,
        initial=_("door 1"),
        help_text=_("Said when a ticket was used here already."),
    )

    def __init__(self, *args: Any, theaters: QuerySet[Theater], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.choices = [
            (theater.name, [(f"{theater.pk}", _entrance(theater)), *_auditoriums(theater)])
            for theater in theaters.prefetch_related("auditoriums")
        ]

    def clean_place(self) -> tuple[int, int | None]:
        theater, _, auditorium = self.cleaned_data["place"].partition("-")
        return int(theater), int(auditorium) if auditorium else None


def _entrance(theater: Theater) -> str:
    return gettext("%(theater)s, entrance") % {"theater": theater.name}


def _auditoriums(theater: Theater) -> list[tuple[str, str]]:
    auditoriums: list[Auditorium] = list(theater.auditoriums.all())
    return [(f"{theater.pk}-{auditorium.pk}", f"{theater.name}, {auditorium.name}") for auditorium in auditoriums]
