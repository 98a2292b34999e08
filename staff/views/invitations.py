"""The page behind an invitation's link."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.services.session_sign_ins import SecondFactor, second_factor_of
from core.limits.addresses import client_address
from core.limits.limiter import Limit, check
from core.qr import qr_data_url
from staff.forms.invitations import WelcomeForm
from staff.models import Invitation
from staff.services.invitations import (
    TooManyInvitationTries,
    Welcome,
    accept_as_new,
    accept_as_self,
    account_with_factor,
    find_open,
)

PAGE = "theaters/invitation.html"
# Passwords and codes of the app.
TRIES = Limit("invitation_tries", most=20, refusal=TooManyInvitationTries)


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = find_open(secret)
    owner = account_with_factor(invitation.email)
    if owner is not None:
        return _as_self(request, invitation, owner, secret)
    return _as_new(request, invitation, secret)


def _as_new(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    form = WelcomeForm(request.POST or None, invitation=invitation)
    if request.method == "POST":
        check(TRIES, client_address(request))
        if form.is_valid():
            password_hash = make_password(form.cleaned_data["password"])
            accept_as_new(secret=secret, welcome=Welcome(password_hash, form.secret))
            messages.success(request, gettext("Welcome. Sign in with your new password and the code of your app."))
            return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('admin:index')})}")
    status = 422 if form.is_bound else 200
    return render(request, PAGE, {"invitation": invitation, "form": form, **_app(invitation, form)}, status=status)


def _as_self(request: HttpRequest, invitation: Invitation, owner: User, secret: str) -> HttpResponse:
    """Accept as a person with an account and a second factor: they sign in with both and confirm. Password and factor
    stay.
    """
    is_here = request.user == owner and second_factor_of(request) is SecondFactor.USED
    if request.method == "POST" and is_here:
        accept_as_self(secret=secret, user=owner)
        messages.success(request, gettext("Welcome. Please sign in again: your new role begins with a new session."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('admin:index')})}")
    return render(request, PAGE, {"invitation": invitation, "owner": owner, "is_here": is_here})


def _app(invitation: Invitation, form: WelcomeForm) -> dict[str, Any]:
    """The data for an authenticator app: a QR code for another device, a link and the secret for this one."""
    address = get_adapter().build_totp_url(User(email=invitation.email), form.secret)
    return {"app_link": address, "app_qr": qr_data_url(address), "app_secret": form.secret}
