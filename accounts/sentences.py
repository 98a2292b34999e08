"""Our wording of allauth's refusals."""

from core.texts.lazy_text import gettext_lazy as _

WRONG_PASSWORD = _("This e-mail address and this password do not belong together. Please check both.")
LINK_IS_OVER = _("This link is not valid any more. Please ask for a new one.")
WRONG_CODE = _("That is not the right code. Please check it and type it again.")

# Our sentences by allauth's names. Those about phone numbers and user names are never shown here.
OF_ACCOUNTS = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _("This is your main e-mail address. Please make another one the main one first."),
    "duplicate_email": _("This e-mail address is one of yours already."),
    "email_password_mismatch": WRONG_PASSWORD,
    "email_taken": _("There is an account with this e-mail address already."),
    "enter_current_password": _("Please type the password that you have now."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("That is not your password. Please type it again."),
    "invalid_login": WRONG_PASSWORD,
    "invalid_or_expired_key": LINK_IS_OVER,
    "invalid_password_reset": LINK_IS_OVER,
    "max_email_addresses": _("An account can have %d e-mail addresses at most."),
    "rate_limited": _("That was too often in a short time. Please wait a moment, then try again."),
    "same_as_current": _("That is what it is already. Please type something else."),
    "select_only_one": _("Please choose only one."),
    "too_many_login_attempts": _("There were too many tries. Please wait a while, then try again."),
    "unknown_email": _("We know no account with this e-mail address."),
    "unverified_primary_email": _("Please confirm your main e-mail address first."),
}
OF_FACTORS = {
    "add_email_blocked": _(
        "With a second factor no e-mail address can be added. Please remove the second factor first."
    ),
    "cannot_delete_authenticator": _("This second factor cannot be removed: your account needs one."),
    "cannot_generate_recovery_codes": _("Recovery codes stand in for a second factor. Please add one first."),
    "incorrect_code": WRONG_CODE,
    "unverified_email": _("Please confirm your e-mail address first; then add a second factor."),
}
