"""The mail of an invitation. Workers send it; the invitation's page says whether it went."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import AccountMail
from accounts.services.account_mail import Letter, queue_letter
from theaters.models import Invitation


def queue_invitation(invitation: Invitation, *, secret: str) -> AccountMail:
    context = {
        "invitation": invitation,
        "product": settings.PRODUCT_NAME,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[secret]),
    }
    subject = f"Work with us: {invitation.get_role_display()} at {invitation.theater}"
    body = render_to_string("mail/invitation.txt", context)
    return queue_letter(Letter(kind="invitation", to=invitation.email, subject=subject, body=body))
