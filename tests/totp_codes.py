"""The code that an authenticator app shows now."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_of(secret: str) -> str:
    """The code of this half minute. The tests' settings accept the previous one too, because a test may begin in one half
    minute and end in the next.
    """
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
