"""One JSON line per log record, per request and per job, without personal data: no addresses, names or query words.

A fault is logged with its kind and where it happened, never with its words, which may quote a row or what was entered.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

from django.http import HttpRequest

FACTS = ("method", "route", "status", "milliseconds", "queries", "request", "post", "job", "task", "attempt", "outcome")
"""What a line may say beside its message; nothing else that a caller hands over is written."""

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

    def formatException(self, ei: Raised) -> str:  # noqa: N802  # the name is logging's
        """Where it happened and of what kind it was, from the first cause on."""
        told: list[str] = []
        fault, where = ei[1], ei[2]
        while fault is not None:
            told.insert(0, "".join(traceback.format_tb(where)) + _kind(fault))
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
            where = fault.__traceback__ if fault else None
        return "\n".join(told)


def _kind(fault: BaseException) -> str:
    """Its class; with it a message of one bare word, such as the name of the class that it stands for."""
    words = str(fault)
    return f"{type(fault).__qualname__}: {words}" if words.isidentifier() else type(fault).__qualname__


class WithoutAddress(logging.Filter):
    """Takes the address out of what Django says of a request, and names the request by its number and its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.request = request.META.get("COMMONHOLD_REQUEST", "")
            record.route = request.resolver_match.route if request.resolver_match else ""
            if isinstance(record.args, tuple) and str(record.msg).endswith(": %s"):
                record.msg, record.args = str(record.msg).removesuffix(": %s"), record.args[:-1]
        return True
