"""Photos of a theater besides the main one."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from houses.models import TheaterPhoto
from theaters.forms.described_pictures import DescribedPictureForm
from theaters.forms.fields import PictureField
from theaters.movies.house_pictures import as_photo
from theaters.movies.uploaded_pictures import PictureRefused


class PhotoForm(DescribedPictureForm):
    photo = PictureField(label="Photo", widget=forms.FileInput, help_text="JPEG, PNG or WebP up to 5 MB.")

    class Meta:
        model = TheaterPhoto
        fields = ["place", "photo", "alt", "credit"]
        # The box that removes a photo is shown.
        widgets = {"alt": forms.TextInput(attrs={"size": 26}), "credit": forms.TextInput(attrs={"size": 14})}

    def clean_photo(self) -> Any:
        picture = self.cleaned_data["photo"]
        if not isinstance(picture, UploadedFile):
            return picture
        try:
            photo = as_photo(picture)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        self.instance.photo_small = photo.small
        self.instance.width, self.instance.height = photo.width, photo.height
        return photo.large
