"""What jobs do about themselves."""

from commonhold.jobs import acts
from commonhold.jobs.engine import Running, every


@every(days=1, at="03:30")
def remove_old_jobs(running: Running) -> str:
    return f"{acts.remove_old(now=running.by.at)} removed"
