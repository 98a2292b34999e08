"""Runs Debian's Thunderbird on an invisible screen of its own, and examines what it shows."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image, ImageChops, ImageGrab

from dev import processes

NEEDED = {"Xvfb": "xvfb", "thunderbird": "thunderbird"}
SIZE = "1000x1400"
PATIENCE = 90
# No questions at the start, and no connection to any server: every request goes to a port where nobody listens.
PREFERENCES = {
    "mail.provider.suppress_dialog_on_startup": "true",
    "mail.rights.version": "1",
    "mail.shell.checkDefaultClient": "false",
    "mail.spotlight.firstRunDone": "true",
    "mailnews.start_page.enabled": "false",
    "app.donation.eoy.version.viewed": "999",
    "app.update.enabled": "false",
    "extensions.update.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "datareporting.policy.dataSubmissionPolicyBypassNotification": "true",
    "network.proxy.type": "1",
    "network.proxy.http": '"127.0.0.1"',
    "network.proxy.http_port": "9",
    "network.proxy.ssl": '"127.0.0.1"',
    "network.proxy.ssl_port": "9",
}


def require_programs() -> None:
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    assert not missing, f"apt-get install {' '.join(missing)}"


def show(mail: Path, *, picture: Path) -> Image.Image:
    """Open a mail's file in a window of its own; a picture of it is kept too."""
    profile = mail.parent / f"profile-{mail.stem}"
    profile.mkdir()
    lines = [f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines))
    with _screen(mail.parent) as display:
        command = ["thunderbird", "--no-remote", "--profile", str(profile), str(mail)]
        home = {"HOME": str(profile), "DISPLAY": display, "GDK_BACKEND": "x11"}
        with _running(command, environment=os.environ | home):
            shown = _when_still(lambda: ImageGrab.grab(xdisplay=display).convert("RGB"))
    shown.save(picture)
    return shown


@contextmanager
def _screen(folder: Path) -> Iterator[str]:
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp"]
    with _running(command, pass_fds=[writer]), os.fdopen(reader) as said:
        os.close(writer)
        yield f":{said.readline().strip()}"


@contextmanager
def _running(command: list[str], **options) -> Iterator[None]:
    """A process of lower priority, which ends with the block, as do its children."""
    child = processes.spawn(
        ["nice", "-n", "5", *command], output=subprocess.DEVNULL, dies_with_us=signal.SIGKILL, **options
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)
        processes.forget(child.pid)


def _when_still(look: Callable[[], Image.Image]) -> Image.Image:
    """The screen when its window has text and three looks in a row were the same."""
    deadline, same, before = time.monotonic() + PATIENCE, 0, look()
    while same < 3 or not has_text(before):
        assert time.monotonic() < deadline, "no mail was shown"
        time.sleep(1)
        now = look()
        same = same + 1 if ImageChops.difference(now, before).getbbox() is None else 0
        before = now
    return before


def has_text(screen: Image.Image) -> bool:
    """Whether there is something below the head of the window."""
    page = screen.convert("L").crop((0, 200, screen.width // 2, screen.height // 2))
    darkest, lightest = page.getextrema()
    return lightest - darkest > 100


def has_bar_about_remote_content(screen: Image.Image) -> bool:
    """Whether there is the bar, yellow over the width of the window, that asks whether to load pictures from a server."""
    pixels = screen.crop((0, 0, screen.width, 400)).resize((100, 100)).load()
    return any(sum(_is_yellow(pixels[x, y]) for x in range(100)) > 30 for y in range(100))


def _is_yellow(pixel: tuple[int, int, int]) -> bool:
    red, green, blue = pixel
    return red > 230 and green > 210 and blue < 150


def rows_of_qr_codes(screen: Image.Image) -> int:
    """The number of pixel rows that cross two corner squares of a QR code: dark, light, three dark, light, dark (ISO 18004)."""
    gray = screen.convert("L").point(lambda value: 255 if value > 128 else 0)
    return sum(_crosses_two_corners(gray.crop((0, y, gray.width, y + 1)).tobytes()) for y in range(gray.height))


def _crosses_two_corners(row: bytes) -> bool:
    runs = [len(run) for run in re.findall(rb"\x00+|\xff+", row)]
    found = [runs[at + 2] for at in range(len(runs) - 4) if runs[at + 2] >= 9 and _has_shape(runs[at : at + 5])]
    return len(found) >= 2 and max(found) - min(found) <= 1


def _has_shape(runs: list[int]) -> bool:
    module = runs[2] / 3
    return all(0.6 * module <= run <= 1.4 * module for run in (runs[0], runs[1], runs[3], runs[4]))
