"""What work to do later is: tasks by name, when they are due, how often they are tried, what a running one is given."""

from commonhold.jobs.engine.registry import TASKS, Task, every, follows, task
from commonhold.jobs.engine.running import Cancelled, GivenBack, Interrupted, LeaseLost, Running

__all__ = [
    "TASKS",
    "Cancelled",
    "GivenBack",
    "Interrupted",
    "LeaseLost",
    "Running",
    "Task",
    "every",
    "follows",
    "task",
]
