"""Form of a mail to everybody who holds tickets of a showtime."""

from django import forms

from boxoffice.forms.actions import ReasonForm
from core.texts.lazy_text import gettext_lazy as _
from reservations.letters.holder_mails import Words

MOST_SUBJECT, MOST_TEXT = 120, 4000


class HolderMailForm(ReasonForm):
    field_order = ["subject", "text", "reason"]
    subject = forms.CharField(
        max_length=MOST_SUBJECT, widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})
    )
    text = forms.CharField(
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 10}),
        help_text=_(
            "As it is typed, without formatting. Movie, time, place and the booking's reference are added below it."
        ),
    )

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["text"])
