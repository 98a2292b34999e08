"""Compressed answers. A large map is nearly as short at level 3 as at Django's 6, in half the time.

Each block of an answer gets a table of codes of its own: the head of a page and the seats of its map have few signs in common.
A line that is longer than BLOCK, as that of a map is, begins a block. That makes a seat page 9 % shorter and costs no time.
Such a line is compressed apart, and kept for the next answer that has it: half of what a seat page costs. It holds no secret:
tokens and nonces stand in lines of their own. It may repeat what stands before it, but nothing of these.
"""

import re
import secrets
import struct
import zlib
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

SMALL = 200
LARGE = 100_000
LEVEL, LEVEL_OF_LARGE = 7, 3
BLOCK = 9000
LONGEST_LINE = 400_000
# The beginning of a long line, where everything is new, is a block of its own; the rest repeats itself.
BEGINNING, LONG_BLOCK = 4000, 15_000
LONG_LINE = re.compile(rb"(?m)^[^\n]{%d,%d}$\n?" % (BLOCK + 1, LONGEST_LINE))
# Random values that differ in each answer but always have the same length.
DRAWN_BY_LOT = (re.compile(rb'nonce="([^"]+)'), re.compile(rb'csrfmiddlewaretoken" value="([^"]+)'))
# Deflate, a file name, no time, no hint about the level, no system.
GZIP_HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
# How many bytes back a deflate stream can refer.
FARTHEST = 32_768
END_OF_DEFLATE = b"\x03\0"


class CompressionMiddleware(GZipMiddleware):
    """Django's, with random bytes against guessing by length; whole answers are compressed in blocks."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            not isinstance(response, HttpResponse)
            or len(response.content) < SMALL
            or response.has_header("Content-Encoding")
            or response.has_header("ETag")
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            shorter = compressed(response.content, padding="a" * secrets.randbelow(self.max_random_bytes))
            if len(shorter) < len(response.content):
                response.content = shorter
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Content-Length"] = str(len(shorter))
        return response


def compressed(content: bytes, *, padding: str = "") -> bytes:
    """Compress with gzip. `padding` is put into the file name, which nobody reads."""
    level = LEVEL if len(content) < LARGE else LEVEL_OF_LARGE
    parts, done = [GZIP_HEAD, padding.encode(), b"\0"], 0
    for line in LONG_LINE.finditer(content):
        before = content[done : line.start()]
        parts += [
            _deflated(before, level, content[:done]),
            _deflated_again(line[0], level, _repeatable(line[0], content[: line.start()])),
        ]
        done = line.end()
    size = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join([*parts, _deflated(content[done:], level, content[:done]), END_OF_DEFLATE, size])


def _repeatable(line: bytes, before: bytes) -> bytes:
    """What a line that is kept may repeat of what stands before it: zeros, which it has not, stand for what is
    drawn by lot."""
    if b"\0" in line:
        return b""
    before = before[-FARTHEST:]
    for secret in {secret for drawn in DRAWN_BY_LOT for secret in drawn.findall(before)}:
        before = before.replace(secret, b"\0" * len(secret))
    return before


def _deflated(content: bytes, level: int, before: bytes = b"", *, first: int = BLOCK, others: int = BLOCK) -> bytes:
    """Deflate content in blocks of these lengths. The result ends with a whole byte and repeats nothing but what
    stands in itself or `before` it."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before[-FARTHEST:])
    parts = [deflate.compress(content[:first])]
    for start in range(first, len(content), others):
        parts += [deflate.flush(zlib.Z_BLOCK), deflate.compress(content[start : start + others])]
    return b"".join([*parts, deflate.flush(zlib.Z_SYNC_FLUSH)])


# Many look at one map while nobody takes a seat of it.
@lru_cache(maxsize=32)
def _deflated_again(line: bytes, level: int, before: bytes) -> bytes:
    return _deflated(line, level, before, first=BEGINNING, others=LONG_BLOCK)
