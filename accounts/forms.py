"""allauth's forms in the words of the house."""

from typing import Any

from allauth.account import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class _OurWords:
    """Labels as on every other page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = getattr(self, "fields")  # noqa: B009  (a form's, once it is one)
        for name in {"login", "email"} & set(fields):
            fields[name].label = "E-mail"
        if "remember" in fields:
            fields["remember"].label = "Stay signed in"
        # The label says it already, and does not go away.
        for field in fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_OurWords, forms.LoginForm):
    pass


class SignUpForm(_OurWords, forms.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """A known address takes as long as a new one: the password is hashed either way."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ForgottenPasswordForm(_OurWords, forms.ResetPasswordForm):
    pass


class AddAddressForm(_OurWords, forms.AddEmailForm):
    pass
