"""Who acts in a request at the counter or the door: a person, and the device at which they work.

The decorator of staff pages (boxoffice/staff_pages.py) finds it once per request; views ask `acting_in` and never
`request.user`, so that rights, holds, money and logs name the same person.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from core.actors import staff_actor_name
from staff.models import Device
from staff.services.pins import PinPlace


@dataclass(frozen=True)
class Acting:
    """A person who acts. `device` is None for somebody who signed in with their account.

    On a device `rights` are what the person's roles and the device's task allow together, and `has_shown_pin` says whether
    this very request carried the right PIN.
    """

    user: User | AnonymousUser
    device: Device | None = None
    rights: frozenset[str] = frozenset()
    has_shown_pin: bool = False

    @property
    def user_id(self) -> int:
        """The id of the signed-in person or operator; every staff page has one."""
        assert self.user.pk is not None
        return int(self.user.pk)

    @property
    def device_id(self) -> int | None:
        return self.device.pk if self.device else None

    @property
    def actor(self) -> str:
        """The name in the logs of the person and the device."""
        return staff_actor_name(self.user_id, self.device_id)

    @property
    def name(self) -> str:
        """The name that the person's own screen shows."""
        return self.user.get_full_name() or self.user.email if isinstance(self.user, User) else ""

    @property
    def idle_seconds(self) -> int:
        """Seconds without activity after which a device asks for the PIN again."""
        return int(settings.DEVICE_IDLE_SECONDS)

    @property
    def pin_place(self) -> PinPlace:
        """The place at which another person types their PIN to approve something."""
        return PinPlace(device_id=self.device_id, signed_in_id=None if self.device else self.user_id)


def acting_in(request: HttpRequest) -> Acting:
    known: Any = getattr(request, "acting", None)
    return known if isinstance(known, Acting) else Acting(user=request.user)
