"""Names of countries, their codes by name, and what the tax on tickets is called. An unknown code stands for itself."""

from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext

from core.texts.languages import locale_for, speaking
from core.texts.lazy_text import gettext_lazy as _
from core.texts.search_text import folded

# Countries whose name is missing in Babel or unusually long there.
_NAMES = {
    "CS": _("Czechoslovakia"),
    "DD": _("East Germany"),
    "HK": _("Hong Kong"),
    "MO": _("Macao"),
    "SU": _("Soviet Union"),
    "YU": _("Yugoslavia"),
}
# Codes besides those of ISO 3166 today: TMDB's, former ones and those of sports.
_OTHER_CODES = {
    "BRD": "DE", "BUR": "MM", "CSK": "CS", "DDR": "DD", "ENG": "GB", "FRG": "DE", "GDR": "DD", "GER": "DE", "NIR": "GB",
    "SCG": "RS", "SCO": "GB", "SUI": "CH", "SUN": "SU", "UAE": "AE", "WAL": "GB", "XC": "CS", "XG": "DD", "XI": "GB", "XW": "DE",
    "YUG": "YU", "ZAR": "CD",
}  # fmt: skip
# Codes that Babel knows and that are no countries.
_NO_COUNTRIES = {"QO", "XA", "XB", "ZZ"}
# How files of movies write countries besides the names and codes that Babel knows; what is gone is called as its heir.
_ALSO_CALLED = {
    "AE": ("uae",),
    "BA": ("bosnia", "bosnia hercegovina", "bosnien"),
    "BF": ("upper volta",),
    "BO": ("plurinational state of bolivia", "bolivia, plurinational state of"),
    "BN": ("brunei darussalam",),
    "BY": ("byelorussia", "weissrussland"),
    "CD": (
        "congo kinshasa", "dr congo", "democratic republic of congo", "democratic republic of the congo", "zaire",
        "congo, democratic republic of the", "congo, the democratic republic of the", "demokratische republik kongo",
    ),
    "CG": ("congo", "congo brazzaville", "congo, republic of the", "republic of the congo", "republic of congo"),
    "CI": ("ivory coast", "cote d'ivoire"),
    "CS": ("czechoslovak republic", "czechoslovak socialist republic", "cssr", "tschechoslowakei", "tchecoslovaquie"),
    "CV": ("cape verde", "cabo verde"),
    "CZ": ("czech republic", "tschechische republik", "tschechien"),
    "DD": (
        "german democratic republic", "deutsche demokratische republik", "ostdeutschland", "germany, east",
        "germany (east)", "allemagne de l'est",
    ),
    "DE": (
        "west germany", "westdeutschland", "federal republic of germany", "bundesrepublik deutschland", "br deutschland",
        "germany, west", "germany (west)", "allemagne de l'ouest",
    ),
    "DO": ("dominican republic",),
    "FK": ("falkland islands (malvinas)",),
    "FM": ("federated states of micronesia", "micronesia, federated states of"),
    "GB": (
        "great britain", "england", "scotland", "wales", "northern ireland",
        "united kingdom of great britain and northern ireland",
        "grossbritannien", "schottland", "nordirland", "grande bretagne", "gran bretagna", "gran bretana", "britain",
    ),
    "HK": ("hong kong sar", "hongkong"),
    "IR": ("islamic republic of iran", "iran, islamic republic of", "persia"),
    "KG": ("kyrgyz republic",),
    "KP": ("democratic people's republic of korea", "korea, democratic people's republic of", "korea, north"),
    "KR": ("korea", "republic of korea", "korea, republic of", "korea, south"),
    "LA": ("lao people's democratic republic", "lao pdr"),
    "LK": ("ceylon",),
    "LY": ("libyan arab jamahiriya",),
    "MD": ("republic of moldova", "moldova, republic of", "moldawien"),
    "MK": (
        "macedonia", "republic of macedonia", "republic of north macedonia", "macedonia, the former yugoslav republic of",
        "former yugoslav republic of macedonia", "mazedonien", "fyrom",
    ),
    "MM": ("burma", "myanmar", "birma"),
    "MO": ("macau", "macao sar"),
    "NL": ("holland", "kingdom of the netherlands", "netherlands, kingdom of the"),
    "PS": (
        "palestine", "state of palestine", "palestine, state of", "palestinian territory", "occupied palestinian territory",
        "palestinian territory, occupied", "palaestina",
    ),
    "RE": ("reunion",),
    "RS": ("serbia and montenegro", "serbien und montenegro", "federal republic of serbia and montenegro"),
    "RU": ("russian federation", "russische foederation", "russische foderation"),
    "SK": ("slovak republic", "slovakia (slovak republic)", "slowakische republik"),
    "SU": (
        "ussr", "udssr", "sowjetunion", "union of soviet socialist republics", "union sovietique", "unione sovietica",
        "union sovietica", "urss",
    ),
    "SY": ("syrian arab republic",),
    "SZ": ("swaziland",),
    "TH": ("siam",),
    "TL": ("east timor",),
    "TR": ("turkey", "turkiye"),
    "TW": ("taiwan, province of china", "republic of china"),
    "TZ": ("united republic of tanzania", "tanzania, united republic of"),
    "US": ("united states of america", "u s", "u s a", "vereinigte staaten von amerika", "etats unis d'amerique"),
    "VA": ("holy see", "vatican", "holy see (vatican city state)", "vatikan"),
    "VE": ("bolivarian republic of venezuela", "venezuela, bolivarian republic of"),
    "VG": ("virgin islands, british", "virgin islands (british)"),
    "VI": ("virgin islands, us", "virgin islands (us)"),
    "VN": ("viet nam", "north vietnam", "south vietnam"),
    "YU": (
        "federal republic of yugoslavia", "socialist federal republic of yugoslavia", "jugoslawien", "yougoslavie", "iugoslavia",
        "jugoslavia",
    ),
    "ZW": ("rhodesia",),
}  # fmt: skip
# In which languages a file may name a country.
_READ_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sv", "da", "nb", "fi", "hu", "tr")


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
    letters = text.replace(".", "")
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return _codes_by_name().get(_plain(text), "")
    code = letters.upper()
    if code in _OTHER_CODES:
        return _OTHER_CODES[code]
    is_known = code in _NAMES or code in Locale.parse("en").territories
    return code if is_known and len(code) == 2 and code not in _NO_COUNTRIES else _unambiguous_alias(code)


def _plain(name: str) -> str:
    """The name as it is compared: without case, accents and dots, "Saint" as "St"."""
    words = folded(name).replace("’", "'").replace("&", " and ").replace(".", "").replace("-", " ").split()
    words = words[1:] if words[:1] == ["the"] else words
    return " ".join("st" if word == "saint" else word for word in words)


def _unambiguous_alias(code: str) -> str:
    codes = get_global("territory_aliases").get(code, [])
    return str(codes[0]) if len(codes) == 1 else ""


@cache
def _codes_by_name() -> dict[str, str]:
    # The first language counts where two call different countries the same.
    found = {
        _plain(name): code
        for language in reversed(_READ_LANGUAGES)
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code not in _NO_COUNTRIES
    }
    with speaking("en"):
        ours = {_plain(str(name)): code for code, name in _NAMES.items()}
    return found | ours | {_plain(name): code for code, names in _ALSO_CALLED.items() for name in names}
