"""The one place where the templates of mails are rendered: always in a language that was chosen for the reader.

A worker writes mails to many people, one after the other; without a choice each would be in the language of the process.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi

from core.house_facts import current_house
from core.texts.languages import current_language, speaking

_chosen: ContextVar[bool] = ContextVar("mail_language_chosen", default=False)
# Texts between tags, and in them what looks like the reference of a booking.
TEXTS, REFERENCE = re.compile(r">[^<]+<"), re.compile(r"(?<![\w-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![\w-])")
PARAGRAPHS = re.compile(r"\n\s*\n")
BODY = "<body"
SIDES = re.compile(r"padding:{0} {0} {0} {0}".format(r"([^\s;\"]+)"))
ALIGNED = re.compile(r'\balign="(left|right)"')


class NoMailLanguage(RuntimeError):
    """A mail was rendered outside of `mail_language`."""


@contextmanager
def mail_language(language: str) -> Iterator[None]:
    """Context in which mails are rendered in this language, with their dates, amounts and attachments."""
    token = _chosen.set(True)
    try:
        with speaking(language):
            yield
    finally:
        _chosen.reset(token)


def render_mail(template: str, context: Mapping[str, Any]) -> str:
    """Render a part of a mail; HTML in the house's colors, mirrored for a language from right to left.

    Raises NoMailLanguage.
    """
    if not _chosen.get():
        raise NoMailLanguage(template)
    common = {
        "house": current_house(),
        "mail_language": current_language(),
        "mail_direction": "rtl" if get_language_bidi() else "ltr",
    }
    text = render_to_string(template, {**common, **context})
    if not template.endswith(".html"):
        return text
    html = _with_whole_references(_in_house_colors(text, current_house().mail_colors))
    return _mirrored(html) if get_language_bidi() else html


def render_subject(template: str, context: Mapping[str, Any]) -> str:
    """Render a subject as one line. Raises NoMailLanguage."""
    return " ".join(render_mail(template, context).split())


def signed(text: str) -> str:
    """Add at the end who writes: a plain text has no heading with the house's name. Raises NoMailLanguage."""
    return f"{text.strip()}\n\n{render_mail('mail/signature.txt', {}).strip()}\n"


def letter_html(text: str, *, headline: str, link: str, label: str) -> str:
    """Render the HTML of a mail from its text: the paragraph that is the link becomes a button. Raises NoMailLanguage."""
    paragraphs = [paragraph.strip() for paragraph in PARAGRAPHS.split(text.strip())]
    return render_mail(
        "mail/letter.html", {"headline": headline, "paragraphs": paragraphs, "link": link, "label": label}
    )


def html_mail(
    template: str,
    context: Mapping[str, Any],
    *,
    to: list[str],
    headers: dict[str, str],
    sender: str | None = None,
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """Build a mail from its templates for subject, text and HTML. Raises NoMailLanguage."""
    message = EmailMultiAlternatives(
        subject=render_subject(f"{template}_subject.txt", context),
        body=signed(render_mail(f"{template}.txt", context)),
        from_email=sender,
        to=to,
        reply_to=[reply_to] if reply_to else [],
        headers=headers,
    )
    message.attach_alternative(render_mail(f"{template}.html", context), "text/html")
    return message


def _in_house_colors(html: str, colors: Mapping[str, str]) -> str:
    """Change the colors of our look, as they stand in the templates, into those of the house."""
    return re.sub("|".join(map(re.escape, colors)), lambda found: colors[found[0]], html) if colors else html


def _with_whole_references(html: str) -> str:
    """Keep a reference on one line: mail programs would break it at its hyphen."""
    head, body, rest = html.partition(BODY)
    whole = TEXTS.sub(lambda text: REFERENCE.sub('<span style="white-space:nowrap">\\g<0></span>', text[0]), rest)
    return f"{head}{body}{whole}"


def _mirrored(html: str) -> str:
    """Swap left and right in the CSS, because mail programs ignore `padding-inline`."""
    html = SIDES.sub(lambda sides: f"padding:{sides[1]} {sides[4]} {sides[3]} {sides[2]}", html)
    return ALIGNED.sub(lambda side: 'align="left"' if side[1] == "right" else 'align="right"', html)


def mail_headers(key: str, *, site_url: str) -> dict[str, str]:
    """A fixed Message-ID, which marks repeats as the same mail, and Auto-Submitted."""
    host = site_url.split("://")[1].split(":", maxsplit=1)[0]
    return {"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"}


def leave_headers(url: str) -> dict[str, str]:
    """Headers for unsubscribing with one click in mail programs (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
