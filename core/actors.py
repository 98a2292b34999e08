"""How logs name a person of the staff, and the device at which they acted: `staff:7`, `staff:7@3`."""

STAFF = "staff:"
AT = "@"


def staff_actor_name(user_id: int, device_id: int | None = None) -> str:
    return f"{STAFF}{user_id}" if device_id is None else f"{STAFF}{user_id}{AT}{device_id}"


def user_id_of(actor: str) -> int | None:
    """The person's id; None for customers, workers and commands."""
    return _number(actor.removeprefix(STAFF).partition(AT)[0]) if actor.startswith(STAFF) else None


def device_id_of(actor: str) -> int | None:
    """The device's id; None for people who signed in with their account."""
    return _number(actor.partition(AT)[2]) if actor.startswith(STAFF) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
