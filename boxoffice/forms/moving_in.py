"""Form for a file of tickets that another system sold, or its pasted text."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from reservations.moving_in.old_ticket_files import (
    MOST_BYTES,
    OldFileRefused,
    OldTicketFile,
    decode_old_tickets,
    read_old_tickets,
)


class MovingInForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Up to 900 KB, about 8,000 tickets. Commas, semicolons or tabs; UTF-8 or as Windows writes it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 90, "class": "drawing", "spellcheck": "false", "wrap": "off"}),
    )
    tickets: OldTicketFile | None = None
    source = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload, text = data.get("file"), data.get("text") or ""
        if bool(upload) == bool(text.strip()):
            raise forms.ValidationError(gettext("Choose a file or paste its text: one of both."))
        try:
            self.source = decode_old_tickets(upload.read()) if upload else text
            if len(self.source.encode(errors="replace")) > MOST_BYTES:
                raise forms.ValidationError(
                    gettext("This is more than 900 KB. Split it, or use manage.py move_in, which takes any length.")
                )
            self.tickets = read_old_tickets(self.source)
        except OldFileRefused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return data
