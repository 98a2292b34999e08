"""The mail of an invitation. Workers send it; the invitation's page says whether it went."""

from django.conf import settings
from django.urls import reverse

from accounts.models import AccountMail
from accounts.services.account_mail import Letter, queue_letter
from core.mail_rendering import mail_language, render_mail, render_subject
from staff.models import Invitation


def queue_invitation(invitation: Invitation, *, secret: str) -> AccountMail:
    context = {
        "invitation": invitation,
        "product": settings.PRODUCT_NAME,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[secret]),
    }
    with mail_language(settings.LANGUAGE_CODE):
        subject = render_subject("mail/invitation_subject.txt", context)
        body = render_mail("mail/invitation.txt", context)
    return queue_letter(Letter(kind="invitation", to=invitation.email, subject=subject, body=body))
