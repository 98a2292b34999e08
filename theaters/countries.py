"""Names of countries and of the tax on their tickets. An unknown country code stands for itself."""

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
    **dict.fromkeys(("GB", "CH", "NO", *_EUROPEAN_VAT), "VAT"),
    **dict.fromkeys(("AU", "CA", "IN", "NZ"), "GST"),
    "JP": "consumption tax",
    "US": "sales tax",
}


def tax_name(code: str) -> str:
    """What customers of a country call the tax inside a price, in English."""
    return _TAX_NAMES.get(code, "tax")


def country_name(code: str) -> str:
    return _NAMES.get(code, code)
