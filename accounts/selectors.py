from typing import Any

from allauth.account.models import EmailAddress


def verified_emails(user_id: int) -> list[str]:
    """The addresses this person has proven to own."""
    return list(EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True))


def address_to_suggest(user: Any) -> str:
    """Of a signed-in person, for a form that asks for an address; '' for others."""
    if not user.is_authenticated:
        return ""
    return next(iter(verified_emails(user.pk)), str(user.email))
