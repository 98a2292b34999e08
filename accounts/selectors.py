from allauth.account.models import EmailAddress


def verified_emails(user_id: int) -> list[str]:
    """The addresses this person has proven to own."""
    return list(EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True))
