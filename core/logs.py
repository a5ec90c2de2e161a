"""Structured logs: every line carries the id of the request, page run or task it belongs to."""

import logging
import secrets
import sys

import structlog

from core.settings import settings

_TALKATIVE = ("alembic", "httpx", "httpcore", "urllib3", "uvicorn.error")
_SECRET_KEYS = ("password", "secret", "token", "cookie", "authorization")
_objects = False


def configure() -> None:
    """Send this process's logs, those of libraries included, to standard error in the form of the settings."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        _hide_secrets,
    ]
    global _objects  # noqa: PLW0603 - one process has one form of lines
    _objects = json = settings().log_format == "json"
    # Plain tracebacks: the rich ones print local variables, passwords and tokens among them.
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if json else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler], level=settings().log_level, force=True)
    # The server's own lines of requests carry whole addresses, one-time codes of a sign-in among them.
    logging.getLogger("uvicorn.access").disabled = True
    for name in _TALKATIVE:  # what they tell of normal work helps nobody
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(settings().log_level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def are_objects() -> bool:
    """Return whether each line of this process is an object, because it is a server whose settings say so."""
    return _objects


def hush() -> None:
    """Log nothing: a command says what matters itself, and its output is read by programs. Servers `configure`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def new_id() -> str:
    """Return a short id for a request, task or error that a person can read out on the telephone."""
    return secrets.token_hex(4).upper()


def _hide_secrets(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    for key in event:
        if any(word in key.lower() for word in _SECRET_KEYS):
            event[key] = "***"
    return event
