"""A file of movies, or its text pasted."""

from typing import Any

from django import forms

from theaters.movies.movie_files import FileRefused, MovieTable, decoded, read_table


class MovieFileForm(forms.Form):
    file = forms.FileField(label="File", required=False, allow_empty_file=True, help_text="CSV or JSON, up to 500 KB.")
    text = forms.CharField(
        label="Or paste it here",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 90, "class": "drawing", "spellcheck": "false", "wrap": "off"}),
    )
    table: MovieTable | None = None
    source = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload, text = data.get("file"), data.get("text") or ""
        if upload and text.strip():
            raise forms.ValidationError("Choose a file or paste its text, not both.")
        if not upload and not text.strip() and not self.errors:
            raise forms.ValidationError("Choose a file or paste its text.")
        try:
            self.source = decoded(upload.read()) if upload else text
            self.table = read_table(self.source)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return data
