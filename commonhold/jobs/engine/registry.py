"""Tasks by name. Nothing imports a task: a worker imports every app's `tasks` module, whose decorators fill the table.

A task can be repeated without harm: a worker may be killed after the work and before the job is marked done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, TypeVar

from commonhold.jobs.engine.timing import Schedule

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Task:
    """Work that can be asked for by name, how often it is tried again, and what asks for it by itself.

    `wait` is what passes before the second try; each further one waits twice as long. `kinds` are the kinds of entries
    that a follower reads.
    """

    name: str
    function: Callable[..., Any]
    retries: int
    wait: timedelta
    schedule: Schedule | None = None
    kinds: tuple[str, ...] = ()


TASKS: dict[str, Task] = {}


def task(name: str, *, retries: int = 3, wait: float = 10) -> Callable[[Function], Function]:
    """Work asked for by an act: `f(running, **arguments)`. `wait` is in seconds."""

    def register(function: Function) -> Function:
        _add(Task(name, function, retries, timedelta(seconds=wait)))
        return function

    return register


def every(
    *,
    seconds: int = 0,
    minutes: int = 0,
    hours: int = 0,
    days: int = 0,
    at: str | None = None,
    name: str | None = None,
    retries: int = 3,
) -> Callable[[Function], Function]:
    """Work done regularly by the post *the service*: `f(running)`. `at` is London's time of day, for whole days."""
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    schedule = Schedule(length, time.fromisoformat(at) if at else None)

    def register(function: Function) -> Function:
        _add(Task(name or _own_name(function), function, retries, timedelta(seconds=10), schedule=schedule))
        return function

    return register


def follows(*kinds: str, name: str | None = None, retries: int = 12) -> Callable[[Function], Function]:
    """Work done for each entry of these kinds, in order, by *the service*: `f(running, entry)`. May see one twice."""
    if not kinds:
        raise ValueError("A follower names the kinds of entries that it reads.")

    def register(function: Function) -> Function:
        _add(Task(name or _own_name(function), function, retries, timedelta(seconds=10), kinds=kinds))
        return function

    return register


def _own_name(function: Callable[..., Any]) -> str:
    """`commonhold.performance.tasks.keep_figures` is `performance.keep_figures`."""
    app = function.__module__.removesuffix(".tasks").rsplit(".", 1)[-1]
    return f"{app}.{function.__name__}"


def _add(new: Task) -> None:
    if new.name in TASKS:
        raise ValueError(f"There are two tasks named {new.name!r}.")
    TASKS[new.name] = new
