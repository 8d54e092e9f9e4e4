"""Log lines: JSON for machines in production, plain lines for a person at the embedded desk; never a secret."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog
from django.utils.log import CallbackFilter
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|csrf|api_?key|signing", re.IGNORECASE)
SECRET_PAIRS = re.compile(
    r"""(?P<name>password|secret|token|authorization|cookie|csrf\w*|api_?key)(?P<link>["']?\s*[=:]\s*["']?)[^\s"'&,;]+""",
    re.IGNORECASE,
)
ADDRESS_PASSWORD = re.compile(r"(?P<scheme>[a-z][a-z0-9+]*://[^\s:/@]*):[^\s@/]+@", re.IGNORECASE)
# Links for customers carry their token in the path.
PATH_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=[/?\s]|$)")


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what is a secret by its name, and what looks like one inside a text."""
    return {key: HIDDEN if SECRET_NAMES.search(key) else _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = SECRET_PAIRS.sub(rf"\g<name>\g<link>{HIDDEN}", value)
    value = ADDRESS_PASSWORD.sub(rf"\g<scheme>:{HIDDEN}@", value)
    return PATH_TOKEN.sub(HIDDEN, value)


def logging_settings(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error through one formatter."""
    plain = structlog.dev.plain_traceback  # the others print the values of variables
    renderer: list[Processor] = (
        [structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [hide_secrets, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "filters": {"traceback": {"()": CallbackFilter, "callback": lambda record: bool(record.exc_info)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # The request log has one line a request, refused ones too; Django's own line adds only a traceback.
            "django.request": {"filters": ["traceback"]},
            # Ticks of the sweep, four a minute.
            "axes.apps": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Set up structlog and the standard library's logging alike (settings.LOGGING_CONFIG)."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(settings)


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
