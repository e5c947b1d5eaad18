"""What performance can do with subjects of apps below it: figures of a measure or a job, a pack for a meeting."""

from collections.abc import Iterator

from django.urls import reverse

from commonhold.governance.models import Action, Meeting
from commonhold.govuk.shell import Link
from commonhold.jobs.models import Job, State
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.permissions import publishes_packs
from commonhold.performance.queries.fed import Described, fed


def measures() -> list[tuple[str, str]]:
    """Every measure by its title: what an action's effect can be read by."""
    known: dict[str, Described] = {**MEASURES}
    known |= fed().newest
    return sorted(((name, one.title) for name, one in known.items()), key=lambda choice: choice[1])


def offers_for_action(action: object, seen_by: By) -> Iterator[Link]:
    """The figures by which an action's effect is read."""
    if not isinstance(action, Action) or not action.measure:
        return
    found = MEASURES.get(action.measure) or fed().newest.get(action.measure)
    if found is not None:
        word = action.measure.replace("_", "-")
        yield Link(f"See the figures of {found.title}", reverse("performance:measure", args=[word]), "Month by month")


def offers_for_meeting(meeting: object, seen_by: By) -> Iterator[Link]:
    """A published pack can be put before a meeting, by those who publish packs."""
    if isinstance(meeting, Meeting) and not meeting.taken_back and publishes_packs(seen_by):
        hint = "Open the pack and choose the item"
        yield Link("Put a performance pack before this meeting", reverse("performance:packs"), hint)


def offers_for_job(job: object, seen_by: By) -> Iterator[Link]:
    """The figures of a period that somebody asked for, once they are computed."""
    if isinstance(job, Job) and job.name == "performance.compute" and job.state == State.DONE:
        days = f"first={job.arguments['first']}&last={job.arguments['last']}"
        yield Link("See the figures", f"{reverse('performance:figures')}?{days}")
