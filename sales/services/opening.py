"""Begins a sale: at Pay, at the counter, as a comp, or when a lost sale is restored."""

from dataclasses import dataclass
from typing import Any

from core.letters.mailboxes import same_mailbox
from sales.models import Contact, Sale

GMAIL = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True)
class Customer:
    """The buyer: an address ('' while unknown), and perhaps an account."""

    email: str = ""
    user_id: int | None = None

    @property
    def key(self) -> str:
        """The address in a form that is the same for one person: lower case, without +alias, at Google without dots."""
        name, at, domain = same_mailbox(self.email).rpartition("@")
        name = name.split("+", maxsplit=1)[0] or name
        if domain in GMAIL:
            name, domain = name.replace(".", ""), "gmail.com"
        return f"{name}{at}{domain}"


def open_sale(customer: Customer, **columns: Any) -> Sale:
    """Create a sale and its contact. Other arguments are columns of Sale."""
    contact = Contact.objects.create(email=customer.email, customer=customer.key if customer.email else "")
    return Sale.objects.create(contact=contact, user_id=customer.user_id, **columns)
