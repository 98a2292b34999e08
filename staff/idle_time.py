"""When staff have to sign in again: after a pause, and after a working day.

The office ends after a short pause. The counter and the door wait longer, because their pauses lie between two customers;
a request to them during a longer pause does not open the office again. Both count from the sign-in, not from the first
page: a session may be older than the role.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from accounts.services.session_sign_ins import last_proof_at, signed_in_at

OFFICE_SEEN = "office_seen_at"  # in the session: seconds since 1970
COUNTER_SEEN = "counter_seen_at"
SEEN_EVERY_SECONDS = 30
COUNTER_AND_DOOR = ("counter/", "door/")
# Session keys of the counter or door where a person works, and of the seats they hold for a customer; kept for their
# next sign-in.
WORKPLACE = ("counter", "door")
LEFT_BY = "workplace_of"


def has_ended(request: HttpRequest, *, now: float) -> bool:
    """Whether this person must sign in again. Notes the request when not. `now` in seconds since 1970."""
    if not (settings.STAFF_IDLE_SECONDS or settings.COUNTER_IDLE_SECONDS or settings.STAFF_SESSION_SECONDS):
        return False
    began, proven = signed_in_at(request), last_proof_at(request)
    if began is None or proven is None:
        return True
    whole = settings.STAFF_SESSION_SECONDS
    if whole and now - began > whole:
        return True
    office_is_open = _is_within(request, OFFICE_SEEN, settings.STAFF_IDLE_SECONDS, proven, now)
    if not _is_counter_or_door(request):
        if office_is_open:
            _note(request, OFFICE_SEEN, now)
            _note(request, COUNTER_SEEN, now)
        return not office_is_open
    if not _is_within(request, COUNTER_SEEN, settings.COUNTER_IDLE_SECONDS, proven, now):
        return True
    _note(request, COUNTER_SEEN, now)
    if office_is_open:
        _note(request, OFFICE_SEEN, now)
    return False


def end_session(request: HttpRequest) -> None:
    """Sign out. The same person finds the counter or the door as it was when they sign in here again."""
    user_id = request.user.pk
    kept = {name: request.session[name] for name in WORKPLACE if name in request.session}
    get_adapter(request).logout(request)
    if kept:
        request.session.update({**kept, LEFT_BY: user_id})


def forget_workplace_of_others(request: HttpRequest) -> None:
    """Clear what another person left in the session at this workplace."""
    left_by = request.session.get(LEFT_BY)
    if left_by is None:
        return
    if left_by != request.user.pk:
        for name in WORKPLACE:
            request.session.pop(name, None)
    del request.session[LEFT_BY]


def _is_counter_or_door(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.route.startswith(COUNTER_AND_DOOR)


def _is_within(request: HttpRequest, name: str, allowed: int, proven: float, now: float) -> bool:
    return not allowed or now - max(proven, request.session.get(name, 0)) <= allowed


def _note(request: HttpRequest, name: str, now: float) -> None:
    if now - request.session.get(name, 0) > SEEN_EVERY_SECONDS:
        request.session[name] = int(now)
