"""System checks: `manage.py check --deploy` fails on settings and files with which the site must not go live."""

from email.utils import parseaddr
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Error, Tags, register
from django.core.checks.messages import CheckMessage
from django.http.request import validate_host

from core.texts import catalogs


@register(Tags.security, deploy=True)
def servers_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.rsplit(".", 1)[-1] in {"DummyCache", "LocMemCache"}:
        found.append(Error("The cache must be shared by all processes: set REDIS_URL.", id="marquee.E006"))
    database = settings.DATABASES["default"]
    if database.get("ATOMIC_REQUESTS"):
        found.append(Error("ATOMIC_REQUESTS would hold locks during calls to payment providers.", id="marquee.E007"))
    if "pool" in database.get("OPTIONS", {}):
        found.append(Error("The connection pool is not for workers; CONN_MAX_AGE serves here.", id="marquee.E008"))
    if database.get("ENGINE") != "core.database" or "default_transaction_isolation" not in database.get("SESSION", {}):
        found.append(Error("READ COMMITTED must be checked: seats are judged on locked rows.", id="marquee.E009"))
    return found


@register(Tags.translation, deploy=True)
def catalogs_are_compiled(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the .mo files exist; without them a language silently shows English."""
    stale = [str(po.relative_to(catalogs.ROOT)) for po in catalogs.stale_files()]
    if not stale:
        return []
    return [Error(f"Not compiled: {', '.join(stale)}. Run python -m core.texts.catalogs.", id="marquee.E014")]


@register(Tags.security, deploy=True)
def staff_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.STAFF_SECOND_FACTOR_REQUIRED:
        return []
    return [Error("STAFF_SECOND_FACTOR_REQUIRED is off: a stolen password would open the office.", id="marquee.E010")]


NO_MAIL = ("console.EmailBackend", "filebased.EmailBackend", "locmem.EmailBackend", "dummy.EmailBackend")
SHORTEST_TOKEN = 16


@register(Tags.security, deploy=True)
def mail_and_metrics_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that mail is really sent and has a sender's address, and that METRICS_TOKEN cannot be guessed."""
    found: list[CheckMessage] = []
    if any(str(mailer["BACKEND"]).endswith(NO_MAIL) for mailer in settings.MAILERS.values()):
        found.append(Error("EMAIL_URL leads nowhere: no customer would get a ticket by mail.", id="marquee.E018"))
    if "\n" in settings.DEFAULT_FROM_EMAIL or "@" not in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        found.append(Error("DEFAULT_FROM_EMAIL must hold the address of the sender of all mail.", id="marquee.E020"))
    if any("@" not in parseaddr(address)[1] for address in settings.STAFF_MAIL):
        found.append(Error("STAFF_MAIL must hold addresses, separated by commas.", id="marquee.E021"))
    if any(_tells_its_password(mailer.get("OPTIONS", {})) for mailer in settings.MAILERS.values()):
        says = "EMAIL_URL would send its password in the open: add ?tls=1, or begin with smtps://."
        found.append(Error(says, id="marquee.E022"))
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        says = f"METRICS_TOKEN can be guessed: {SHORTEST_TOKEN} signs or more, or none."
        found.append(Error(says, id="marquee.E017"))
    return found


def _tells_its_password(options: Any) -> bool:
    return bool(options.get("password")) and not (
        options["use_ssl"] or options["use_tls"] or options["host"] in LOOPBACK
    )


@register(Tags.files, deploy=True)
def folders_can_be_used(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the folders for state and uploads can be written, and that the static files were collected."""
    found: list[CheckMessage] = []
    if settings.STATE_DIR and not _can_write_in(Path(settings.STATE_DIR)):
        says = (
            f"STATE_DIR={settings.STATE_DIR} is no folder in which this user can write: make it, on a disk that a restore of "
            "the database leaves alone, and give it to the user that runs Marquee. Without it nobody notices a restore."
        )
        found.append(Error(says, id="marquee.E023"))
    media = Path(settings.MEDIA_ROOT)
    if not _can_write_in(next(folder for folder in (media, *media.parents) if folder.exists())):
        says = f"MEDIA_ROOT={media}: this user cannot write there, so no poster can be uploaded. Give it to that user."
        found.append(Error(says, id="marquee.E024"))
    # Only a storage with a manifest, as in production, has `hashed_files`; others find files that were not collected.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        says = f"STATIC_ROOT={settings.STATIC_ROOT} is empty, and every page would fail: run manage.py collectstatic first."
        found.append(Error(says, id="marquee.E025"))
    return found


def _can_write_in(folder: Path) -> bool:
    try:
        with TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


MEANT_FOR_OTHERS = ("insecure", "change-me", "changeme", "for-development", "for-tests", "example", "secret_key")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def weak_settings(*, secret_key: str, site_url: str, allowed_hosts: list[str]) -> dict[str, str]:
    """Errors about insecure settings, by their id. config.settings.production refuses to start with any of them, too."""
    found = {}
    if (
        len(secret_key) < 50
        or len(set(secret_key)) < 12
        or any(word in secret_key.lower() for word in MEANT_FOR_OTHERS)
    ):
        found["marquee.E011"] = "SECRET_KEY can be guessed: make one with openssl rand -base64 48."
    site = urlsplit(site_url)
    if site.scheme != "https" and site.hostname not in LOOPBACK:
        found["marquee.E012"] = "SITE_URL must be https, except for a rehearsal on localhost."
    if "*" in allowed_hosts:
        found["marquee.E013"] = "ALLOWED_HOSTS must name the hosts: * lets strangers choose what stands in links."
    if not validate_host(site.hostname or "", allowed_hosts):
        found["marquee.E019"] = "ALLOWED_HOSTS must name the host of SITE_URL too: the site would refuse every request."
    return found


@register(Tags.security, deploy=True)
def site_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found = weak_settings(
        secret_key=settings.SECRET_KEY, site_url=settings.SITE_URL, allowed_hosts=settings.ALLOWED_HOSTS
    )
    return [Error(sentence, id=number) for number, sentence in found.items()]
