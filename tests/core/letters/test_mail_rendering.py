"""Mails are rendered in a language chosen for their reader, and only by core.letters.mail_rendering."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from core.letters.mail_rendering import NoMailLanguage, _mirrored, mail_language, render_mail, render_subject

ROOT = Path(__file__).resolve().parents[3]
APPS = ("core", "accounts", "houses", "staff", "theaters", "sales", "reservations", "payments", "boxoffice", "config")
RENDERING = Path("core/letters/mail_rendering.py")
# The page of our own errors is rendered without the context of other pages.
ERROR_PAGES = Path("theaters/error_pages.py")
SCRIPT_SENTENCES = Path("core/texts/script_sentences.py")
PANEL_PARTS = Path("reservations/seats/panel_parts.py")


@pytest.fixture(scope="module")
def product_modules():
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return [(path.relative_to(ROOT), ast.parse(path.read_text())) for path in paths]


def test_a_mail_without_a_chosen_language_is_not_rendered():
    with pytest.raises(NoMailLanguage), translation.override("en"):
        render_mail("mail/provider_alert.txt", {})


@pytest.mark.django_db
def test_the_language_is_chosen_for_the_mail_alone():
    with mail_language("de"):
        subject = render_subject("mail/provider_alert_subject.txt", {"subject": "Two\nlines"})
        assert translation.get_language() == "de"
    assert subject == "Two lines"
    assert translation.get_language() != "de"
    with pytest.raises(NoMailLanguage):
        render_mail("mail/provider_alert.txt", {})


def test_from_right_to_left_only_the_sides_change():
    """A padding of three values ends at its semicolon: what stands behind it stays where it is."""
    button = '<td style="padding:0 4px 20px;font-size:22px;font-family:Arial Narrow, Arial;">'
    card = '<td align="right" style="padding:16px 0 18px 20px;color:#1d1711;">'
    assert _mirrored(button) == button
    assert _mirrored(card) == '<td align="left" style="padding:16px 20px 18px 0;color:#1d1711;">'


def styles_of(html: str) -> list[list[str]]:
    return [re.findall(r"[a-z-]+:", style) for style in re.findall(r'style="([^"{]*)"', html)]


def test_each_mail_keeps_its_styles_from_right_to_left():
    mails = {path.stem: path.read_text() for path in (ROOT / "templates").glob("**/mail/*.html")}
    assert mails
    assert [name for name, html in mails.items() if styles_of(_mirrored(html)) != styles_of(html)] == []


def test_only_pages_and_the_renderer_make_text_of_templates(product_modules):
    """Only views, for pages, and the renderer of mails import `django.template.loader`."""
    importers = {
        path
        for path, tree in product_modules
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.template.loader"
    }
    assert RENDERING in importers
    others = importers - {RENDERING, ERROR_PAGES, SCRIPT_SENTENCES, PANEL_PARTS}
    assert not [path for path in others if "views" not in str(path) and "admin" not in str(path)]


def test_modules_that_write_mails_render_with_a_language(product_modules):
    """A module that makes a message, or lets allauth make one, chooses a language or takes a text that was rendered before."""
    writers = {"EmailMultiAlternatives", "MailWithPictures", "EmailMessage", "render_mail", "html_mail"}
    without = set()
    for path, tree in product_modules:
        called = {
            getattr(node.func, "id", getattr(node.func, "attr", ""))
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        if path != RENDERING and called & writers and "mail_language" not in called:
            without.add(str(path))
    # The first sends texts that were rendered when they were queued. The trial mail is in the language of the person who presses
    # the button.
    assert without == {"accounts/services/account_mail.py", "core/letters/mail_trial.py"}
