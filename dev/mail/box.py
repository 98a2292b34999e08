"""Reads the mails that the file-based backend wrote instead of sending them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

# The backend appends every message of one connection to one file, and ends each with this line.
END_OF_MESSAGE = b"\n" + b"-" * 79 + b"\n"
KEY = re.compile(r"(?P<file>\d{8}-\d{6}-\d+)-(?P<number>\d{1,4})")
CONTENT_ID = re.compile(r"cid:([^\"'\s)>]+)")


@dataclass(frozen=True)
class Mail:
    key: str
    message: EmailMessage
    written_at: datetime

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", "")) or "(no subject)"

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def recipients(self) -> str:
        return ", ".join(str(self.message[name]) for name in ("To", "Cc", "Bcc") if self.message[name])

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML part with its inline images put into it, so that it needs nothing else."""
        images = {str(part["Content-ID"] or "").strip("<>"): part for part in self.message.walk()}

        def inlined(match: re.Match[str]) -> str:
            part = images.get(match[1])
            return match[0] if part is None else _data_url(part)

        return CONTENT_ID.sub(inlined, self._body("html"))

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


def newest_first(folder: Path) -> list[Mail]:
    files = sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return [mail for path in files for mail in reversed(list(_mails(path)))]


def one(folder: Path, key: str) -> Mail | None:
    match = KEY.fullmatch(key)
    if match is None:
        return None
    path = folder / f"{match['file']}.log"
    mails = list(_mails(path)) if path.is_file() else []
    number = int(match["number"])
    return mails[number] if number < len(mails) else None


def _mails(path: Path) -> Iterator[Mail]:
    written_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    # The last piece is what follows the last end: nothing, or a mail that is just being written.
    for number, text in enumerate(path.read_bytes().split(END_OF_MESSAGE)[:-1]):
        message = message_from_bytes(text, policy=policy.default)
        if isinstance(message, EmailMessage):
            yield Mail(f"{path.stem}-{number}", message, written_at)


def _data_url(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    body = base64.b64encode(content if isinstance(content, bytes) else b"").decode()
    return f"data:{part.get_content_type()};base64,{body}"
