"""Where people are signed in: recorded while they visit, and ended by them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.device_names import device_name
from accounts.models import AccountSession, User
from accounts.services.account_closing import end_sessions
from accounts.services.session_sign_ins import signed_in_at
from core.caches.process_cache import ProcessCache
from core.clock import ClockTimestamp
from core.limits.addresses import client_address
from core.monitoring.security_log import SecurityEvent, write_security_event
from core.rows.sweeps import next_row_on_error

SEEN_EVERY_SECONDS = 300
MOST_AT_ONCE = 500
# In the session: the number of its row, which stays when the session gets a new key.
ROW = "account_session"

_seen: ProcessCache[str, None] = ProcessCache(seconds=SEEN_EVERY_SECONDS, most=20_000, has_sentences=False)


@dataclass(frozen=True)
class ListedSession:
    id: int
    device: str
    address: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_this: bool


def note_visit(request: HttpRequest) -> None:
    """Record a visit of a signed-in person. Each process writes once in five minutes, and at once for a new session key."""
    if key := request.session.session_key:
        _seen.get(key, lambda: _write(request, key))


def sessions_of(request: HttpRequest) -> list[ListedSession]:
    """The sessions of the signed-in person, the present one first."""
    user: Any = request.user
    if key := request.session.session_key:
        _write(request, key)
    shown = [_listed(row, request) for row in AccountSession.objects.alive(user)]
    return sorted(shown, key=lambda session: not session.is_this)


def end_session(*, user: User, session_id: int) -> None:
    """End one session. Raises AccountSession.DoesNotExist if it is another person's, or over."""
    row = AccountSession.objects.alive(user).get(pk=session_id)
    _delete(row)
    write_security_event(SecurityEvent.SESSION_ENDED, actor=user.pk)


def end_other_sessions(request: HttpRequest) -> None:
    """End every session but this one, including those without a row."""
    user: Any = request.user
    end_sessions(user_id=user.pk)
    user.refresh_from_db(fields=["sessions_number"])
    for row in AccountSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        _delete(row)
    update_session_auth_hash(request, user)
    write_security_event(SecurityEvent.SESSION_ENDED, actor=user.pk, all_others=True)


def forget_session(request: HttpRequest) -> None:
    """Delete the row of this session, before signing out."""
    AccountSession.objects.filter(session_key=request.session.session_key or "").delete()


def sweep_sessions() -> int:
    """Delete expired sessions and the rows of ended ones; returns how many."""
    old = Session.objects.filter(expire_date__lt=ClockTimestamp())
    return _delete_one_by_one("session_not_swept", old) + _delete_one_by_one(
        "account_session_not_swept", AccountSession.objects.dead()
    )


def _delete_one_by_one(event: str, rows: QuerySet[Any]) -> int:
    keys = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for key in keys:
        with next_row_on_error(event):
            rows.filter(pk=key).delete()
    return len(keys)


def _write(request: HttpRequest, key: str) -> None:
    user: Any = request.user
    began = signed_in_at(request)
    facts = {
        "user": user,
        "session_key": key,
        "auth_hash": request.session.get(HASH_SESSION_KEY, ""),
        "user_agent": request.headers.get("User-Agent", "")[:200],
        "address": client_address(request),
        "last_seen_at": ClockTimestamp(),
    }
    if began is not None:
        facts["signed_in_at"] = datetime.fromtimestamp(began, UTC)
    known = request.session.get(ROW)
    if known and AccountSession.objects.filter(pk=known, user=user).update(**facts):
        return
    row = AccountSession(**{"signed_in_at": ClockTimestamp(), **facts})
    AccountSession.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["session_key"], update_fields=["user", "auth_hash", "last_seen_at"]
    )
    request.session[ROW] = row.pk


def _listed(row: AccountSession, request: HttpRequest) -> ListedSession:
    is_this = row.session_key == request.session.session_key
    return ListedSession(
        row.pk, device_name(row.user_agent), row.address, row.signed_in_at, row.last_seen_at, is_this=is_this
    )


def _delete(row: AccountSession) -> None:
    Session.objects.filter(pk=row.session_key).delete()
    row.delete()
