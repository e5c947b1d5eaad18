"""Rules as the TOML that people type: the sections of a `start` file, in and out again."""

import json
from typing import Any, Final

from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.registry import Ruled, kind
from commonhold.workdays import read_toml

EXAMPLES: Final = {
    "calendars": """time_zone = "Europe/London"
holidays = "GB-ENG"

[office]
mon-fri = ["08:00-18:00"]
observes_holidays = true
""",
    "targets": """[targets.P1]
resolve_minutes = 240
calendar = "office"

[targets.request.P3]
resolve_minutes = 1800
calendar = "office"
""",
    "priority_matrix": """[priority_matrix]
impacts = ["high", "low"]
urgencies = ["high", "low"]

[priority_matrix.priorities.high]
high = "P1"
low = "P2"

[priority_matrix.priorities.low]
high = "P3"
low = "P4"
""",
    "communication_plan": """[communication_plan]
calendar = "office"

[communication_plan.audiences."Managing Director"]
channel = "telephone"
in_hours = 15
out_of_hours = 30

[communication_plan.audiences."Client leads"]
channel = "e-mail"
in_hours = 30
out_of_hours = 60
""",
    "aims": """[aims.within_target]
at_least = "90%"

[aims.within_target.P1]
at_least = "95%"

[aims.aged_open]
at_most = "200"
""",
    "provisional": """[provisional]
working_days = 5
holidays = "GB-ENG"
""",
}
"""What to type for the rules that are typed."""

BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def from_toml(name: str, text: str, source: str) -> Ruled:
    """The value that a text says; `source` is what a refusal calls the text."""
    if name == "calendars":
        return Calendars.from_toml(text, source)
    form = read_toml(text, source)
    return kind(name).from_json(form.get(name, form) if set(form) == {name} else form)


def to_toml(name: str, value: Ruled) -> str:
    """The text that says this value: what a form begins with. Bank holidays are named by their nation, not by days."""
    form = value.to_json()
    if name == "calendars":
        holidays = form.pop("holidays", None)
        named = {"holidays": holidays["division"]} if holidays else {}
        return _written({"time_zone": form.pop("time_zone"), **named, **form}, ())
    return _written({name: form}, ())


def _written(table: dict[str, Any], path: tuple[str, ...]) -> str:
    lines = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
    if path and lines:
        lines.insert(0, f"[{'.'.join(map(_key, path))}]")
    below = [_written(value, (*path, key)) for key, value in table.items() if isinstance(value, dict)]
    return "\n\n".join(part.strip() for part in ("\n".join(lines), *below) if part.strip()) + "\n"


def _key(key: str) -> str:
    return key if key and set(key) <= BARE else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # A TOML string in double quotes takes the escapes that JSON writes.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
