"""Who may see and stop jobs: those who asked, and those who look after the service."""

from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By

LOOK_AFTER = frozenset({"operator", "administrator"})


def looks_after_jobs(by: By) -> bool:
    """Operators and administrators see and stop every job."""
    return bool(by.roles & LOOK_AFTER)


def may_stop(by: By, job: Job) -> bool:
    """Cancel it, or have it tried again."""
    return not by.is_public and (by.post == job.post or looks_after_jobs(by))
