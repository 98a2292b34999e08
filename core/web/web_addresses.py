"""Parses web addresses in arguments and headers, which may be any text."""

from urllib.parse import SplitResult, urlsplit


def split_address(text: str) -> SplitResult:
    """Split an address; the parts are empty for an invalid one such as http://[."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")
