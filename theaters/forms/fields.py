"""Fields that several forms of the office have."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from theaters.services.pictures import MOST_BYTES


class PictureField(forms.ImageField):
    """Looks at the size first: a huge file is never opened."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB. Save the picture smaller and try again.")
        return super().to_python(data)


def several(choices: Any, *, coerce: Any, help_text: Any, label: str | None = None) -> forms.TypedMultipleChoiceField:
    """Boxes to tick for an array of choices; none ticked means all of them."""
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(
        choices=choices, coerce=coerce, widget=widget, required=False, help_text=help_text, label=label
    )
