"""allauth's forms with our labels and messages."""

import secrets
from typing import Any

from allauth.account import forms
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.code_limits import CountsWrongCodes, count_code_mail, count_mailed_code
from accounts.sign_in_codes import is_code_of
from core.monitoring.security_log import SecurityEvent, account_hash, write_security_event


class _OurWords:
    """Mixin that sets our labels and messages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = getattr(self, "fields")  # noqa: B009  (a form's, once it is one)
        for name in {"login", "email"} & set(fields):
            fields[name].label = gettext("E-mail")
        if "remember" in fields:
            fields["remember"].label = gettext("Stay signed in")
        # The label says it already, and does not go away.
        for field in fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_OurWords, forms.LoginForm):
    pass


class SignUpForm(_OurWords, forms.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """A known address takes as long as a new one: the same password is hashed and the same rows are written for it."""
        if self.account_already_exists:
            self._rehearse(request)
        return super().try_save(request)

    def _rehearse(self, request: HttpRequest) -> None:
        """Create and roll back an account, so that a known address takes as long as a new one."""
        email = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{secrets.token_hex(16)}@nobody.invalid"
        self.account_already_exists = False
        try:
            with transaction.atomic():
                address = EmailAddress.objects.get(user=self.save(request))
                confirmation = EmailConfirmation.create(address)
                confirmation.sent = address.user.date_joined
                confirmation.save()
                transaction.set_rollback(True)
        finally:
            self.account_already_exists = True
            self.cleaned_data["email"] = email


class ForgottenPasswordForm(_OurWords, forms.ResetPasswordForm):
    pass


class AskForCodeForm(_OurWords, forms.RequestLoginCodeForm):
    """Asks for a mail with a code that signs in."""

    _user: Any

    def clean_email(self) -> str:
        """Count the request for a code.

        An unconfirmed address gets none, because a stranger may have made the account. Raises TooManyTries.
        """
        email: str = self.cleaned_data["email"]
        count_code_mail(context.request, email)
        super().clean_email()
        if self._user and not EmailAddress.objects.filter(user=self._user, email__iexact=email, verified=True).exists():
            self._user = None
        return email


class MailedCodeForm(forms.ConfirmLoginCodeForm):
    """The code from that mail; `code` is what it was made of, `email` the address that was typed, known or not."""

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["code"].label = gettext("Code from the e-mail")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """Check the code from the mail. Raises TooManyTries."""
        tried = count_mailed_code(context.request, self.email)
        typed: str = self.cleaned_data["code"]
        if not is_code_of(self.expected_code, typed):
            write_security_event(SecurityEvent.SIGN_IN_FAILED, account=account_hash(self.email))
            raise ValidationError(
                gettext("That is not the code of our newest e-mail. Please check it and type it again.")
            )
        tried.rollback()
        return typed


class AddAddressForm(_OurWords, forms.AddEmailForm):
    pass


class CodeForm(CountsWrongCodes, AuthenticateForm):
    """Asks for the second factor of a sign-in."""


class CodeAgainForm(CountsWrongCodes, ReauthenticateForm):
    """Asks a signed-in person for the second factor again."""


class NewAppForm(CountsWrongCodes, ActivateTOTPForm):
    """Asks for the first code of an authenticator app that is being added."""


class NewKeyForm(AddWebAuthnForm):
    """Adds a passkey that signs in by itself, unless somebody wants it as a second step alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["passwordless"]
        field.initial = True
        field.label = gettext("Sign in with this key alone, without a password")
        field.help_text = gettext("Your device then asks for your fingerprint, your face or a PIN.")
