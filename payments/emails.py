"""Mails about money that are of no single booking."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from payments.models import InvariantRun


def broken_check(run: InvariantRun, *, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """What the check found, with the way to its page; the same check always has the same Message-ID."""
    path = reverse("admin:payments_invariantrun_change", args=[run.pk])
    context = {"run": run, "link": site_url + path, "product_name": "Marquee", "site_url": site_url}
    host = site_url.split("://")[1].split(":", maxsplit=1)[0]
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("mail/check_subject.txt", context).split()),
        body=render_to_string("mail/check.txt", context),
        to=to,
        headers={
            "Message-ID": f"<check-{run.pk}-{run.asked_at.timestamp():.0f}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/check.html", context), "text/html")
    return message
