"""Whether the figures of a report lie open to the partners' queries, told from its days on the day somebody looks."""

from datetime import date
from enum import StrEnum

from commonhold.govuk.formats import day


class State(StrEnum):
    """What has become of a report: it goes on until it is closed or a pack for the boards is published."""

    IN_WORK = "in work"
    PUBLISHED = "published"
    CLOSED = "closed"


def is_provisional(state: State, until: date | None, today: date) -> bool:
    """Whether the working days that the rule gives for queries are not over; a closed report waits for nobody."""
    return state is not State.CLOSED and until is not None and today <= until


def in_words(state: State, until: date | None, today: date) -> str:
    """What stands beside figures of these days."""
    if state is State.CLOSED:
        return "The report on these figures is closed."
    if is_provisional(state, until, today):
        assert until is not None
        return f"Provisional: every partner can query these figures until {day(until)}."
    if until is None:
        published = state is State.PUBLISHED
        return (
            "These figures are published." if published else "Every partner can query these figures until they are "
            "published: no rule says for how many working days."
        )  # fmt: skip
    ended = f"The days for the partners' queries ended on {day(until)}"
    if state is State.PUBLISHED:
        return f"{ended}, and these figures are published."
    return f"{ended}. A query that comes now is recorded as late."
