"""A booking's reference is never broken at its hyphen: pages mark it where it stands, mails when they are made."""

import re
from pathlib import Path

import pytest

from core.letters.mail_rendering import mail_language, render_mail

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
# Text that cannot break: the title of a tab, attributes, and texts that are only spoken or hidden.
BESIDE = re.compile(
    r'(?s)\{% block title %\}.*?\{% endblock %\}|class="visually-hidden">[^<]*<'
    r'|(?!class=)\b[\w-]+="(?:\{%.*?%\}|\{\{.*?\}\}|[^"{])*"'
)
SPOKEN = {"boxoffice/counter/sale_spoken.html"}
NOT_OURS = {"payments/money_trail.html"}  # a reference of the bank's
SHOWN = re.compile(r"\{\{ *(?:[a-z_.]+\.)?reference *\}\}")
WHOLE = re.compile(r'class="reference"[^>]*>\{\{ *[a-z_.]*reference *\}\}')


def broken_in(text):
    """Sentences that show a reference which may break: neither wrapped nor unbroken."""
    text = BESIDE.sub(" ", text)
    sentences = re.findall(r"(?s)\{% blocktranslate.*?\{% endblocktranslate %\}", text)
    bare = re.sub(r"(?s)\{% blocktranslate.*?\{% endblocktranslate %\}", " ", text)
    found = [said for said in sentences if "|unbroken" not in said and SHOWN.search(WHOLE.sub("", said))]
    return found + SHOWN.findall(WHOLE.sub("", bare))


def test_no_page_breaks_a_reference():
    pages = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    asked = {
        name: text for name, text in pages.items() if not name.startswith("mail/") and name not in SPOKEN | NOT_OURS
    }
    assert {name: found for name, text in asked.items() if (found := broken_in(text))} == {}


def test_a_bare_reference_is_found():
    assert broken_in("<p>{{ booking.reference }}</p>")
    assert broken_in("<h1>{% blocktranslate %}Booking {{ reference }}{% endblocktranslate %}</h1>")
    assert not broken_in('<b class="reference">{{ booking.reference }}</b>')
    assert not broken_in('<a aria-label="{{ booking.reference }}" href="#">x</a>')


@pytest.mark.django_db
def test_a_mail_keeps_it_on_one_line():
    facts = {
        "lines": ["Look at KX7M-4QPD and at ABCD-1234-EF"],
        "subject": "KX7M-4QPD",
        "link": "https://example.com/KX7M-4QPD/",
    }
    with mail_language("en"):
        html = render_mail("mail/provider_alert.html", facts)
    assert 'href="https://example.com/KX7M-4QPD/"' in html
    assert '<span style="white-space:nowrap">KX7M-4QPD</span> and at ABCD-1234-EF' in html
    assert "<span" not in html.partition("<body")[0]


def test_row_and_number_of_a_mailed_ticket_stay_whole():
    """At 320 px the code stands beside them, and 10 was broken into 1 and 0."""
    cells = re.findall(
        r"(?s)<td([^>]*)>(?:(?!<td).)*?\{\{ ticket\.(?:row|number) \}\}</span>",
        (TEMPLATES / "mail/confirmation.html").read_text(),
    )
    assert ["white-space:nowrap" in cell for cell in cells] == [True, True]
