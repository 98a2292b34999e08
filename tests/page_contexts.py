"""Keeps in `answer.context` only the values of the page's own template.

Django's test client copies the values for every template it renders, also those of each form field: hundreds for a page
of the office, which took four percent of the time of all tests.
"""

import threading

from django.template import Context, Template
from django.test.signals import template_rendered

_now = threading.local()


def keep_of_pages_alone() -> None:
    """Replace Django's way for the rest of the process; call it after `setup_test_environment`."""
    Template._render = _rendered


def _rendered(template: Template, context: Context) -> str:
    if getattr(_now, "is_inside", False):
        return template.nodelist.render(context)
    _now.is_inside = True
    try:
        template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)
    finally:
        _now.is_inside = False
