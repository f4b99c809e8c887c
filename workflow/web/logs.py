"""Logs as JSON lines, each with the request id that the web gave and the job carries on; personal data masked.

Of an exception the places in the program are told, and its words only where they cannot quote what a person entered: a
`ValueError` or a validation error names the very value that was wrong. A database names the broken constraint in its
first line, which is told, and the values below.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

_MASKED = re.compile(
    r"passport|number|birth|email|phone|address|token|password|secret|authorization|cookie", re.IGNORECASE
)
_CELERYS = re.compile(r"^(Task .* raised unexpected: \w+).*", re.DOTALL)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


_QUOTES_NOTHING = (
    OSError, OperationalError, InterfaceError, IntegrityError, TypeError, AttributeError, NameError, ImportError,
    RuntimeError, MemoryError,
)  # fmt: skip
_Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def told_without_values(exc_info: _Raised) -> str:
    """Tell where an exception arose, with its causes, the first of them last."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        said = str(error).split("\n", 1)[0][:500] if isinstance(error, _QUOTES_NOTHING) else ""
        name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        told.append("".join(traceback.format_tb(error.__traceback__)) + (f"{name}: {said}" if said else name))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nwhich came of\n".join(told)


def mask(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values of personal fields and any e-mail address in a log entry."""
    entry.pop("data", None)  # Celery's own: it repeats what an exception said
    for name, value in list(entry.items()):
        if name in ("event", "exception"):
            entry[name] = _MAIL.sub("[address]", _CELERYS.sub(r"\1", str(value)))
        elif _MASKED.search(name):
            entry[name] = "[masked]"
    return entry


def json_lines() -> logging.Formatter:
    """Make the formatter that puts each entry on a line of JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(told_without_values), mask,
                    structlog.processors.JSONRenderer(ensure_ascii=False)],
    )  # fmt: skip


def set_up_logs(level: str = "INFO") -> None:
    """Send all logs of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.captureWarnings(True)
