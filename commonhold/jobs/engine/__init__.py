"""What work to do later is: tasks by name, when they are due, how often they are tried, what a running one is given."""

from commonhold.jobs.engine.running import Cancelled, GivenBack, Interrupted, LeaseLost, Running
from commonhold.jobs.engine.tasks import TASKS, Task, every, follows, task

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
