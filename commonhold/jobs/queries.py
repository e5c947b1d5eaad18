"""Which jobs a reader may see: those of their post or partner and the service's own; the operator, all."""

from dataclasses import dataclass

from django.db.models import Q

from commonhold.jobs.models import THE_SERVICE, Job, JobRows, State
from commonhold.jobs.permissions import looks_after_jobs
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused

A_PAGE = 25

PEOPLE, SERVICE = "people", "service"
ASKED_BY = {PEOPLE: "People", SERVICE: "The service, regularly"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants to see of the list: in which state, asked for by whom, older than which job."""

    state: str = ""
    asked_by: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, newest first, and the last job on it where there are older ones."""

    jobs: tuple[Job, ...]
    older_than: int | None


def visible(seen_by: By) -> JobRows:
    if looks_after_jobs(seen_by):
        return Job.objects.all()
    if seen_by.is_public:
        return Job.objects.none()
    # The service's own tell nothing of anybody, and pages wait for them: who holds a post sees how far they are.
    theirs = Q(post=seen_by.post) | Q(post=THE_SERVICE)
    return Job.objects.filter(theirs | Q(partner=seen_by.partner) if seen_by.partner else theirs)


def is_shown(job: Job, *, seen_by: By) -> bool:
    """Whether this reader may look on: what several ask for is one job, of whoever asked first."""
    return visible(seen_by).filter(pk=job.pk).exists()


def refuse_more(name: str, *, by: By, at_once: int, what: str) -> None:
    """Refuse somebody's next job of a kind while so many of their post's have not ended."""
    if Job.objects.filter(name=name, post=by.post, ended_at=None).count() >= at_once:
        raise Refused(
            f"{at_once} {what} are waiting or being worked on for your post, the most at once. Wait until one has "
            "ended, or cancel one on the page of jobs."
        )


def listed(wanted: Wanted, *, seen_by: By) -> Listed:
    rows = visible(seen_by)
    if wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    if wanted.asked_by == SERVICE:
        rows = rows.filter(post=THE_SERVICE)
    if wanted.asked_by == PEOPLE:
        rows = rows.exclude(post=THE_SERVICE)
    if wanted.before:
        rows = rows.filter(pk__lt=wanted.before)
    found = tuple(rows.order_by("-pk")[: A_PAGE + 1])
    jobs = found[:A_PAGE]
    return Listed(jobs, older_than=jobs[-1].pk if len(found) > A_PAGE else None)
