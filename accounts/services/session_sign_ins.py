"""The proofs of a session: when the person signed in to it, and when they last used a second factor in it.

allauth keeps one record in the session for each step: the method, the moment, and for a second factor its row. Records
of a later proof by somebody who was signed in already are marked `reauthenticated`.
"""

from enum import Enum
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

FACTORS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


class SecondFactor(Enum):
    """Whether a session has used the second factor, or none is set up."""

    NOT_SET_UP = "not set up"
    NOT_USED = "not used in this session"
    USED = "used in this session"


def second_factor_of(request: HttpRequest) -> SecondFactor:
    """Read it from the session. A factor that was removed since does not count; a recovery code counts only beside an
    app or a security key.
    """
    kinds = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    if not FACTORS & set(kinds.values()):
        return SecondFactor.NOT_SET_UP
    used = any(record.get("id") in kinds for record in _factor_records(request))
    return SecondFactor.USED if used else SecondFactor.NOT_USED


def signed_in_at(request: HttpRequest) -> float | None:
    """When the session signed in, in seconds since 1970 by the web server's clock; None if unknown."""
    moments = [record["at"] for record in _records(request) if not record.get("reauthenticated")]
    return max(moments, default=None)


def last_proof_at(request: HttpRequest) -> float | None:
    """When the person last proved who they are, in seconds since 1970; None if never."""
    return max((record["at"] for record in _records(request)), default=None)


def second_factor_used_at(request: HttpRequest) -> float | None:
    return max((record["at"] for record in _factor_records(request)), default=None)


def _factor_records(request: HttpRequest) -> list[dict[str, Any]]:
    return [record for record in _records(request) if record["method"] == "mfa"]


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    user: Any = request.user
    return get_authentication_records(request, user)
