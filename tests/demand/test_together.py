"""Several rows for a ticket as one, however the rows lie in blocks."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine.together import Together

CLOCK = st.tuples(
    st.integers(0, 50),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 20),
    st.sampled_from([True, False, None]),
)
TICKETS = st.lists(st.lists(CLOCK, min_size=1, max_size=5), min_size=1, max_size=6)


def rows(tickets: list[list[tuple[Any, ...]]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, clocks in enumerate(tickets):
        for begins, ends, held, verdict in clocks:
            found.append(
                {
                    "line": len(found) + 2, "digest": hash((begins, ends)), "reference": f"T{number}",
                    "clock_from": begins, "clock_to": ends, "held_minutes": held, "source_verdict": verdict,
                }
            )  # fmt: skip
    return found


def put_together(given: list[dict[str, Any]], size: int) -> dict[str, list[Any]]:
    together = Together()
    out: dict[str, list[Any]] = {}
    for first in range(0, len(given), size):
        part = given[first : first + size]
        assert list(together.apart([row["reference"] for row in part])) == []
        for name, values in together.take({name: [row[name] for row in part] for name in given[0]}).items():
            out.setdefault(name, []).extend(values)
    for name, values in together.rest().items():
        out.setdefault(name, []).extend(values)
    return out


def slowly(clocks: list[tuple[Any, ...]]) -> int | None:
    """The total of groups of clocks that ran at once, found by joining whatever overlaps until nothing more does."""
    groups = [({place}, begins, 10**9 if ends is None else ends) for place, (begins, ends, _, _) in enumerate(clocks)]
    joined = True
    while joined:
        joined = False
        for one in groups:
            for other in groups:
                if one is not other and one[1] < other[2] and other[1] < one[2]:
                    groups.remove(one)
                    groups.remove(other)
                    groups.append((one[0] | other[0], min(one[1], other[1]), max(one[2], other[2])))
                    joined = True
                    break
            if joined:
                break
    totals = [max((clocks[p][2] for p in places if clocks[p][2] is not None), default=None) for places, _, _ in groups]
    known = [total for total in totals if total is not None]
    return sum(known) if known else None


@given(tickets=TICKETS, size=st.integers(1, 7))
def test_totals_verdicts_and_lines_are_those_of_each_tickets_clocks(
    tickets: list[list[tuple[Any, ...]]], size: int
) -> None:
    tickets = [[(b, e if e is None or e > b else b + 1, h, v) for b, e, h, v in clocks] for clocks in tickets]
    given_rows = rows(tickets)
    found = put_together(given_rows, size)
    assert found["reference"] == [f"T{number}" for number in range(len(tickets))]
    assert found["held_minutes"] == [slowly(clocks) for clocks in tickets]
    assert found["source_verdict"] == [
        False if any(c[3] is False for c in clocks) else None if any(c[3] is None for c in clocks) else True
        for clocks in tickets
    ]
    firsts = [next(row["line"] for row in given_rows if row["reference"] == name) for name in found["reference"]]
    assert found["line"] == firsts
    assert "clock_from" not in found
    assert found == put_together(given_rows, 100)


def test_rows_that_stand_apart_are_named() -> None:
    together = Together()
    assert list(together.apart(["A", "A", "B", "A", "B", "C"])) == [3]
    assert list(together.apart(["C", "A", "D"])) == [1]
