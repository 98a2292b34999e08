"""Logs: one line an event, JSON in production, with the request's id. Every value of a line is redacted."""

from collections.abc import MutableMapping, Sequence
from typing import Any

import structlog

from core.monitoring.redaction import redact_value

Event = MutableMapping[str, Any]


def redact_event(_logger: Any, _name: str, event: Event) -> Event:
    """Redact a log line as the last step, so that tracebacks are redacted, too."""
    return {name: redact_value(value, name=name) for name, value in event.items()}


def drop_traceback_of_refusals(_logger: Any, _name: str, event: Event) -> Event:
    """Drop the traceback that Django logs with 403 and 400, which are not errors."""
    record = event.get("_record")
    if record is not None and getattr(record, "status_code", 500) < 500:
        event.pop("exc_info", None)
    return event


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


# One list for the life of the process, because loggers keep the list with which they were first used.
_processors: list[Any] = [*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]


def logging_config(*, json_lines: bool, level: str, quiet: Sequence[str] = ()) -> dict[str, Any]:
    structlog.configure(
        processors=_processors,
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
                    drop_traceback_of_refusals,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    redact_event,
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
            "core.web.request_log": {"level": "WARNING" if not json_lines else level},
            # Written whatever LOG_LEVEL says, because they are needed after an attack.
            "security": {"level": "INFO" if json_lines else "WARNING"},
            **{name: {"level": "WARNING"} for name in quiet},
        },
    }


def without_secrets(event: Any, hint: Any) -> Any:
    """Redact an event or breadcrumb for Sentry."""
    return redact_value(event)
