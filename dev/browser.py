"""Which Chromium the browser tests and the screenshots drive, and how it is started.

`python -m dev.browser` prints its path, or fails when there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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
    path = chromium()
    return options if path is None else {**options, "executable_path": path}


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Playwright and its Chromium, both under the true time, also in `make test-hours`.

    Under libfaketime Chromium's waits until a moment end at once, and it spins. Playwright must agree with it: a page
    whose clock was installed jumps by the difference of both clocks, and after some jumps no timer fires again.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (this module also runs before Playwright is there)

    with ExitStack() as stack:
        with _without_preloaded_clock():
            playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@contextmanager
def _without_preloaded_clock() -> Iterator[None]:
    """Programs started in here have the true time."""
    library = os.environ.pop("LD_PRELOAD", None)
    try:
        yield
    finally:
        if library is not None:
            os.environ["LD_PRELOAD"] = library


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
