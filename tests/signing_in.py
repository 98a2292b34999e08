"""Signs in as people do; the session then knows how it was opened."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.test import Client


def give_factor(user) -> Authenticator:
    """Give somebody an authenticator app, without a usable secret."""
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})


def signed_in(user, *, factor=None, at=None) -> Client:
    """A browser that is signed in by password, and by the second factor if one is given."""
    user.refresh_from_db()
    client = Client()
    client.force_login(user)
    moment = time.time() if at is None else at
    records = [{"method": "password", "at": moment}]
    if factor is not None:
        records.append({"method": "mfa", "at": moment, "id": factor.pk, "type": factor.type})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client
