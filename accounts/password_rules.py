"""Rules for new passwords besides Django's own: not easy to guess, not a repeated pattern, not known from a breach."""

import hashlib
import re
import urllib.error
import urllib.request
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from zxcvbn import zxcvbn

logger = structlog.get_logger(__name__)
WEAKEST_SCORE = 3  # of 0 to 4: at least 10^8 guesses
# zxcvbn's work grows with the square of the length; what is longer is judged by its beginning.
MOST_JUDGED = 64
LONGEST_PASSWORD = 256
REPEATED = re.compile(r"(.{1,12}?)\1{2,}", re.DOTALL)
BREACH_TIMEOUT_SECONDS = 2
MOST_BREACH_BYTES = 200_000


class LengthValidator:
    """Refuses passwords that are too long, because hashing costs work for every byte."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                gettext("This password is too long. It can have up to %(longest_password)s characters.")
                % {"longest_password": LONGEST_PASSWORD},
                "password_too_long",
            )

    def get_help_text(self) -> str:
        return gettext("Your password can have up to %(longest_password)s characters.") % {
            "longest_password": LONGEST_PASSWORD
        }


class RepetitionValidator:
    """Refuses a password that consists of a short piece said three times or more."""

    def validate(self, password: str, user: Any = None) -> None:
        if REPEATED.fullmatch(password[:LONGEST_PASSWORD]) or len(set(password)) < 5:
            raise ValidationError(
                gettext("This password repeats itself. Please choose one with more variety."), "password_repeats"
            )

    def get_help_text(self) -> str:
        return gettext("Your password can't be a short piece repeated.")


class GuessingValidator:
    """Refuses what zxcvbn reckons to be guessed in fewer than 10^8 tries, and what is made of the person's own words."""

    def validate(self, password: str, user: Any = None) -> None:
        judged = zxcvbn(password[:MOST_JUDGED], user_inputs=[settings.PRODUCT_NAME, *_words_of(user)])
        if judged["score"] < WEAKEST_SCORE:
            raise ValidationError(
                gettext(
                    "This password is easy to guess. A good one has three or four words that do not belong together."
                ),
                "password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return gettext("Your password can't be easy to guess.")


class BreachValidator:
    """Refuses a password that was published in a breach. Does nothing unless PASSWORD_BREACH_URL is set.

    Only the first five digits of the password's SHA-1 leave the house (k-anonymity); the answer lists all endings that are
    known for them. When the service does not answer, the password is allowed and a line is logged.
    """

    def validate(self, password: str, user: Any = None) -> None:
        if not settings.PASSWORD_BREACH_URL:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if digest[5:] in _known_endings(digest[:5]):
            raise ValidationError(
                gettext("This password was stolen from another website and published. Please choose another one."),
                "password_breached",
            )

    def get_help_text(self) -> str:
        return gettext("Your password can't be one that was stolen from another website and published.")


def _known_endings(prefix: str) -> set[str]:
    request = urllib.request.Request(  # noqa: S310  (the setting is an http(s) address, checked at start)
        f"{settings.PASSWORD_BREACH_URL.rstrip('/')}/{prefix}", headers={"Add-Padding": "true", "User-Agent": "marquee"}
    )
    try:
        with urllib.request.urlopen(request, timeout=BREACH_TIMEOUT_SECONDS) as answer:  # noqa: S310
            lines = answer.read(MOST_BREACH_BYTES).decode("ascii", "ignore").splitlines()
    except (OSError, ValueError, urllib.error.URLError) as error:
        logger.warning("breach_lookup_failed", error=type(error).__name__)
        return set()
    pairs = [line.partition(":") for line in lines]
    return {ending.strip().upper() for ending, _, count in pairs if count.strip() not in {"", "0"}}


def _words_of(user: Any) -> list[str]:
    text = " ".join(str(getattr(user, name, "") or "") for name in ("email", "first_name", "last_name"))
    return [word for word in re.split(r"\W+", text) if len(word) > 2]
