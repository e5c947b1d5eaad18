"""Who may see and stop jobs: those who asked, a partner's administrator for its posts, and the operator."""

from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By


def looks_after_jobs(by: By) -> bool:
    """The operator sees and stops every job, whoever asked for it."""
    return "operator" in by.roles


def administers_jobs(by: By, job: Job) -> bool:
    """A partner's administrator stops what that partner's posts asked for, and nothing of anybody else's."""
    return "administrator" in by.roles and by.partner is not None and by.partner == job.partner


def may_stop(by: By, job: Job) -> bool:
    """Cancel it, or have it tried again."""
    return not by.is_public and (by.post == job.post or administers_jobs(by, job) or looks_after_jobs(by))
