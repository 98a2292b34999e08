"""Markup inside of a translated sentence: the sentence itself has none, so the text and the HTML part share it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def bold(value: object) -> SafeString:
    return format_html("<b>{}</b>", value)
