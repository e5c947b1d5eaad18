"""One line to make one of anything, by calling its act."""

from datetime import date, datetime, time
from typing import Any

from commonhold.governance.acts import actions, meetings, minutes, papers
from commonhold.governance.models import Action, Body, Item, Meeting, Paper, Resolution, Update
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Post, Role

NOON = datetime.fromisoformat("2026-07-21T11:00:00+00:00")
CLERK = By(post="governance-officer-of-northgate", at=NOON, partner="northgate", roles=frozenset({Role.CLERK}))
ANALYST = By(post="service-analyst", at=NOON, roles=frozenset({Role.ANALYST}))

FIGURE: dict[str, Any] = {
    "measure": "within_target",
    "value": 0.924,
    "low": None,
    "high": None,
    "unit": "share",
    "numerator": 924,
    "denominator": 1000,
    "period": {"from": "2026-06-01", "to": "2026-06-30"},
    "scope": {},
    "definition": "within_target.v1",
    "rule_version": "targets v1",
    "as_of": "2026-06-30T23:00:00+00:00",
    "known_at": 3,
    "program": "0.1.0",
    "grade_mix": {},
    "evidence": "performance/2026-06-01..2026-06-30/within_target.v1?as_of=2026-06-30T23:00:00%2B00:00&known_at=3",
    "reason": None,
    "notes": [],
}


def body(name: str = "Joint Committee") -> Body:
    return meetings.form_body(by=CLERK, name=name, kind=Body.Kind.JOINT_COMMITTEE)


def meeting(of: Body | None = None, day: date = date(2026, 7, 21), starts: time = time(10)) -> Meeting:
    return meetings.call_meeting(by=CLERK, body=of or body(), day=day, starts=starts, place="Town Hall")


def item(at: Meeting | None = None, title: str = "Update report") -> Item:
    return meetings.add_item(by=CLERK, meeting=at or meeting(), title=title, purpose=Item.Purpose.CONSIDER)


def paper(on: Item | None = None, title: str = "Performance pack", figures: int = 1, by: By = ANALYST) -> Paper:
    on = on or item()
    address = f"/packs/{Paper.objects.count() + 1}/"
    cited = [FIGURE] * figures
    return papers.submit(by=by, item=on, title=title, address=address, files={}, figures=cited, because=None)


def resolution(on: Item | None = None, text: str = "That the service improve.", **given: Any) -> Resolution:
    return minutes.resolve(by=CLERK, item=on or item(), text=text, **given)


def post(title: str = "Managing Director", slug: str = "managing-director") -> Post:
    made, _ = Post.objects.get_or_create(slug=slug, defaults={"title": title, "role": Role.MANAGING_DIRECTOR})
    return made


def action(by: Resolution | None = None, text: str = "Answer calls sooner", owner: Post | None = None) -> Action:
    return actions.ask(by=CLERK, resolution=by or resolution(), text=text, owner=owner or post())


def update(on: Action | None = None, words: str = "Two posts are filled.", **given: Any) -> Update:
    return actions.update(by=CLERK, action=on or action(), words=words, **given)
