"""Checks whether a container is alive: `web` asks its own site; for `worker` and `beat` /readyz says who was seen lately.

Exits with 0 or 1, for Docker's HEALTHCHECK. It uses only the standard library, because it runs every few seconds.
"""

import json
import os
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 4


def setting(name: str, default: str = "") -> str:
    """The variable's value, or the content of the file that NAME_FILE names, as the settings read it (config/env.py)."""
    if value := os.environ.get(name, "").strip():
        return value
    file = os.environ.get(f"{name}_FILE", "").strip()
    return Path(file).read_text(encoding="utf-8").strip() if file else default


def ask(path: str) -> tuple[int, bytes]:
    base = setting("HEALTH_URL", "http://127.0.0.1:8000")
    # The site answers only requests for its own host name.
    host = urlsplit(setting("SITE_URL")).netloc
    try:
        with urlopen(Request(f"{base}{path}", headers={"Host": host}), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def is_alive(part: str) -> bool:
    if part == "web":
        return ask("/healthz")[0] == 200
    return bool(json.loads(ask("/readyz")[1]).get(part) == "ok")


def main() -> int:
    part = sys.argv[1]
    try:
        alive = is_alive(part)
    except (OSError, ValueError) as error:
        print(f"{part}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main())
