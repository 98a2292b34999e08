"""{% money_trail booking.reference as steps %}: for pages of apps that know nothing of payments."""

from django import template

from payments.refunds.money_trail import money_trail

register = template.Library()
register.simple_tag(money_trail, name="money_trail")
