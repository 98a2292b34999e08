"""Logs: one line an event, JSON in production, with the request's id; secrets in paths are cut out."""

import json
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# /bookings/<reference>/<secret>/ opens a booking and /tickets/<code>/ is a ticket: neither belongs in a log.
_SECRET_PATH = re.compile(r"(/bookings/[^/\s]+/|/tickets/)[A-Za-z0-9_-]{16,}")


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in ("request", "event", "path"):
        if isinstance(event.get(key), str):
            event[key] = _SECRET_PATH.sub(r"\1[redacted]", event[key])
    return event


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    redact,
]


def logging_config(*, json_lines: bool, level: str) -> dict[str, Any]:
    structlog.configure(
        processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
                "foreign_pre_chain": _shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "core.request_log": {"level": "WARNING" if not json_lines else level},
            "stripe": {"level": "WARNING"},
        },
    }


def without_secrets(event: Any, hint: Any) -> Any:
    """For Sentry: addresses open bookings and tickets there as they would in a log."""
    return json.loads(_SECRET_PATH.sub(r"\1[redacted]", json.dumps(event, default=str)))
