"""Mails to staff about money that belong to no single booking."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.letters.mail_rendering import html_mail, mail_headers, mail_language
from core.models import SalesPause
from core.pauses import as_pause
from payments.models import InvariantRun, KeyRefusal, LedgerComparison, SetAsideCause


def broken_check(run: InvariantRun, *, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """Render the findings of a check, with a link to its page; a check always has the same Message-ID."""
    path = reverse("admin:payments_invariantrun_change", args=[run.pk])
    context = {"run": run, "link": site_url + path}
    name = f"check-{run.pk}-{run.asked_at.timestamp():.0f}"
    return _message("mail/check", context, name=name, to=to, site_url=site_url)


def ledgers_differ(run: LedgerComparison, *, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """Render the mail about the differences that a comparison could not mend, with a link to its page."""
    count = f"{run.differences} difference{'' if run.differences == 1 else 's'}"
    return _provider_alert(
        subject=f"The payment provider and our books differ: {count}",
        says="The nightly comparison found what it could not mend. Look at it today.",
        lines=[difference["says"] for difference in run.left[:20]],
        link=site_url + reverse("admin:payments_ledgercomparison_change", args=[run.pk]),
        name=f"comparison-{run.pk}-{run.asked_at.timestamp():.0f}",
        to=to,
        site_url=site_url,
    )


def key_refusal(refusal: KeyRefusal, *, words: str, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """Render the mail about a right that our key lacks."""
    return _provider_alert(
        subject="The payment provider refuses something to our key",
        says=words,
        lines=[
            "What needs it is tried again until it works. Change the key's rights in the payment provider's dashboard."
        ],
        link=site_url + reverse("admin:payments_ledgercomparison_changelist"),
        name=f"key-{refusal.pk}-{refusal.last_at.timestamp():.0f}",
        to=to,
        site_url=site_url,
    )


def events_set_aside(cause: SetAsideCause, *, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """Render the mail about deliveries that were set aside and are not tried again by themselves."""
    return _provider_alert(
        subject="News from the payment provider could not be acted on",
        says="A delivery of the payment provider failed again and again. It is set aside and waits for a person.",
        lines=[
            cause.says,
            "Have it tried again once the cause is gone, or close it when nothing is to be done.",
            "More deliveries with the same cause send no further mail.",
        ],
        link=site_url + reverse("admin:payments_providerevent_changelist") + "?state=aside",
        name=f"aside-{cause.pk}-{cause.last_at.timestamp():.0f}",
        to=to,
        site_url=site_url,
    )


def sales_paused(pause: SalesPause, *, to: list[str], site_url: str) -> EmailMultiAlternatives:
    """Render the mail about a pause that began by itself: why, what stops, and what to do."""
    lines = [
        "Until somebody acts nothing is sold, no payment settles, and no refund and no mail to customers goes out.",
        f"Run manage.py {settings.RECONCILE_COMMAND} until it says that both ledgers agree, then resume sales.",
    ]
    if pause.known_until is not None:
        lines.insert(
            0, f"Tickets sold after {pause.known_until.astimezone(UTC):%H:%M on %-d %B %Y} UTC are not known here."
        )
    lines += as_pause(pause).losses_in_words
    return _provider_alert(
        subject="Ticket sales have stopped: the database is older than the payment provider or the file beside it",
        says=f"The database was restored, or it looks so: {pause.why}.",
        lines=lines,
        link=site_url + reverse("admin:core_salespause_changelist"),
        name=f"pause-{pause.pk}-{pause.since.timestamp():.0f}",
        to=to,
        site_url=site_url,
    )


def _provider_alert(
    *, subject: str, says: str, lines: list[str], link: str, name: str, to: list[str], site_url: str
) -> EmailMultiAlternatives:
    context = {"subject": subject, "says": says, "lines": lines, "link": link}
    return _message("mail/provider_alert", context, name=name, to=to, site_url=site_url)


def _message(
    template: str, context: dict[str, Any], *, name: str, to: list[str], site_url: str
) -> EmailMultiAlternatives:
    """Render a mail to several members of staff, in the language of the installation."""
    context |= {"site_url": site_url}
    with mail_language(settings.LANGUAGE_CODE):
        return html_mail(template, context, to=to, headers=mail_headers(name, site_url=site_url))
