"""Prints the output of many processes line by line, each with the name of its process."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COLORS = {
    "marquee": "1;33",
    "web": "32",
    "worker": "36",
    "beat": "34",
    "sandbox": "35",
    "postgres": "90",
    "valkey": "90",
}
WIDTH = 8
LONGEST_LINE = 64 * 1024


def _in_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(name: str, text: str) -> None:
    """One prefixed line. Nobody listening any more (`make run | head`) is no reason to stop."""
    if not text.strip():
        return
    prefix = f"{name:<{WIDTH}} |"
    if _in_color():
        prefix = f"\033[{COLORS.get(name, '0')}m{prefix}\033[0m"
    with contextlib.suppress(OSError, ValueError):
        print(prefix, text, flush=True)


def say(text: str) -> None:
    write("marquee", text)


@contextlib.contextmanager
def timed(text: str) -> Iterator[None]:
    """Context that prints a line when its work is done, with the time it took."""
    began = time.monotonic()
    yield
    say(f"{text} ({time.monotonic() - began:.1f} s)")


def table(rows: Sequence[tuple[str, str]]) -> None:
    with contextlib.suppress(OSError, ValueError):
        width = max(len(name) for name, _ in rows)
        print(flush=True)
        for name, value in rows:
            print(f"  {name:<{width}}  {value}", flush=True)
        print(flush=True)


@dataclass
class Lines:
    """Cuts a stream of bytes into whole lines."""

    rest: bytes = b""

    def feed(self, data: bytes) -> list[str]:
        *whole, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LONGEST_LINE:
            whole.append(self.rest)
            self.rest = b""
        return [line.decode(errors="replace").rstrip("\r") for line in whole]

    def flush(self) -> list[str]:
        rest, self.rest = self.rest, b""
        return [rest.decode(errors="replace")] if rest else []


@dataclass
class Follower:
    """Tells what is added to a log file from now on."""

    name: str
    path: Path
    position: int | None = None
    lines: Lines = field(default_factory=Lines)

    def show_news(self) -> None:
        try:
            size = self.path.stat().st_size
            if self.position is None or size < self.position:
                self.position = size
            if size == self.position:
                return
            with self.path.open("rb") as file:
                file.seek(self.position)
                news = file.read()
        except OSError:
            return
        self.position += len(news)
        for line in self.lines.feed(news):
            write(self.name, line)
