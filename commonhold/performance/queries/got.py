"""What a partner asked of the service, and what became of it.

Its queries of figures, remarks on incidents and disputes of tickets are its own; actions are what bodies asked of the
service's officers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from commonhold.demand.models import Dispute, DisputeState, Remark
from commonhold.governance.models import Action, Update
from commonhold.ledger.engine.by import By
from commonhold.performance.models import FigureQuery, QueryAnswer
from commonhold.performance.permissions import reads_reports


@dataclass(frozen=True, slots=True)
class Got:
    """How much was asked, by what became of it."""

    settled: int = 0
    answered: int = 0
    waiting: int = 0
    remarks_answered: int = 0
    remarks_waiting: int = 0
    actions_closed: int = 0
    actions_open: int = 0
    disputes_put_right: int = 0
    disputes_stood_by: int = 0
    disputes_ended: int = 0
    disputes_waiting: int = 0

    @property
    def queries(self) -> int:
        return self.settled + self.answered + self.waiting

    @property
    def remarks(self) -> int:
        return self.remarks_answered + self.remarks_waiting

    @property
    def disputes(self) -> int:
        return self.disputes_put_right + self.disputes_stood_by + self.disputes_ended + self.disputes_waiting

    @property
    def actions(self) -> int:
        return self.actions_closed + self.actions_open


def asked(by: By) -> dict[str, QuerySet[Any, Any]]:
    """What it is read from; nothing for those who speak for no partner."""
    if not by.partner or not reads_reports(by):
        return {}
    settled = Exists(FigureQuery.objects.filter(pk=OuterRef("pk"), settlement__isnull=False))
    decided = Exists(QueryAnswer.objects.filter(query=OuterRef("pk")).exclude(outcome=QueryAnswer.Outcome.LOOKING))
    answered = Exists(Remark.objects.filter(answers=OuterRef("pk"), strike=None))
    queries = FigureQuery.objects.filter(partner__slug=by.partner).annotate(settled=settled, decided=decided)
    remarks = Remark.objects.filter(partner__slug=by.partner, answers=None, strike=None, incident__strike=None)
    asked_for = Action.objects.filter(retraction=None, resolution__retraction=None, owner__partner=None)
    ended = Exists(Update.objects.filter(action=OuterRef("pk"), closes=True, retraction=None))
    return {
        "got/disputes": Dispute.objects.filter(partner__slug=by.partner).by_state(),
        "got/queries": queries.order_by().values_list("settled", "decided").annotate(Count("pk")),
        "got/remarks": remarks.annotate(got=answered).order_by().values_list("got").annotate(Count("pk")),
        "got/actions": asked_for.annotate(ended=ended).order_by().values_list("ended").annotate(Count("pk")),
    }


def of_rows(read: Mapping[str, Sequence[Any]]) -> Got | None:
    """What was read; None where nothing was asked for."""
    if "got/queries" not in read:
        return None
    queries = {(bool(settled), bool(decided)): count for settled, decided, count in read["got/queries"]}
    remarks, actions = ({bool(done): count for done, count in read[f"got/{name}"]} for name in ("remarks", "actions"))
    disputes: Counter[str] = Counter(dict(read["got/disputes"]))
    return Got(
        settled=sum(count for (settled, _), count in queries.items() if settled),
        answered=queries.get((False, True), 0),
        waiting=queries.get((False, False), 0),
        remarks_answered=remarks.get(True, 0),
        remarks_waiting=remarks.get(False, 0),
        actions_closed=actions.get(True, 0),
        actions_open=actions.get(False, 0),
        disputes_put_right=disputes[DisputeState.ACCEPTED],
        disputes_stood_by=disputes[DisputeState.DECLINED],
        # One that goes on in a later dispute is counted as that one is.
        disputes_ended=disputes[DisputeState.SETTLED] + disputes[DisputeState.WITHDRAWN],
        disputes_waiting=disputes[DisputeState.OPEN] + disputes[DisputeState.MAINTAINED],
    )
