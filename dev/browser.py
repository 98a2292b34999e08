"""Which Chromium the browser tests and the screenshots drive, and how it is started.

`python -m dev.browser` prints its path, or fails when there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

# The shell draws pages and nothing else: the same engine without windows, profiles and extensions, at less than half the
# processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of one person share a process: a new one for each page costs as much as drawing it.
    "--renderer-process-limit=1",
]


def chromium() -> str | None:
    """The machine's own Chromium; None: Playwright's build, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name, path=_path()))), None)


def launch_options() -> dict[str, Any]:
    """What to give to Playwright's `chromium.launch`.

    No sandbox: it refuses root and many containers, and no page is opened but our own.
    """
    options: dict[str, Any] = {"args": ARGUMENTS, "chromium_sandbox": False}
    if "FAKETIME" in os.environ:
        # Under libfaketime Chromium's waits until a moment end at once, and it spins. Its pages take the time from the server.
        options["env"] = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    path = chromium()
    return options if path is None else {**options, "executable_path": path}


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin"


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only asked when the machine has none)

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


if __name__ == "__main__":
    found = chromium() or _playwrights_own()
    print(found or "no Chromium")
    sys.exit(0 if found else 1)
