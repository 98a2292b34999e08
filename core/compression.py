"""Compressed answers. A large map is nearly as short at level 3 as at Django's 6, in half the time."""

import gzip
import io
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

LARGE = 100_000
LEVEL = 3


class CompressionMiddleware(GZipMiddleware):
    """Django's, with random bytes against guessing by length; large pages are compressed more quickly."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            not isinstance(response, HttpResponse)
            or len(response.content) < LARGE
            or response.has_header("Content-Encoding")
            or response.has_header("ETag")
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            response.content = self._compressed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    def _compressed(self, content: bytes) -> bytes:
        buffer = io.BytesIO()
        padding = "a" * secrets.randbelow(self.max_random_bytes)
        with gzip.GzipFile(padding, "wb", LEVEL, buffer, mtime=0) as file:
            file.write(content)
        return buffer.getvalue()
