"""Log lines: JSON for machines in production, plain lines for a person at the embedded desk; never a secret."""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping
from typing import Any

import structlog
from django.utils.log import CallbackFilter
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
# What is longer is cut before any expression looks at it: a line, and what the lines of one value have together.
LONGEST_LINE = 2_000
LONGEST_VALUE = 20_000
_NAMES = r"password|passwd|secret|token|authorization|cookie|csrf\w{0,30}|api_?key|signing|sign|key"
SECRET_NAMES = re.compile(r"password|passwd|secret|token|authorization|cookie|csrf|api_?key|signing", re.IGNORECASE)
# Every repetition has a bound, so that no text takes longer than its length.
PATTERNS = [
    (
        re.compile(
            rf"""(?<![a-z0-9])(?P<name>(?:\w{{0,30}}_)?(?:{_NAMES})\w{{0,30}})"""
            r"""(?P<link>["']?[ \t]{0,4}[=:][ \t]{0,4}["']?(?:(?:bearer|basic|digest|token)[ \t]{1,4})?)"""
            r"""[^\s"'&,;]{1,2000}""",
            re.IGNORECASE,
        ),
        rf"\g<name>\g<link>{HIDDEN}",
    ),
    (re.compile(r"\b(?P<word>bearer|basic)[ \t]{1,4}[\w.~+/=-]{8,2000}", re.IGNORECASE), rf"\g<word> {HIDDEN}"),
    (
        re.compile(r"(?<![a-z0-9+])(?P<scheme>[a-z][a-z0-9+]{0,20}://)[^\s/@]{0,500}@", re.IGNORECASE),
        rf"\g<scheme>{HIDDEN}@",
    ),
    # Our own tokens and the secrets of webhooks, wherever they stand.
    (re.compile(r"(?<![A-Za-z0-9])(?:desk|whsec)_[A-Za-z0-9_-]{8,2000}"), HIDDEN),
    # Links for customers carry their token in the path.
    (re.compile(r"(?<=/)[A-Za-z0-9_-]{20,2000}(?=[/?\s]|$)"), HIDDEN),
]


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank what is a secret by its name, and what looks like one inside a text."""
    return {key: HIDDEN if SECRET_NAMES.search(key) else _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return hide_secrets(None, "", {str(key): each for key, each in value.items()})
    if isinstance(value, list | tuple | set):
        return [_without_secrets(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else repr(value)
    return "\n".join(_line_without_secrets(line[:LONGEST_LINE]) for line in text[:LONGEST_VALUE].split("\n"))


def _line_without_secrets(line: str) -> str:
    for pattern, shown in PATTERNS:
        line = pattern.sub(shown, line)
    return line


def logging_settings(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error through one formatter."""
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    finish = [structlog.processors.format_exc_info, hide_secrets, render]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
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
