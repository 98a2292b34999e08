"""Settings come from the environment: parsed here, or refused at start with the variable's name."""

import os
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value, or the content of the file that NAME_FILE names; without a default it must be set."""
    value = os.environ.get(name, "").strip() or _from_file(name)
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; .env.example tells what it means.")
    return default


def _from_file(name: str) -> str:
    """Read a secret of Docker or systemd from its file: listings of processes show the name of the file, not its
    content.
    """
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return ""
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({type(error).__name__}).") from None
    if not value or "\n" in value:
        raise ImproperlyConfigured(f"{name}_FILE: {path} must hold one line, the value of {name}.")
    return value


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Read networks separated by commas, such as 192.0.2.0/24, 2001:db8::/48."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be networks such as 192.0.2.0/24, separated by commas: {error}."
        ) from None


def integer(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}.") from None
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be between {least} and {most}, not {value}.")
    return value


def decimal(name: str, default: float, *, most: float) -> float:
    """Read a number from 0 to `most`, such as 0.25."""
    raw = text(name, str(default))
    try:
        value = float(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {raw!r}.") from None
    if not 0 <= value <= most:
        raise ImproperlyConfigured(f"{name} must be between 0 and {most:g}, not {value:g}.")
    return value


def share(name: str, default: str) -> Decimal:
    """Read a share from 0 (off) to 1."""
    raw = text(name, default)
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name} must be a number such as 0.25, not {raw!r}.") from None
    if not value.is_finite() or not 0 <= value <= 1:
        raise ImproperlyConfigured(f"{name} must be between 0 and 1, not {value}.")
    return value


def seconds(name: str, default: int) -> int:
    return integer(name, default, least=1, most=24 * 3600)


def boolean(name: str, *, default: bool) -> bool:
    raw = text(name, str(default)).lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}.")


def choice(name: str, default: str, *, of: Sequence[str]) -> str:
    value = text(name, default)
    if value not in (default, *of):
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(of)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: str = "") -> str:
    """Read the path of a folder, from the root on: relative to another working directory it would be another folder."""
    path = text(name, default)
    if path and not Path(path).is_absolute():
        raise ImproperlyConfigured(f"{name} must be a path from the root on, such as /srv/marquee, not {path!r}.")
    return path


def countries(name: str) -> list[str]:
    """Read two letters of each country, separated by commas."""
    found = [word.upper() for word in words(name)]
    if wrong := [word for word in found if len(word) != 2 or not word.isascii() or not word.isalpha()]:
        raise ImproperlyConfigured(f"{name} must be countries by their two letters, such as DE,AT, not {wrong[0]!r}.")
    return found


def contact(name: str) -> str:
    """Read where people write to: mailto:security@example.com or https://example.com/report; '' when it is not set."""
    raw = text(name, "")
    parts = urlsplit(raw)
    is_contact = (parts.scheme == "mailto" and "@" in parts.path) or (parts.scheme == "https" and parts.hostname)
    if raw and not (is_contact and raw.isprintable()):
        raise ImproperlyConfigured(f"{name} must begin with mailto: or https://, not {raw!r}.")
    return raw


def web_address(name: str, default: str | None = None) -> str:
    """Read an http(s) address without a trailing slash, user, password or query."""
    return _web_address(name, text(name, default))


def _web_address(name: str, raw: str) -> str:
    try:
        parts = urlsplit(raw)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ImproperlyConfigured(f"{name} must be an address such as https://tickets.example.com, not {raw!r}.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be an address alone, without user, password, query and fragment.")
    return raw.rstrip("/")


def origin(name: str, default: str | None = None) -> str:
    """Read an http(s) address without a path: the site's own, before which nothing else stands in links."""
    return _origin(name, text(name, default))


def origins(name: str) -> list[str]:
    """Read addresses of sites without a path, separated by commas, as browsers name them: in small letters."""
    return [_origin(name, word).lower() for word in words(name)]


def _origin(name: str, raw: str) -> str:
    address = _web_address(name, raw)
    if urlsplit(address).path:
        raise ImproperlyConfigured(f"{name} must end with the host or port, without a path, not {address!r}.")
    return address


def redis_address(name: str) -> str:
    raw = text(name)
    if urlsplit(raw).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must look like redis://:password@127.0.0.1:6379/0.")
    return raw


def mailers(name: str, default: str | None = None) -> dict[str, dict[str, object]]:
    """Django's MAILERS from one address: smtp://user:password@host:587/?tls=1, smtps://…, file:///folder, console:, memory:."""
    raw = text(name, default)
    url = urlsplit(raw)
    try:
        port = url.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None
    if url.scheme == "file":
        return {
            "default": {
                "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "OPTIONS": {"file_path": unquote(url.path)},
            }
        }
    if url.scheme in {"console", "memory"}:
        backend = {"console": "console", "memory": "locmem"}[url.scheme]
        return {"default": {"BACKEND": f"django.core.mail.backends.{backend}.EmailBackend"}}
    if url.scheme in {"smtp", "smtps"} and url.hostname:
        options = {
            "host": url.hostname,
            "port": port or (465 if url.scheme == "smtps" else 587),
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_ssl": url.scheme == "smtps",
            "use_tls": parse_qs(url.query).get("tls") == ["1"],
            "timeout": 10,
        }
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    raise ImproperlyConfigured(f"{name} must look like smtp://user:password@host:587/?tls=1, not {url.scheme!r}.")
