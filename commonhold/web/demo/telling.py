"""How far the demonstration's story is told. Pages ask this; telling it needs much that no web process should load."""

from dataclasses import dataclass
from typing import Final

from commonhold.jobs.models import Job, State

CHAPTER: Final = "web.tell_chapter"
"""The task that tells one chapter and asks for the next."""
CHAPTERS: Final = 8


@dataclass(frozen=True, slots=True)
class Telling:
    """The chapter that the story has come to, which of them it is, how far in a hundred, and whether that stopped."""

    chapter: str
    number: int
    chapters: int
    done: int
    stopped: bool


def telling() -> Telling | None:
    """The chapter that is being told, or that went wrong; None where the whole story is told."""
    job = newest()
    if job is None or job.state == State.DONE:
        return None
    stopped = job.state in (State.FAILED, State.CANCELLED)
    return Telling(job.title, job.arguments["number"] + 1, CHAPTERS, job.done, stopped)


def is_told() -> bool:
    """Whether people may act: until the story is told to its end it writes at instants of the past."""
    return telling() is None


def newest() -> Job | None:
    """The last job asked for that tells a chapter: each asks for the next before it is done itself."""
    return Job.objects.filter(name=CHAPTER).order_by("-pk").first()
