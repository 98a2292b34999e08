"""Sentences of classes and modules: translated whenever they are read, because they are made once for all languages."""

from typing import cast

from django.utils.translation import gettext_lazy as django_gettext_lazy
from django.utils.translation import pgettext_lazy as django_pgettext_lazy


def gettext_lazy(message: str) -> str:
    """Django's, typed as the text it acts as: it formats, joins to others with + and %, and prints as one."""
    return cast(str, django_gettext_lazy(message))


def pgettext_lazy(context: str, message: str) -> str:
    """Translate later, with a `context` that tells meanings of an English word apart."""
    return cast(str, django_pgettext_lazy(context, message))
