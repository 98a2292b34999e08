"""What `answer.context` has: the values of the page's own template.

Django's test client copies them for every template that is rendered, those of each field of a form among them: hundreds for a
page of the office, which took four of a hundred seconds of all tests.
"""

import threading

from django.template import Context, Template
from django.test.signals import template_rendered

_now = threading.local()


def keep_of_pages_alone() -> None:
    """Replace Django's way for the rest of the process; after `setup_test_environment`."""
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
