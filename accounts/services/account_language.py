"""The language that a person chose by the switch, kept with the account for other browsers and for letters."""

from accounts.models import User


def keep_language(user: User, language: str) -> None:
    """Keep it, a code of settings.LANGUAGES, unless it is kept already."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
