"""Names of countries, their codes by name, and what the tax on tickets is called. An unknown code stands for itself."""

from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext

from core.texts.languages import locale_for, speaking
from core.texts.lazy_text import gettext_lazy as _

# Countries whose name is missing in Babel or unusually long there.
_NAMES = {
    "CS": _("Czechoslovakia"),
    "DD": _("East Germany"),
    "HK": _("Hong Kong"),
    "MO": _("Macao"),
    "SU": _("Soviet Union"),
    "YU": _("Yugoslavia"),
}
# How files of movies write countries besides the names and codes that Babel knows.
_ALSO_CALLED = {
    "bosnia and herzegovina": "BA",
    "burma": "MM",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "iran, islamic republic of": "IR",
    "ivory coast": "CI",
    "korea": "KR",
    "korea, republic of": "KR",
    "palestine": "PS",
    "republic of korea": "KR",
    "russian federation": "RU",
    "scotland": "GB",
    "the netherlands": "NL",
    "turkey": "TR",
    "u.k.": "GB",
    "u.s.": "US",
    "u.s.a.": "US",
    "viet nam": "VN",
    "wales": "GB",
    "west germany": "DE",
}
# In which languages a file may name a country.
_READ_LANGUAGES = ("en", "de", "fr", "es", "it")


_EUROPEAN_VAT = ("AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PL", "PT", "SE")
_TAX_NAMES = {
    **dict.fromkeys(("GB", "CH", "NO", *_EUROPEAN_VAT), _("VAT")),
    **dict.fromkeys(("AU", "CA", "IN", "NZ"), _("GST")),
    "JP": _("consumption tax"),
    "US": _("sales tax"),
}


def tax_name(code: str) -> str:
    """The name of the tax inside a price, as customers of a country know it."""
    return str(_TAX_NAMES.get(code) or gettext("tax"))


def country_name(code: str) -> str:
    """The name of a country in the current language."""
    if code in _NAMES:
        return str(_NAMES[code])
    return str(locale_for("").territories.get(code, code))


def country_code(text: str) -> str:
    """The two letters of a country that a file names by its name or its ISO 3166 code; "" for an unknown country."""
    if text.isascii() and text.isalpha() and len(text) <= 3:
        code = text.upper()
        known = code in _NAMES or code in Locale.parse("en").territories
        return code if known and len(code) == 2 else _unambiguous_alias(code)
    return _codes_by_name().get(text.casefold(), "")


def _unambiguous_alias(code: str) -> str:
    codes = get_global("territory_aliases").get(code, [])
    return str(codes[0]) if len(codes) == 1 else ""


@cache
def _codes_by_name() -> dict[str, str]:
    found = {
        name.casefold(): code
        for language in _READ_LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2
    }
    with speaking("en"):
        ours = {str(name).casefold(): code for code, name in _NAMES.items()}
    return found | ours | _ALSO_CALLED
