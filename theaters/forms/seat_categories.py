"""The form of a seat category: what the theater calls it, how its seats are sold, how they look."""

from typing import Any

from django import forms

from core.house_facts import HouseFacts
from houses.colors import HEX
from houses.models import Theater
from theaters import locks
from theaters.forms.translations import translation_fields
from theaters.models import SeatCategory
from theaters.plans.category_behavior import why_behavior_stays
from theaters.seat_categories import STANDARD, code_for, is_for_some, usual_name
from theaters.seat_colors import problems_of_colors
from theaters.states import SeatBehavior

COLOR = {"pattern": "#[0-9a-fA-F]{6}", "placeholder": "#7a2f2f", "size": 8, "autocomplete": "off"}

SAME_NAME = "These seats have the name of another category. Customers could not tell them apart."
OF_ARCHIVED = " It is archived: give that one another name first, such as the old one with a year."

TranslationFields: Any = translation_fields(SeatCategory, "name", "note")


class SeatCategoryForm(forms.ModelForm, TranslationFields):
    """The code of the category says how its seats are sold: sold in another way, it gets a new one."""

    behavior = forms.ChoiceField(
        choices=SeatBehavior, label="Sold as", widget=forms.RadioSelect, initial=SeatBehavior.ORDINARY,
        help_text="It can be changed while no showtime on sale has such seats.",
    )  # fmt: skip
    is_archived = forms.BooleanField(
        label="Archived", required=False, help_text="New plans are without it. Plans and tickets that have it keep it."
    )

    # Once the category is there, the database refuses to write its theater and its code again.
    CHANGEABLE = ("name", "note", "position", "sign", "color_light", "color_dark", "translations")

    class Meta:
        model = SeatCategory
        fields = ("theater", "name", "note", "position", "sign", "color_light", "color_dark")
        widgets = {
            "color_light": forms.TextInput(attrs=COLOR),
            "color_dark": forms.TextInput(attrs=COLOR),
            "sign": forms.TextInput(attrs={"size": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_translations(self.instance.translations)
        if "is_archived" in self.fields:
            self.fields["is_archived"].initial = self.instance.archived_at is not None
        if self.instance.pk and self.instance.code == STANDARD:
            self.fields.pop("behavior", None)
        elif self.instance.pk:
            self.initial["behavior"] = self.instance.behavior.value
        elif "position" in self.fields:
            self.fields["position"].required, self.initial["position"] = False, None
            self.fields["position"].help_text = f"{self.fields['position'].help_text} Empty: behind the others."
        if "name" in self.fields and self.instance.pk and usual_name(self.instance.code) != self.instance.code:
            usual = usual_name(self.instance.code)
            self.fields["name"].widget.attrs["placeholder"] = usual
            self.fields["name"].help_text = f"Empty: {usual}, in each language."

    @property
    def new_behavior(self) -> SeatBehavior | None:
        """The new behavior of a category that exists already; None if it stays."""
        chosen = self.cleaned_data.get("behavior")
        return SeatBehavior(chosen) if self.instance.pk and chosen and chosen != self.instance.behavior else None

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_color_light(self) -> str:
        return str(self.cleaned_data["color_light"]).lower()

    def clean_color_dark(self) -> str:
        return str(self.cleaned_data["color_dark"]).lower()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        theater = data.get("theater") or (self.instance.theater if self.instance.theater_id else None)
        if theater is None:
            return data
        locks.theater_to_change(theater.pk)
        others = list(theater.seat_categories.exclude(pk=self.instance.pk))
        if data.get("position") is None:
            data["position"] = max((one.position for one in others), default=0) + 1
        named = {str(one).casefold(): one for one in others}
        if data.get("name") and (same := named.get(data["name"].casefold())):
            self.add_error("name", SAME_NAME + (OF_ARCHIVED if same.archived_at else ""))
        if not self.instance.pk and data.get("name") and data.get("behavior"):
            taken = {one.code for one in others}
            self.instance.code = code_for(data["name"], SeatBehavior(data["behavior"]), taken=taken)
        if data.get("sign") and is_for_some(self.instance.code) and not self.new_behavior:
            self.add_error("sign", "Wheelchair spaces and companion seats have a sign already.")
        self._require_name(data)
        if self.instance.pk and self.new_behavior and (why := why_behavior_stays(self.instance)):
            self.add_error("behavior", why)
        self._require_contrast(data, theater)
        return data

    def _require_contrast(self, data: dict[str, Any], theater: Theater) -> None:
        house = theater.house
        colors = [str(data.get(f"color_{theme}") or "") for theme in ("light", "dark")]
        if not all(map(HEX.fullmatch, colors)):
            return  # the fields report invalid colors
        surfaces = house.palette.surface if house.has_own_colors else HouseFacts.surfaces
        for theme, sentence in problems_of_colors(colors, surfaces).items():
            self.add_error(f"color_{theme}", sentence)

    def _require_name(self, data: dict[str, Any]) -> None:
        if "name" in self.errors or data.get("name"):
            return
        if not self.instance.pk or usual_name(self.instance.code) == self.instance.code:
            self.add_error("name", "Say what these seats are called.")

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        self.instance.translations = self.translations()
        return super().save(commit)
