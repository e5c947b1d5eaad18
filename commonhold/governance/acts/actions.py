"""What a body asked for, and the updates that come back."""

from collections.abc import Mapping

from django.db import transaction

from commonhold.governance.models import Action, Paper, Resolution, Update
from commonhold.governance.permissions import clerks, owes
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
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
    action = Action.objects.create(
        resolution=resolution, text=text, owner=owner, measure=measure, scope=dict(scope or {})
    )
    record(by=by, kind="action.asked", subject=action, because=resolution.entry)
    return action


@transaction.atomic
def update(*, by: By, action: Action, words: str, paper: Paper | None = None, closes: bool = False) -> Update:
    """Report on an action; it closes only with a paper that is evidence."""
    require(owes(by, action) or clerks(by), "report on this action")
    if action.is_closed:
        raise Refused("This action is closed. Ask the body to open it again.")
    if closes and paper is None:
        raise Refused("An action closes only with evidence: name the paper that shows what was done.")
    made = Update.objects.create(action=action, words=words, paper=paper, closes=closes)
    record(
        by=by,
        kind="action.closed" if closes else "action.updated",
        subject=made,
        because=[action.entry, paper.entry if paper else None],
    )
    return made
