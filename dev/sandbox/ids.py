"""Random ids in the form Stripe gives them."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_id(prefix: str) -> str:
    return f"{prefix}_{random_text(24)}"


def new_session_id() -> str:
    return f"cs_test_a1{random_text(56)}"


def new_request_id() -> str:
    return f"req_{random_text(14)}"
