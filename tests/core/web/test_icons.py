"""Every icon that a template names is a symbol in the one file of icons."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Template

NAMED = re.compile(r'\{% icon "([\w-]+)"')


def test_templates_name_icons_that_are_there():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', Path(settings.BASE_DIR, "static/img/icons.svg").read_text()))
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    named = {name for path in templates for name in NAMED.findall(path.read_text())}
    assert named <= drawn


def test_an_icon_is_decoration_unless_it_says_something():
    html = Template('{% load icons %}{% icon "pin" %}{% icon "seat" label %}').render(Context({"label": "Row <A>"}))
    pin, seat = re.findall(r"<svg.*?</svg>", html)
    assert 'aria-hidden="true"' in pin and 'href="/static/img/icons.svg#pin"' in pin
    assert 'role="img" aria-label="Row &lt;A&gt;"' in seat
