"""Small numbers (F8): what is kept back cannot be worked out, tried by listing every table that fits what is shown."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.performance.engine.groups import figures
from commonhold.performance.engine.smallnumbers import FEWEST, HIDDEN, KEPT_BACK, TOTAL, Cell, for_the_public, kept_back
from commonhold.refusals import Refused
from tests.performance.engine_samples import NAMES, STAMP, Sample, at, extracted

PARTNERS, PRIORITIES = ("Ashby", "Brook", "Coombe"), ("P1", "P2", "P3")


def one_word(**counts: int) -> dict[Cell, tuple[int, ...]]:
    return {(name,): (n,) for name, n in counts.items()}


class TestByHand:
    def test_large_groups_are_shown(self) -> None:
        assert kept_back(one_word(Ashby=5, Brook=9)) == frozenset()

    def test_none_at_all_is_shown(self) -> None:
        assert kept_back(one_word(Ashby=0, Brook=9)) == frozenset()

    def test_a_small_group_takes_the_next_smallest_with_it(self) -> None:
        # Brook alone would be the total less the other two.
        assert kept_back(one_word(Ashby=40, Brook=3, Coombe=9)) == {("Brook",), ("Coombe",)}

    def test_two_small_groups_protect_each_other_where_they_come_to_five(self) -> None:
        assert kept_back(one_word(Ashby=40, Brook=3, Coombe=4)) == {("Brook",), ("Coombe",)}

    def test_two_that_are_few_together_take_a_third(self) -> None:
        assert kept_back(one_word(Ashby=40, Brook=1, Coombe=2)) == {("Ashby",), ("Brook",), ("Coombe",)}

    def test_ones_that_only_ones_can_make_up_take_more_with_them(self) -> None:
        # Five groups of one come to five: they could be nothing else.
        assert ("Ashby",) in kept_back(one_word(Ashby=40, B=1, C=1, D=1, E=1, F=1))

    def test_where_nobody_else_is_there_the_total_goes_too(self) -> None:
        assert kept_back(one_word(Ashby=3, Brook=0)) == {("Ashby",), (TOTAL,)}

    def test_a_hidden_partner_cannot_be_worked_out_either(self) -> None:
        assert kept_back(one_word(Ashby=40, Brook=30, Coombe=90), hidden=[("Brook",)]) == {("Brook",), ("Ashby",)}

    def test_in_a_table_a_rectangle_is_kept_back(self) -> None:
        table = {
            cell: (n,)
            for cell, n in zip(product(PARTNERS, PRIORITIES), (3, 20, 30, 9, 21, 31, 40, 22, 32), strict=True)
        }
        assert kept_back(table) == {("Ashby", "P1"), ("Ashby", "P2"), ("Brook", "P1"), ("Brook", "P2")}

    def test_a_count_behind_a_share_is_protected_too(self) -> None:
        # Nobody in Brook met the target: with Ashby's and the total it would show that Coombe's were 3.
        table: dict[Cell, tuple[int, int]] = {("Ashby",): (50, 30), ("Brook",): (9, 0), ("Coombe",): (4, 3)}
        assert ("Ashby",) in kept_back(table) or _values_of(("Coombe",), table, kept_back(table), layer=1) > 1

    def test_three_words_are_refused(self) -> None:
        with pytest.raises(Refused, match="one word or two"):
            kept_back({("a", "b", "c"): (1,)})


class TestFigures:
    def test_the_words_do_not_tell_the_small_group_from_its_protector(self) -> None:
        samples = [Sample(id=n, partner=1 if n < 40 else 2 if n < 49 else 3) for n in range(52)]
        extract = extracted(samples)
        found = [f for by in ((), ("partner",)) for f in figures([extract], ["tickets_opened"], by, NAMES, STAMP)]
        shown = {f.scope.get("partner"): f for f in for_the_public(found)}
        assert shown["Ashby"].value == 40
        assert shown[None].value == 52
        for name in ("Brook", "Coombe"):
            one = shown[name]
            assert (one.value, one.numerator, one.reason, dict(one.grade_mix)) == (None, None, KEPT_BACK, {})

    def test_a_profile_may_leave_a_partner_out(self) -> None:
        samples = [Sample(id=n, partner=1 + n % 3, resolved=at("2016-03-11T09:00")) for n in range(60)]
        extract = extracted(samples)
        found = [f for by in ((), ("partner",)) for f in figures([extract], ["within_target"], by, NAMES, STAMP)]
        shown = {f.scope.get("partner"): f.reason for f in for_the_public(found, hidden=[{"partner": "Brook"}])}
        assert shown["Brook"] == HIDDEN
        assert sorted(reason for reason in shown.values() if reason) == [HIDDEN, KEPT_BACK]

    def test_a_small_whole_is_not_shown(self) -> None:
        (few,) = figures([extracted([Sample(id=n) for n in range(4)])], ["tickets_opened"], (), NAMES, STAMP)
        assert for_the_public([few])[0].reason == KEPT_BACK

    def test_figures_of_different_groupings_are_not_one_table(self) -> None:
        extract = extracted([Sample(id=n) for n in range(9)])
        found = [
            f for by in (("partner",), ("team",)) for f in figures([extract], ["tickets_opened"], by, NAMES, STAMP)
        ]
        with pytest.raises(Refused, match="not one table"):
            for_the_public(found)


def _everything(table: dict[Cell, tuple[int, ...]], layer: int) -> dict[Cell, int]:
    """All cells of a table and its totals."""
    words = len(next(iter(table)))
    sums: dict[Cell, int] = {}
    for cell, counts in table.items():
        for over in product((False, True), repeat=words):
            total = tuple(TOTAL if o else value for o, value in zip(over, cell, strict=True))
            sums[total] = sums.get(total, 0) + counts[layer]
    return sums


def _fitting(table: dict[Cell, tuple[int, ...]], back: frozenset[Cell], layer: int) -> Iterator[dict[Cell, int]]:
    """Tables of whole numbers near the true one that agree with all that is shown; noughts would be shown."""
    true = _everything(table, layer)
    unknown = [cell for cell in table if cell in back]
    shown = {cell: n for cell, n in true.items() if cell not in back}
    near = [range(max(true[cell] - 2, min(true[cell], 1 - layer)), true[cell] + 3) for cell in unknown]
    for guess in product(*near):
        tried = {**{c: (n[layer],) for c, n in table.items()}, **{c: (n,) for c, n in zip(unknown, guess, strict=True)}}
        sums = _everything(tried, 0)
        if all(sums[cell] == n for cell, n in shown.items()):
            yield sums


def _values_of(cell: Cell, table: dict[Cell, tuple[int, ...]], back: frozenset[Cell], layer: int) -> int:
    return len({fitting[cell] for fitting in _fitting(table, back, layer)})


SMALL_TABLES = st.one_of(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=1, max_size=4).map(
        lambda counts: {(f"p{n}",): (of, min(of, met)) for n, (of, met) in enumerate(counts)}
    ),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=4, max_size=4).map(
        lambda counts: {cell: (of, min(of, met)) for cell, (of, met) in zip(product("AB", "12"), counts, strict=True)}
    ),
)


@settings(max_examples=150, deadline=None)
@given(SMALL_TABLES)
def test_nothing_kept_back_can_be_worked_out_from_what_is_shown(table: dict[Cell, tuple[int, ...]]) -> None:
    back = kept_back(table)
    true = _everything(table, 0)
    assert all(cell in back for cell, n in true.items() if 0 < n < FEWEST)
    for layer in (0, 1):
        found: dict[Cell, set[int]] = {cell: set() for cell in back}
        for fitting in _fitting(table, back, layer):
            for cell in back:
                found[cell].add(fitting[cell])
        assert all(len(values) > 1 for values in found.values())


@settings(max_examples=100, deadline=None)
@given(
    st.integers(2, 5),
    st.integers(2, 6),
    st.lists(st.integers(0, 40), min_size=30, max_size=30),
)
def test_in_larger_tables_no_sum_or_difference_of_what_is_shown_gives_it(
    rows: int, columns: int, counts: list[int]
) -> None:
    cells = list(product(range(rows), range(columns)))
    table: dict[Cell, tuple[int, ...]] = {(f"r{r}", f"c{c}"): (n,) for (r, c), n in zip(cells, counts, strict=False)}
    back = kept_back(table)
    for cell in back:
        assert _can_be_moved(cell, table, back), cell
    for sums in _lines(table):
        inner, total = sums[:-1], sums[-1]
        few = sum(_everything(table, 0)[cell] for cell in inner if cell in back)
        assert total in back or few == 0 or few >= FEWEST


def _lines(table: dict[Cell, tuple[int, ...]]) -> Iterator[list[Cell]]:
    """Every row and column of the table, totals included, each with its own total last."""
    rows, columns = sorted({r for r, _ in table} - {None}, key=str), sorted({c for _, c in table}, key=str)
    for row in (*rows, TOTAL):
        yield [*((row, column) for column in columns), (row, TOTAL)]
    for column in (*columns, TOTAL):
        yield [*((row, column) for row in rows), (TOTAL, column)]


def _can_be_moved(cell: Cell, table: dict[Cell, tuple[int, ...]], back: frozenset[Cell]) -> bool:
    """Whether adding and taking away one around some closed walk leaves all that is shown as it is, by elimination.

    A number is fixed by sums and differences exactly when its own row can be combined from the table's equations.
    """
    unknown = sorted(back, key=str)
    place = {c: n for n, c in enumerate(unknown)}
    equations = [[float(c in back and (1 if c != line[-1] else -1)) for c in line] for line in _lines(table)]
    rows = []
    for line, factors in zip(_lines(table), equations, strict=True):
        row = [0.0] * len(unknown)
        for c, factor in zip(line, factors, strict=True):
            if factor:
                row[place[c]] += factor
        rows.append(row)
    return not _in_span([1.0 if c == cell else 0.0 for c in unknown], rows)


def _in_span(wanted: list[float], rows: list[list[float]]) -> bool:
    return _rank([*rows, wanted]) == _rank(rows)


def _rank(rows: list[list[float]]) -> int:
    rows = [row[:] for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(rank, len(rows)) if abs(rows[n][column]) > 1e-9), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for n in range(rank + 1, len(rows)):
            factor = rows[n][column] / rows[rank][column]
            rows[n] = [a - factor * b for a, b in zip(rows[n], rows[rank], strict=True)]
        rank += 1
    return rank
