"""Gunicorn's ASGI worker, with live seat maps that end as soon as the process is told to stop.

Gunicorn waits for open answers when it stops: with maps that stay open the site would be away for that time. What
gunicorn says itself carries the security headers, and what it logs is redacted like every other line.
"""

import logging
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from core.monitoring.redaction import redact


class WebProtocol(ASGIProtocol):
    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        """Answers to requests that are not HTTP or too long to be read, and to faults of the application."""
        from core.web.answer_headers import complete  # noqa: PLC0415  (asks the settings of the worker's process)

        headers = [(name.decode(), value.decode()) for name, value in complete([])]
        super()._send_error_response(status, message, (*extra_headers, *headers))


# The worker names the protocol in the middle of a long method and takes it from its module.
gasgi.ASGIProtocol = WebProtocol


class RedactedLines(logging.Formatter):
    def __init__(self, lines: logging.Formatter | None) -> None:
        super().__init__()
        self.lines = lines or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        return redact(self.lines.format(record))


class WebWorker(gasgi.ASGIWorker):
    def init_process(self) -> None:
        """Start the worker; Gunicorn's own loggers do not use the site's settings."""
        for handler in (*self.log.error_log.handlers, *self.log.access_log.handlers):
            handler.setFormatter(RedactedLines(handler.formatter))
        super().init_process()

    def handle_exit_signal(self) -> None:
        from config.live_maps import hub  # noqa: PLC0415  (only importable in the worker's process, with its settings)

        super().handle_exit_signal()
        hub.stop()
