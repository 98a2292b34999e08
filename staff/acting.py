"""Who acts in a request at the counter or the door: a person, and the device at which they work.

The guard of staff pages (boxoffice/staff_pages.py) answers it once per request; views ask `acting_in` and never
`request.user`, so that rights, holds, money and logs name the same person.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User


@dataclass(frozen=True)
class Acting:
    """A person who acts. `device_id` is None for somebody who signed in with their account."""

    user: User | AnonymousUser
    device_id: int | None = None

    @property
    def user_id(self) -> int:
        """Of a person who was let in; nobody else gets to a view."""
        assert self.user.pk is not None
        return int(self.user.pk)

    @property
    def actor(self) -> str:
        """As logs name who acted."""
        return f"staff:{self.user.pk}"


def acting_in(request: HttpRequest) -> Acting:
    known: Any = getattr(request, "acting", None)
    return known if isinstance(known, Acting) else Acting(user=request.user)
