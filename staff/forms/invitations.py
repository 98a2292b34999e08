"""The form of a new member of the staff: a password, and a code of their authenticator app."""

from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from accounts.models import User
from core.texts.lazy_text import gettext_lazy as _
from staff.models import Invitation

SALT = "staff.invitation.factor"
PAGE_SECONDS = 24 * 3600


class WelcomeForm(forms.Form):
    """The app's secret travels with the page, signed and bound to the invitation: nothing is stored before it is accepted."""

    password = forms.CharField(
        label=_("Choose a password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three or four words that do not belong together make a good password."),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Six digits. They change every 30 seconds."),
    )
    factor = forms.CharField(widget=forms.HiddenInput, max_length=400)

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data)
        self.invitation = invitation
        self.secret = self._secret_of(data.get("factor", "")) if data else ""
        if not self.secret:
            self.secret = generate_totp_secret()
            self.data = {**data.dict(), "factor": self._signed()} if data else {}
        self.initial["factor"] = self._signed()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = self.invitation
        validate_password(password, User(email=person.email, first_name=person.first_name, last_name=person.last_name))
        return password

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].replace(" ", "")
        if not validate_totp_code(self.secret, code):
            raise ValidationError(gettext("That code is wrong or too old. Type the one that the app shows now."))
        return code

    def _signed(self) -> str:
        return signing.dumps([self.invitation.pk, self.secret], salt=SALT)

    def _secret_of(self, signed: str) -> str:
        try:
            pk, secret = signing.loads(signed, salt=SALT, max_age=PAGE_SECONDS)
        except (signing.BadSignature, ValueError, TypeError):
            return ""
        return secret if pk == self.invitation.pk else ""
