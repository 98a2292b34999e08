"""Password hashes that cost 19 MiB of memory each, and at most two of them at once in a process.

OWASP's values for Argon2id: 19 MiB, two passes, one lane. Older hashes are verified with the values they were made with and
made anew at the next sign-in.
"""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from core.refusals import TRY_AGAIN, Refusal
from core.texts.lazy_text import gettext_lazy as _

MOST_AT_ONCE = 2
WAIT_SECONDS = 3.0
_turns = BoundedSemaphore(MOST_AT_ONCE)


class TooManyAtOnce(Refusal):
    """Raised when no turn came within WAIT_SECONDS; nothing was hashed and nothing was decided about the password."""

    staff_can = "Ask them to try again. If it lasts, look at the load of the web servers."
    status = 503
    title = _("Just a moment")
    retry_after = 5
    way_on = TRY_AGAIN
    sentence = _(
        "Many people are signing in right now, so we could not check your password. Please try again in a few seconds."
    )


class _Turn:
    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise TooManyAtOnce

    def __exit__(self, *_: object) -> None:
        _turns.release()


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id, m=19 MiB, t=2, p=1, behind two turns."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _Turn():
            encoded: str = super().encode(password, salt)
            return encoded

    def verify(self, password: str, encoded: str) -> bool:
        with _Turn():
            return bool(super().verify(password, encoded))
