"""What a body asked for, and the updates that come back."""

from collections.abc import Mapping

from django.db import transaction

from commonhold.governance.acts.putting_right import _locked, _reworded, _taken_back
from commonhold.governance.models import Action, Correction, Paper, Resolution, Retraction, Update
from commonhold.governance.permissions import clerks, reports
from commonhold.governance.queries import holders_of
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Post
from commonhold.refusals import Refused, require


@transaction.atomic
def ask(
    *,
    by: By,
    resolution: Resolution,
    text: str,
    owner: Post,
    measure: str = "",
    scope: Mapping[str, str] | None = None,
) -> Action:
    """Record what the body asked for by a resolution, who owes it, and the measure by which its effect is read."""
    require(clerks(by), "record actions of this meeting")
    _locked(resolution)
    if Retraction.objects.filter(resolution=resolution).exists():
        raise Refused("This resolution was entered in error, so nothing can be asked for by it.")
    action = Action.objects.create(
        resolution=resolution, text=text.strip(), owner=owner, measure=measure, scope=dict(scope or {})
    )
    tell(by=by, people=holders_of(owner, by.at), subject=action, why=f"{resolution.meeting.body} asked for something.")
    record(by=by, kind="action.asked", subject=action, because=resolution.entry)
    return action


@transaction.atomic
def correct_action(
    *,
    by: By,
    action: Action,
    text: str,
    owner: Post,
    measure: str = "",
    scope: Mapping[str, str] | None = None,
    edition: int,
) -> Correction:
    """Put an action's words, owner or measure right; the first ones stay on the record."""
    require(clerks(by), "put this action right")
    now = _locked(action)
    passed_on = now.owner_id != owner.pk
    made = _reworded(by, now, edition, text=text.strip(), owner=owner, measure=measure, scope=dict(scope or {}))
    if passed_on:
        tell(by=by, people=holders_of(owner, by.at), subject=action, why="An action was passed on to your post.")
    record(by=by, kind="action.corrected", subject=made, because=action.entry, facts={"changed": sorted(made.after)})
    return made


@transaction.atomic
def update(*, by: By, action: Action, words: str, paper: Paper | None = None, closes: bool = False) -> Update:
    """Report on an action; it closes only with a paper that is evidence."""
    require(reports(by, action), "report on this action")
    now = Action.objects.judged().get(pk=_locked(action).pk)
    if not now.stands:
        raise Refused("This action was entered in error, so there is nothing to report.")
    if now.done:
        raise Refused("This action is closed. Mark the update that closed it as entered in error, if it was one.")
    if closes and paper is None:
        raise Refused("An action closes only with evidence: name the paper that shows what was done.")
    if paper is not None and Retraction.objects.filter(paper=_locked(paper)).exists():
        raise Refused("That paper was withdrawn, so it shows nothing.")
    made = Update.objects.create(action=action, words=words.strip(), paper=paper, closes=closes, post=by.post, at=by.at)
    record(
        by=by,
        kind="action.closed" if closes else "action.updated",
        subject=made,
        because=[action.entry, paper.entry if paper else None],
    )
    return made


@transaction.atomic
def strike_action(*, by: By, action: Action, reason: str) -> Retraction:
    """Mark an action as entered in error: it stays in sight, struck out, and nobody owes it."""
    require(clerks(by), "mark this action as entered in error")
    made = _taken_back(by, action, reason)
    record(by=by, kind="action.entered-in-error", subject=made, because=action.entry)
    return made


@transaction.atomic
def strike_update(*, by: By, update: Update, reason: str) -> Retraction:
    """Mark an update as entered in error: whoever gave it or a clerk may, and an action it closed is open again."""
    require(clerks(by) or by.post == update.post, "mark this update as entered in error")
    made = _taken_back(by, update, reason)
    record(by=by, kind="update.entered-in-error", subject=made, because=update.entry)
    return made
