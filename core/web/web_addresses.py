"""Web addresses as browsers send them, in arguments and headers: any text at all."""

from urllib.parse import SplitResult, urlsplit


def split_address(text: str) -> SplitResult:
    """Its parts; without any for what is no address, such as http://[."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")
