"""What one row about a ticket, as it stood when the export was made, implies about its history.

A snapshot proves when the ticket was opened and, where the desk says so, when it was resolved and closed. It says in
which state the ticket is now, but not since when unless one of those moments explains it: on hold since nobody knows
when, reopened nobody knows when. Nothing is filled in (F5).
"""

Step = tuple[int | None, str]
"""An instant in seconds, or None where the source does not say when; and the state from then on."""


def steps(opened: int, resolved: int | None, closed: int | None, state: str | None) -> tuple[Step, ...]:
    """The dated steps in order of instant; then the present state, undated, unless the last of them is it."""
    ended = "cancelled" if state == "cancelled" else "closed"
    dated = ((resolved, "resolved"), (closed, ended))
    ends = sorted(((at, word) for at, word in dated if at is not None), key=lambda step: step[0])
    told = ((opened, "open"), *ends)
    return told if state is None or state == told[-1][1] else (*told, (None, state))
