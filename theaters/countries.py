"""Names of countries and of the tax on their tickets. An unknown country code stands for itself."""

from django.utils.translation import gettext

from core.lazy_text import gettext_lazy as _

_NAMES = {
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "CN": "China",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "HK": "Hong Kong",
    "IE": "Ireland",
    "IN": "India",
    "IR": "Iran",
    "IT": "Italy",
    "JP": "Japan",
    "KR": "South Korea",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PL": "Poland",
    "PT": "Portugal",
    "RU": "Russia",
    "SE": "Sweden",
    "SU": "Soviet Union",
    "TW": "Taiwan",
    "UA": "Ukraine",
    "US": "United States",
}


_EUROPEAN_VAT = ("AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PL", "PT", "SE")
_TAX_NAMES = {
    **dict.fromkeys(("GB", "CH", "NO", *_EUROPEAN_VAT), _("VAT")),
    **dict.fromkeys(("AU", "CA", "IN", "NZ"), _("GST")),
    "JP": _("consumption tax"),
    "US": _("sales tax"),
}


def tax_name(code: str) -> str:
    """What customers of a country call the tax inside a price."""
    return str(_TAX_NAMES.get(code) or gettext("tax"))


def country_name(code: str) -> str:
    return _NAMES.get(code, code)
