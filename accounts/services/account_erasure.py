"""Emptying an account for good. The row stays, because logs refer to its number, without any personal data."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from accounts.models import AccountMail, AccountSession, SavedNeeds, User
from accounts.selectors import all_emails

# No mail server has this domain (RFC 2606).
ERASED_DOMAIN = "erased.invalid"


def is_erased(user: User) -> bool:
    return user.email.endswith(f"@{ERASED_DOMAIN}")


def empty_account(user: User) -> None:
    """Remove addresses, names, password, second factors, mails and sessions of an account without a role. The caller
    has a transaction.
    """
    emails = all_emails(user)
    AccountMail.objects.filter(to__in=emails).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SavedNeeds.objects.filter(user=user).update(needs=[], tells_staff=False)
    sessions = AccountSession.objects.filter(user=user)
    Session.objects.filter(pk__in=sessions.values("session_key")).delete()
    sessions.delete()
    user.email = f"erased-{user.pk}@{ERASED_DOMAIN}"
    user.first_name = user.last_name = user.language = ""
    user.is_active, user.last_login = False, None
    user.sessions_number += 1
    user.set_unusable_password()
    user.save(
        update_fields=[
            "email",
            "first_name",
            "last_name",
            "language",
            "is_active",
            "last_login",
            "sessions_number",
            "password",
        ]
    )
