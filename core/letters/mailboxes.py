"""E-mail addresses as we store them: one spelling for each mailbox; addresses that our mail server cannot reach are
refused.

Django's own check takes the letters ı (U+0131), K (U+212A) and ſ (U+017F) for i, k and s of another case; no mail can
be sent to them.
"""

import unicodedata
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _

LONGEST = 254
NOT_ONE = _("Please enter an e-mail address like ada@example.com.")
_has_the_right_form = EmailValidator(NOT_ONE)


def clean_address(typed: str) -> str:
    """The address without invisible letters and wide forms, its domain in small letters and ASCII (IDNA 2008, UTS 46).

    The part before the @ keeps its case. Raises ValidationError with a sentence for the person who typed it.
    """
    written = unicodedata.normalize("NFKC", "".join(letter for letter in typed if not _is_invisible(letter))).strip()
    name, at, domain = written.rpartition("@")
    if strange := next((letter for letter in name if not letter.isascii()), ""):
        raise ValidationError(
            gettext("We cannot send e-mail to an address with “%(strange)s” before the @. Please check the address.")
            % {"strange": strange}
        )
    address = f"{name}{at}{_domain(domain)}"
    _has_the_right_form(address)
    if len(address) > LONGEST:
        raise ValidationError(NOT_ONE)
    return address


def same_mailbox(typed: str) -> str:
    """Normalize an address for comparing: in lower case; a text that is no address is only put into lower case."""
    try:
        return clean_address(typed).lower()
    except ValidationError:
        return typed.strip().lower()


def _domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode().lower() if not domain.isascii() else domain.lower()
    except idna.IDNAError:
        raise ValidationError(NOT_ONE) from None


def _is_invisible(letter: str) -> bool:
    """Soft hyphens, joiners and marks of direction (Cf), line ends and other control characters (Cc)."""
    return unicodedata.category(letter) in {"Cf", "Cc"}


class AddressFormField(forms.EmailField):
    """A form field for e-mail addresses by our own rules, in place of forms.EmailField."""

    default_validators: Any = ()

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return clean_address(typed) if typed else typed


class AddressField(models.EmailField):
    """A model field for e-mail addresses by our rules, whose forms clean them. Its column is that of models.EmailField."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(clean_address(value) if value else value, model_instance)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": AddressFormField, **options})

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.EmailField", arguments, options
