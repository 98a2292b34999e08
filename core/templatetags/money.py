from decimal import Decimal

from django import template

from core.money import format_money, included_text

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else format_money(amount, currency)


@register.simple_tag
def included(*, fee: Decimal, tax: Decimal, tax_name: str, currency: str) -> str:
    return included_text(fee=fee, tax=tax, tax_name=tax_name, currency=currency)
