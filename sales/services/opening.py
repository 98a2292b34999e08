"""A sale begins: at Pay, at the counter, as a gift, or when a lost one is written again."""

from dataclasses import dataclass
from typing import Any

from core.letters.mailboxes import same_mailbox
from sales.models import Contact, Sale

GMAIL = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True)
class Customer:
    """Who buys: an address ('' while none is known), and an account."""

    email: str = ""
    user_id: int | None = None

    @property
    def key(self) -> str:
        """The address as one person has it: no case, no +alias; at Google no dots, which it does not read."""
        name, at, domain = same_mailbox(self.email).rpartition("@")
        name = name.split("+", maxsplit=1)[0] or name
        if domain in GMAIL:
            name, domain = name.replace(".", ""), "gmail.com"
        return f"{name}{at}{domain}"


def open_sale(customer: Customer, **columns: Any) -> Sale:
    """A sale to this customer, with a contact of its own. The columns are those of Sale."""
    contact = Contact.objects.create(email=customer.email, customer=customer.key if customer.email else "")
    return Sale.objects.create(contact=contact, user_id=customer.user_id, **columns)
