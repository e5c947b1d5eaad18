"""What the words of a file probably mean: as a mapping that fits says, else by what they are called."""

from typing import Final

from commonhold.demand.engine.mapping import HOLD_REASONS, KINDS, PRIORITIES, STATES, Mapping

STATE_CALLED: Final = (
    ("cancelled", ("cancel", "reject", "declin", "withdrawn", "removed")),
    ("reopened", ("reopen", "re-open")),
    (
        "on_hold",
        ("hold", "pending", "await", "waiting for customer", "waiting for supplier", "waiting for third", "stalled"),
    ),
    ("resolved", ("resolved", "solved", "fixed", "done", "complet")),
    ("closed", ("closed",)),
    ("in_progress", ("progress", "active", "assigned", "work", "escalat", "investigat", "waiting for support")),
    ("open", ("new", "open", "logged", "to do", "queued")),
)
REASON_CALLED: Final = (
    ("awaiting_customer", ("customer", "caller", "user", "requester", "client", "reply")),
    ("awaiting_supplier", ("supplier", "vendor", "third", "3rd")),
    ("awaiting_change", ("change", "release")),
    ("awaiting_problem", ("problem",)),
    ("awaiting_evidence", ("evidence", "information", "monitor")),
)
PRIORITY_CALLED: Final = (
    ("P1", ("p1", "critical", "urgent", "highest", "major", "immediate", "1")),
    ("P2", ("p2", "high", "2")),
    ("P3", ("p3", "moderate", "medium", "normal", "3")),
    ("P4", ("p4", "low", "4")),
    ("P5", ("p5", "planning", "lowest", "very low", "5")),
)
KIND_CALLED: Final = (
    ("request", ("request", "support", "task")),
    ("problem", ("problem", "known error")),
    ("change", ("change", "release", "feature")),
    ("incident", ("incident", "fault", "bug", "help")),
)
CALLED: Final = {
    "states": STATE_CALLED,
    "hold_reasons": REASON_CALLED,
    "priorities": PRIORITY_CALLED,
    "kinds": KIND_CALLED,
}
OURS: Final = {"states": STATES, "hold_reasons": HOLD_REASONS, "priorities": PRIORITIES, "kinds": KINDS}


def meaning(table: str, word: str, base: Mapping | None) -> str:
    """Our word that one of theirs probably stands for in this table; nothing where there is no telling."""
    if base is not None and word in getattr(base, table):
        return str(getattr(base, table)[word])
    said = word.lower()
    exact = said.replace(" ", "_").replace("-", "_")
    for ours in OURS[table]:
        if exact in (ours, ours.lower()):
            return ours
    if table == "priorities" and said[:1].isdigit():
        return f"P{said[0]}" if said[0] in "12345" else ""
    if table == "priorities":
        # "very low" is none of "low", so the longest that is found is meant.
        found = [(len(part), ours) for ours, parts in PRIORITY_CALLED for part in parts if part in said]
        return max(found)[1] if found else ""
    return next((ours for ours, parts in CALLED[table] if any(part in said for part in parts)), "")
