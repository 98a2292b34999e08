"""The mail of an invitation. Workers send it, and its page shows whether it was sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import AccountMail
from accounts.services.account_mail import MailText, queue_mail
from core.house_facts import speaking_for
from core.letters.mail_rendering import letter_html, mail_language, render_mail, render_subject, signed
from houses.selectors import house_facts
from staff.models import Invitation


def queue_invitation(invitation: Invitation, *, secret: str) -> AccountMail:
    link = settings.SITE_URL + reverse("accept_invitation", args=[secret])
    context = {"invitation": invitation, "link": link}
    house = house_facts(invitation.theater.house_id)
    with mail_language(settings.LANGUAGE_CODE), speaking_for(house):
        subject = render_subject("mail/invitation_subject.txt", context)
        says = render_mail("mail/invitation.txt", context)
        html = letter_html(says, headline=subject, link=link, label=gettext("Accept the invitation"))
        body = signed(says)
    text = MailText("invitation", to=invitation.email, subject=subject, body=body, html=html, sender=house.from_email)
    return queue_mail(text)
