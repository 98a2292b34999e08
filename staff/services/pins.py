"""PINs: set by their owners, and checked on devices.

A PIN has only a million values, so the count of wrong tries protects it. Its hash is fast and keyed: without SECRET_KEY
a stolen table tells nothing, and with it even a slow hash of six digits is soon guessed.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, ngettext

from accounts.models import User
from core.actors import staff_actor_name
from core.clock import ClockTimestamp
from core.limits.limiter import Limit, check
from core.monitoring.security_log import SecurityEvent, write_security_event
from core.refusals import BadChoice, Refusal, TooOften
from core.texts.lazy_text import gettext_lazy as _
from staff import locks
from staff.models import Device, Pin, PinTries
from staff.pin_rules import is_easy_to_guess, is_pin
from staff.services.audit import record

MOST_WRONG = 5
_SALT = "staff.pins"


class WrongPin(Refusal):
    """The PIN is wrong; `left` tries remain."""

    status = 422
    field = "pin"

    def __init__(self, left: int) -> None:
        super().__init__(
            ngettext(
                "That is not the PIN. One more try, then a manager has to unlock it.",
                "That is not the PIN. You have %(left)s more tries.",
                left,
            )
            % {"left": left}
        )


class PinLocked(Refusal):
    """Five PINs were wrong, so none is checked until a manager unlocks it."""

    status = 423
    field = "pin"
    title = _("This PIN is locked here")
    sentence = _("The PIN was wrong five times, so it is locked on this device. A manager can unlock it.")
    staff_can = (
        "Choose the name on the device and let a manager type their PIN, or unlock it in the office under Devices."
    )


class PinLockedInSessions(PinLocked):
    """Five PINs were wrong where somebody is signed in with their account, so that no device has a page to unlock it."""

    sentence = _(
        "The PIN was wrong five times, so it is locked where people sign in with their account. Its owner unlocks it by "
        "setting a new one on the page “Your PIN” of their account."
    )
    staff_can = "Ask the owner of the PIN to set a new one on their page “Your PIN”; it asks for their second factor."


class TooManyWrongPins(TooOften):
    title = _("Too many wrong PINs")
    sentence = _("Too many wrong PINs were typed on this device. Please wait %(wait)s, or sign in with an account.")


# Wrong PINs of all people together on one device.
WRONG_ON_DEVICE = Limit("wrong_pins_on_device", most=20, seconds=3600, refusal=TooManyWrongPins)


@dataclass(frozen=True)
class PinPlace:
    """The place where a PIN is typed: a device, or the session of somebody signed in with their account."""

    device_id: int | None
    signed_in_id: int | None = None

    @property
    def limited_as(self) -> str:
        return f"device:{self.device_id}" if self.device_id else f"account:{self.signed_in_id}"


def place_at(device: Device) -> PinPlace:
    return PinPlace(device_id=device.pk)


def set_pin(*, user: User, pin: str) -> None:
    """Set a person's PIN. Raises BadChoice unless it has six digits and is hard to guess."""
    if not is_pin(pin):
        raise BadChoice("pin", gettext("A PIN has six digits."))
    if is_easy_to_guess(pin):
        raise BadChoice(
            "pin",
            gettext(
                "Others would guess this PIN first: repeats, rows of digits and dates do not count. Choose another."
            ),
        )
    salt = secrets.token_hex(16)
    facts = {"salt": salt, "digest": _digest(pin, user.pk, salt, settings.SECRET_KEY), "set_at": ClockTimestamp()}
    with transaction.atomic():
        stored, is_new = Pin.objects.update_or_create(user=user, defaults=facts)
        # No device has a page that would unlock it there. Their second factor was asked for just now.
        PinTries.objects.filter(user=user, device=None).update(wrong=0, locked_at=None)
        record(
            actor=staff_actor_name(user.pk), action="set PIN" if is_new else "change PIN", thing=stored, theater=None
        )  # fmt: skip


def check_pin(*, user_id: int, pin: str, place: PinPlace) -> None:
    """Check a PIN, in a transaction of its own so that wrong tries stay counted.

    Raises WrongPin, PinLocked or TooManyWrongPins.
    """
    check(WRONG_ON_DEVICE, place.limited_as, 0)
    with transaction.atomic(durable=True):
        tries = locks.pin_tries(user_id=user_id, device_id=place.device_id)
        if tries.locked_at is not None:
            raise _locked(place)
        if _is_right(user_id, pin):
            if tries.wrong:
                PinTries.objects.filter(pk=tries.pk).update(wrong=0)
            return
        wrong = tries.wrong + 1
        locked_at = ClockTimestamp() if wrong >= MOST_WRONG else None
        PinTries.objects.filter(pk=tries.pk).update(wrong=wrong, locked_at=locked_at)
    _refuse_wrong(user_id, place, wrong)


def _refuse_wrong(user_id: int, place: PinPlace, wrong: int) -> None:
    is_locked = wrong >= MOST_WRONG
    event = SecurityEvent.PIN_LOCKED if is_locked else SecurityEvent.WRONG_PIN
    write_security_event(event, operator_id=user_id, device_id=place.device_id)
    check(WRONG_ON_DEVICE, place.limited_as)
    if is_locked:
        raise _locked(place)
    raise WrongPin(MOST_WRONG - wrong)


def _locked(place: PinPlace) -> PinLocked:
    return PinLocked() if place.device_id else PinLockedInSessions()


def unlock_pin(*, user_id: int, device: Device, actor: str) -> None:
    """Unlock a PIN by a manager: the person has five tries again."""
    with transaction.atomic():
        tries = locks.pin_tries(user_id=user_id, device_id=device.pk)
        was_locked = tries.locked_at is not None
        PinTries.objects.filter(pk=tries.pk).update(wrong=0, locked_at=None)
        if was_locked:
            person = User.objects.get(pk=user_id).email
            record(actor=actor, action="unlock PIN", thing=device, theater=device.theater_id, after={"person": person})


def _is_right(user_id: int, pin: str) -> bool:
    """Check a PIN; one hashed with an older SECRET_KEY is hashed anew."""
    stored = Pin.objects.filter(user_id=user_id).first()
    if stored is None or not is_pin(pin):
        return False
    now = _digest(pin, user_id, stored.salt, settings.SECRET_KEY)
    if constant_time_compare(stored.digest, now):
        return True
    for older in settings.SECRET_KEY_FALLBACKS:
        if constant_time_compare(stored.digest, _digest(pin, user_id, stored.salt, older)):
            Pin.objects.filter(pk=stored.pk, digest=stored.digest).update(digest=now)
            return True
    return False


def _digest(pin: str, user_id: int, salt: str, secret: str) -> str:
    return salted_hmac(_SALT, f"{user_id}:{salt}:{pin}", secret=secret, algorithm="sha256").hexdigest()
