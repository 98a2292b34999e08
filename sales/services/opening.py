"""Begins a sale: at Pay, at the counter, as a comp, or when a lost sale is restored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.selectors import languages_of_accounts
from accounts.states import Need
from core.letters.mailboxes import same_mailbox
from houses.selectors import house_facts
from sales.models import Contact, Sale

GMAIL = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True)
class Customer:
    """The buyer: an address ('' while unknown), perhaps an account, and the needs that they agreed to tell the staff."""

    email: str = ""
    user_id: int | None = None
    told_needs: tuple[Need, ...] = ()

    @property
    def key(self) -> str:
        """The address in a form that is the same for one person: lower case, without +alias, at Google without dots."""
        name, at, domain = same_mailbox(self.email).rpartition("@")
        name = name.split("+", maxsplit=1)[0] or name
        if domain in GMAIL:
            name, domain = name.replace(".", ""), "gmail.com"
        return f"{name}{at}{domain}"


def language_of(customer: Customer, *, house_id: int) -> str:
    """The language of a sale that was not bought on a page: the customer's, as far as their account says one that the house
    offers, else the house's first.
    """
    return languages_of([customer.email], house_id=house_id)[customer.email]


def languages_of(emails: Iterable[str], *, house_id: int) -> dict[str, str]:
    """As `language_of` for many customers, by their addresses, '' included. One query."""
    emails = set(emails)
    chosen, house = languages_of_accounts(emails), house_facts(house_id)
    return {email: house.language_for(chosen.get(email, "")) for email in emails}


def open_sale(customer: Customer, **columns: Any) -> Sale:
    """Create a sale and its contact. Other arguments are columns of Sale."""
    contact = Contact.objects.create(
        email=customer.email,
        customer=customer.key if customer.email else "",
        told_needs=[need.value for need in customer.told_needs],
    )
    return Sale.objects.create(contact=contact, user_id=customer.user_id, **columns)
