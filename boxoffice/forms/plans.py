"""Drawing a plan without a script: text or JSON, typed or from a file, read before anything is written."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext

from core.texts.encodings import decoded_text
from core.texts.lazy_text import gettext_lazy as _
from theaters.models import Auditorium
from theaters.plans.category_names import read_categories
from theaters.plans.plan_files import FileCategories, PlanDrawing, PlanUnreadable, problems_of_drawing, read_plan

LONGEST = 400_000
AREA = {"rows": 24, "cols": 90, "class": "drawing", "spellcheck": "false", "wrap": "off"}


class AuditoriumChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.theater.name} · {obj.name}"


class SourceField(forms.CharField):
    """The text of a plan; an error names its line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, strip=False, widget=forms.Textarea(attrs=AREA), **options)

    def clean(self, value: Any) -> Any:
        # Browsers send line ends with carriage returns.
        text: str = super().clean(value).replace("\r\n", "\n")
        if text:
            _drawing_of(text)
        return text


def _drawing_of(text: str, categories: FileCategories | None = None) -> PlanDrawing:
    try:
        return read_plan(text, categories)
    except PlanUnreadable as error:
        raise forms.ValidationError(list(error.sentences)) from None


class DrawingForm(forms.Form):
    """A new plan, from text or JSON that keeps the rules."""

    auditorium = AuditoriumChoice(queryset=Auditorium.objects.select_related("theater"))
    source = SourceField(label=_("Drawing"))
    drawing: PlanDrawing | None = None

    def clean_source(self) -> str:
        text: str = self.cleaned_data["source"]
        self.drawing = _drawing_of(text)
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.drawing is not None and "auditorium" in data:
            categories = read_categories(data["auditorium"].theater_id)
            for problem in problems_of_drawing(self.drawing, categories):
                self.add_error("source", problem)
        return data


class ImportForm(forms.Form):
    """The plan that replaces a draft. It may break rules; they are listed, and only prevent publishing."""

    file = forms.FileField(
        required=False,
        label=_("A file"),
        help_text=_("Text, JSON or CSV up to 400 KB; it takes the place of what stands below."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.json,.csv,text/plain,application/json,text/csv"}),
    )
    source = SourceField(label=_("Text, JSON or CSV"), required=False)
    adopt = forms.BooleanField(
        required=False,
        label=_("Add seat categories that this theater does not have"),
        help_text=_("Not ticked: those of other programs become the usual ones that they sound like."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    drawing: PlanDrawing | None = None

    def __init__(self, *args: Any, codes_by_word: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes_by_word = codes_by_word

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile):
            return ""
        if (upload.size or 0) > LONGEST:
            raise forms.ValidationError(gettext("This file is larger than 400 KB; no plan is that long."))
        try:
            return decoded_text(upload.read()).replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("The letters of this file cannot be read.")) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors.keys() & {"file"} or (data.get("source") is None and not data.get("file")):
            return data
        text = data.get("file") or data["source"]
        if not text.strip():
            self.add_error("source", "Type or paste a plan, or choose a file.")
            return data
        # Put the text of the file into the field, where it can be corrected.
        self.errors.pop("source", None)
        data["source"] = text
        self.data = {**self.data.dict(), "source": text} if isinstance(self.data, QueryDict) else self.data
        try:
            self.drawing = _drawing_of(text, FileCategories(self.codes_by_word, adopts=bool(data.get("adopt"))))
        except forms.ValidationError as error:
            self.add_error("source", error)
        return data


class PublishForm(forms.Form):
    """The revision of the draft and the plan that were shown, so that only these are published."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    present = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What is new"), required=False, max_length=200, widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("For the audit log, if you like."),
    )  # fmt: skip


class MoveShowtimesForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("It stands in the audit log."),
    )
