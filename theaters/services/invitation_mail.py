"""The mail of an invitation. It goes out while the person who invites waits, so that they learn at once when it cannot."""

import smtplib

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from theaters.models import Invitation

logger = structlog.get_logger(__name__)


def send_invitation(invitation: Invitation, *, secret: str) -> bool:
    """Whether the mail server took it."""
    context = {
        "invitation": invitation,
        "product": settings.PRODUCT_NAME,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[secret]),
    }
    body = render_to_string("mail/invitation.txt", context)
    subject = f"Work with us: {invitation.get_role_display()} at {invitation.theater}"
    try:
        EmailMessage(subject=subject, body=body, to=[invitation.email]).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("invitation_not_sent", invitation=invitation.pk, error=type(error).__name__)
        return False
    return True
