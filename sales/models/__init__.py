"""Sales and their contacts."""

from sales.models.contacts import Contact
from sales.models.sales import REFERENCE_ALPHABET, Sale, new_link_nonce, new_reference

__all__ = ["REFERENCE_ALPHABET", "Contact", "Sale", "new_link_nonce", "new_reference"]
