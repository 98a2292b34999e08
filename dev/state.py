"""The running system of this checkout, as `make run` has written it to `.dev/`. Imports the standard library only."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
STAFF_EMAIL = "manager@marquee.example"
ROLES = ("Box office", "Door", "Manager", "Finance", "Auditor", "Owner")


@dataclass(frozen=True)
class RunState:
    site: str
    database_url: str
    redis_url: str
    sandbox: str | None
    mail: str | None
    staff_email: str
    staff_password: str
    pids: dict[str, int]


@dataclass(frozen=True)
class Secrets:
    """Made once for each checkout; worth nothing outside of it."""

    secret_key: str
    stripe_secret_key: str
    stripe_webhook_secret: str
    staff_password: str


def state_dir(checkout: Path = CHECKOUT) -> Path:
    """Where a run keeps its data. MARQUEE_STATE_DIR puts it elsewhere: a second run beside the first, for tests."""
    return Path(os.environ.get("MARQUEE_STATE_DIR") or checkout / ".dev").resolve()


def read_run(checkout: Path = CHECKOUT) -> RunState | None:
    """The running system of this checkout, or None: not started, not up yet, or gone without a word."""
    try:
        written: dict[str, Any] = json.loads((state_dir(checkout) / "run.json").read_text())
        run = RunState(
            site=written["site"],
            database_url=written["database_url"],
            redis_url=written["redis_url"],
            sandbox=written["sandbox"],
            mail=written["mail"],
            staff_email=written["staff"]["email"],
            staff_password=written["staff"]["password"],
            pids=written["pids"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # No such pid: the database was given from outside, and whether it is there is not ours to know.
    process = run.pids.get("postgres") or run.pids.get("web")
    return run if process and _exists(process) else None


def write_privately(path: Path, facts: dict[str, Any]) -> None:
    """Write a file as a whole, readable by its owner only, because these files hold passwords."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(facts, file, indent=2)
    fresh.replace(path)


def read_secrets(checkout: Path = CHECKOUT) -> Secrets | None:
    try:
        return Secrets(**json.loads((state_dir(checkout) / "secrets.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def ensure_secrets(checkout: Path = CHECKOUT) -> Secrets:
    known = read_secrets(checkout)
    if known is None:
        known = Secrets(
            secret_key=secrets.token_urlsafe(50),
            stripe_secret_key=f"sk_test_{secrets.token_hex(16)}",
            stripe_webhook_secret=f"whsec_{secrets.token_hex(16)}",
            staff_password=f"popcorn-{secrets.token_hex(4)}",
        )
        write_privately(state_dir(checkout) / "secrets.json", vars(known))
    return known


def fill_environment(environ: MutableMapping[str, str], checkout: Path = CHECKOUT) -> None:
    """Add what the environment leaves open and the running system knows; what it names wins.

    Leaves the program with a sentence when there is neither, so that every command says the same.
    """
    run = read_run(checkout)
    if run is not None:
        environ.setdefault("DATABASE_URL", run.database_url)
        environ.setdefault("REDIS_URL", run.redis_url)
        environ.setdefault("SITE_URL", run.site)
        environ.setdefault("EMAIL_URL", (state_dir(checkout) / "mail").as_uri())
        _fill_secrets(environ, read_secrets(checkout), run)
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name)]
    if missing:
        raise SystemExit(
            f"{' and '.join(missing)} not set, and no system is running here. "
            "Start one with `make run` in another terminal, or set DATABASE_URL and REDIS_URL."
        )


def _fill_secrets(environ: MutableMapping[str, str], known: Secrets | None, run: RunState) -> None:
    if known is None:
        return
    environ.setdefault("SECRET_KEY", known.secret_key)
    if run.sandbox is not None and not given_stripe(environ):
        environ["STRIPE_API_BASE"] = run.sandbox
        environ["STRIPE_SECRET_KEY"] = known.stripe_secret_key
        environ["STRIPE_WEBHOOK_SECRET"] = known.stripe_webhook_secret


def given_stripe(environ: MutableMapping[str, str] | None = None) -> bool:
    """Whether the environment names a Stripe of its own; then no sandbox is needed."""
    environ = os.environ if environ is None else environ
    return bool(environ.get("STRIPE_API_BASE") or environ.get("STRIPE_SECRET_KEY"))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def colleague(role: str) -> str:
    """Who has this role in London, in the demo world."""
    return f"{role.lower().replace(' ', '-')}.london@marquee.example"
