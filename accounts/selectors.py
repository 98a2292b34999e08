"""Facts about accounts, for other apps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.models import AccountMail, AccountSession, SavedNeeds, User
from accounts.states import Need
from core.letters.mailboxes import same_mailbox


def verified_emails(user_id: int) -> list[str]:
    """The addresses this person has proven to own."""
    return list(EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True))


def address_to_suggest(user: Any) -> str:
    """The address that a form suggests to a signed-in person; '' for others."""
    if not user.is_authenticated:
        return ""
    return next(iter(verified_emails(user.pk)), str(user.email))


def is_proven_address(user_id: int | None, email: str) -> bool:
    """Whether this account has proven that the address is its person's."""
    if user_id is None:
        return False
    return same_mailbox(email) in {same_mailbox(address) for address in verified_emails(user_id)}


def languages_of_accounts(emails: Iterable[str]) -> dict[str, str]:
    """The languages of the accounts that have proven these addresses, by the address as it was given; accounts that have
    chosen none are left out. One query, none without addresses.
    """
    mailboxes = {email: same_mailbox(email) for email in emails if email}
    if not mailboxes:
        return {}
    rows = EmailAddress.objects.filter(email__in=set(mailboxes.values()), verified=True).exclude(user__language="")
    known = dict(rows.values_list("email", "user__language"))
    return {email: known[mailbox] for email, mailbox in mailboxes.items() if mailbox in known}


def needs_of(request: HttpRequest) -> list[Need]:
    """The saved needs of the account, else of the browser. One query when signed in."""
    saved = _needs_of_account(request)
    return _needs_in_cookie(request) if saved is None else saved


def needs_in_browser_alone(request: HttpRequest) -> list[Need]:
    """The needs of a browser whose person has saved none with an account, whose page would tell the staff."""
    return _needs_in_cookie(request) if _needs_of_account(request) is None else []


def _needs_of_account(request: HttpRequest) -> list[Need] | None:
    """None for a guest, and for an account that has saved nothing about needs."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    saved = SavedNeeds.objects.filter(user=request.user.pk).values_list("needs", flat=True).first()
    return None if saved is None else [need for need in Need if need.value in saved]


def _needs_in_cookie(request: HttpRequest) -> list[Need]:
    kept = set(request.COOKIES.get(settings.NEEDS_COOKIE_NAME, "").split("."))
    return [need for need in Need if need.value in kept]


def needs_told_of(user_id: int) -> list[Need]:
    """The needs that this person agreed to show to staff at the door. One query."""
    saved = SavedNeeds.objects.filter(user=user_id, tells_staff=True).values_list("needs", flat=True).first() or []
    return [need for need in Need if need.value in saved]


def accounts_that_need(needs: Iterable[Need]) -> list[int]:
    """Ids of accounts with one of these needs that agreed to tell staff. One query."""
    wanted = [need.value for need in needs]
    return list(SavedNeeds.objects.filter(tells_staff=True, needs__overlap=wanted).values_list("user_id", flat=True))


def tells_staff(user: Any) -> bool:
    return bool(user.is_authenticated) and SavedNeeds.objects.filter(user=user.pk, tells_staff=True).exists()


def all_emails(user: User) -> list[str]:
    """Every address of an account, unproven ones too; the login address first."""
    others = EmailAddress.objects.filter(user=user).exclude(email=user.email).order_by("pk")
    return [user.email, *others.values_list("email", flat=True)]


def account_data(user: User) -> dict[str, Any]:
    """The stored data of a person with an account, as plain values: moments by ISO 8601 in UTC. No secrets."""
    sessions = AccountSession.objects.alive(user)
    mails = AccountMail.objects.filter(to__in=all_emails(user)).order_by("pk")
    return {
        "number": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "language": user.language,
        "is_staff": user.is_staff,
        "joined_at": _moment(user.date_joined),
        "last_signed_in_at": _moment(user.last_login),
        "addresses": [
            {"email": row.email, "is_verified": row.verified, "is_primary": row.primary}
            for row in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "second_factors": [
            {"kind": row.type, "added_at": _moment(row.created_at), "last_used_at": _moment(row.last_used_at)}
            for row in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "signed_in_on": [
            {
                "browser": row.user_agent,
                "network_address": row.address,
                "signed_in_at": _moment(row.signed_in_at),
                "last_seen_at": _moment(row.last_seen_at),
            }
            for row in sessions
        ],
        "needs": next(iter(SavedNeeds.objects.filter(user=user).values_list("needs", flat=True)), []),
        "door_sees_needs": tells_staff(user),
        "mails": [
            {"about": row.kind, "to": row.to, "written_at": _moment(row.created_at), "sent_at": _moment(row.sent_at)}
            for row in mails
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
