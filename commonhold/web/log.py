"""One JSON line per log record, per request and per job, without personal data: no addresses, names or query words."""

import json
import logging
from datetime import UTC, datetime

FACTS = ("method", "path", "status", "milliseconds", "queries", "request", "post", "job", "task", "attempt", "outcome")
"""What a line may say beside its message; nothing else that a caller hands over is written."""


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
