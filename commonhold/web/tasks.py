"""Work that the shell leaves to workers: telling the demonstration's story, and removing what was never finished."""

from datetime import timedelta

from commonhold.jobs.engine import Running, every, task
from commonhold.ledger import durable
from commonhold.web.demo import story
from commonhold.web.demo.telling import CHAPTER


@task(CHAPTER, retries=5, wait=5)
def tell_chapter(running: Running, number: int, tickets_a_day: int) -> None:
    def progress(share: float, words: str) -> None:
        running.progress(round(100 * share), 100, words)

    if story.tell(number, tickets_a_day, progress):
        story.ask_for(number + 1, running.by, tickets_a_day)


@every(days=1, at="03:30", name="web.forget_begun_files")
def forget_begun_files(running: Running) -> str:
    return f"{durable.forget_begun(running.by.at - timedelta(days=1))} removed"
