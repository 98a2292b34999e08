"""The mail of an invitation. Workers send it, and its page shows whether it was sent."""

from django.conf import settings
from django.urls import reverse

from accounts.models import AccountMail
from accounts.services.account_mail import MailText, queue_mail
from core.house_facts import speaking_for
from core.letters.mail_rendering import mail_language, render_mail, render_subject
from houses.selectors import house_facts
from staff.models import Invitation


def queue_invitation(invitation: Invitation, *, secret: str) -> AccountMail:
    context = {
        "invitation": invitation,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[secret]),
    }
    house = house_facts(invitation.theater.house_id)
    with mail_language(settings.LANGUAGE_CODE), speaking_for(house):
        subject = render_subject("mail/invitation_subject.txt", context)
        body = render_mail("mail/invitation.txt", context)
    text = MailText(kind="invitation", to=invitation.email, subject=subject, body=body, sender=house.from_email)
    return queue_mail(text)
