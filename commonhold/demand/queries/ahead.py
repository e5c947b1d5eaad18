"""What the desk's present state says of the days to come: what is on hold and why, and what will be missed."""

from collections import Counter
from datetime import datetime
from typing import Final

import numpy as np
from django.db.models import Count, F, Q

from commonhold.demand.engine.clock import Histories, Op
from commonhold.demand.engine.columns import State
from commonhold.demand.models import Reckoning
from commonhold.partnership.engine.rules.hold_reasons import REASONS

RUNNING: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED, State.ON_HOLD)
UNRESOLVED: Final = (Q(own_resolved=False) | Q(resolved_at=None)) & (Q(own_closed=False) | Q(closed_at=None))

COUNTING: Final = "counting_by_a_correction"
"""The reason of a hold that stands corrected to count."""

Held = tuple[str | None, str | None, int]
"""A partner, a reason, and how many of its tickets are on hold for it."""


def on_hold_by_reason(batch: int) -> list[Held]:
    """The open tickets on hold when this batch was the last one known, by partner and the reason of that hold."""
    rows = list(
        Reckoning.objects.known(batch)
        .filter(UNRESOLVED, state=State.ON_HOLD, excluded=False)
        .order_by("pk")
        .values_list("partner__name", "timeline")
    )
    reasons = _reasons([bytes(timeline) for _, timeline in rows])
    counts = Counter((partner, reason) for (partner, _), reason in zip(rows, reasons, strict=True))
    found = [(partner, reason, count) for (partner, reason), count in counts.items()]
    return sorted(found, key=lambda row: (-row[2], row[1] is None, row[1] or "", row[0] or ""))


def _reasons(timelines: list[bytes]) -> list[str | None]:
    """The reason that stands at the end of each timeline."""
    if not timelines:
        return []
    histories = Histories.joined(timelines)
    told = np.flatnonzero(histories.steps["op"] == Op.HOLD_REASON)
    of = np.searchsorted(histories.offsets, told, side="right") - 1
    last = np.full(len(histories), -1, np.int64)
    # Later steps of one timeline come later, so the last one written stays.
    last[of] = histories.steps["arg"][told]
    words = (*REASONS, COUNTING)
    return [words[code] if code >= 0 else None for code in last.tolist()]


Due = tuple[str | None, str | None, int]
"""A team, a partner, and how many of its tickets will miss their target."""


def due_to_be_missed(batch: int, since: datetime, until: datetime) -> list[Due]:
    """The open tickets whose target will be missed after one instant and up to another if nothing happens, by team and
    partner.
    """
    rows = Reckoning.objects.known(batch).filter(
        UNRESOLVED, state__in=RUNNING, excluded=False, missed_at__gt=since, missed_at__lte=until
    )
    named = rows.values(team_name=F("team__name"), partner_name=F("partner__name")).annotate(count=Count("pk"))
    found = [(row["team_name"], row["partner_name"], row["count"]) for row in named]
    return sorted(found, key=lambda row: (-row[2], row[0] is None, row[0] or "", row[1] or ""))
