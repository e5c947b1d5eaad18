"""Entries by kind, post, subject and day, newest first, page by page; and what is recorded about one thing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import LARGEST_WHOLE_NUMBER, canonical
from commonhold.ledger.models import Entry, Face
from commonhold.ledger.queries.subjects import Line, lines, titles_of_posts

PAGE = 25

TIES = """
select 'cause', number from (
  select cause_id as number from ledger_because where entry_id = %(number)s order by cause_id limit %(most)s
) as causes
union all
select 'effect', number from (
  select entry_id as number from ledger_because where cause_id = %(number)s order by entry_id limit %(and_one)s
) as effects
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of entries is narrowed to; days are those of Europe/London, the last included."""

    kind: str = ""
    post: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of entries, newest first, and the numbers at which the pages beside it begin."""

    lines: list[Line]
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list can be narrowed to: the kinds of entry that the record holds, and the posts they were made in."""

    kinds: tuple[str, ...]
    posts: dict[str, Face]


def choices(seen_by: By) -> Choices:
    """The kinds and posts that the record holds, each found by its index."""
    found = _distinct("kind", "post")
    return Choices(tuple(found["kind"]), titles_of_posts((slug for slug in found["post"] if slug), seen_by))


def listed(
    filters: Filters,
    seen_by: By,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
    posts: Mapping[str, Face] | None = None,
) -> Listed:
    """The newest entries that the filters let through: of those before a number, or just after one."""
    rows = _narrowed(filters)
    if after is not None:
        found = list(rows.filter(number__gt=after).order_by("number")[: size + 1])
        more, page = len(found) > size, found[:size][::-1]
        newer = page[0].number if more else None
        older = page[-1].number if page else None
    else:
        rows = rows.filter(number__lt=before) if before is not None else rows
        found = list(rows.order_by("-number")[: size + 1])
        more, page = len(found) > size, found[:size]
        older = page[-1].number if more else None
        newer = page[0].number if page and before is not None else None
    return Listed(lines(page, seen_by, posts), older, newer)


def about(subject: str, seen_by: By, *, limit: int = 100) -> list[Line]:
    """The latest entries about one thing, by its reference, oldest first."""
    return lines(list(Entry.objects.filter(subject=subject).order_by("-number")[:limit])[::-1], seen_by)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry with those that it is directly tied to, in words, and its facts."""

    entry: Entry
    line: Line
    causes: list[Line]
    effects: list[Line]
    more_effects: bool
    facts: list[tuple[str, str]]


def told(number: int, seen_by: By, *, most: int = 25) -> Told | None:
    """The entry of this number, or None where there is none."""
    if number > LARGEST_WHOLE_NUMBER:
        return None
    with connection.cursor() as cursor:
        cursor.execute(TIES, {"number": number, "most": most, "and_one": most + 1})
        ties = cursor.fetchall()
    causes = {other for way, other in ties if way == "cause"}
    effects = sorted(other for way, other in ties if way == "effect")
    entries = {row.number: row for row in Entry.objects.filter(number__in={number, *causes, *effects[:most]})}
    if number not in entries:
        return None
    found = {line.number: line for line in lines(entries.values(), seen_by)}
    return Told(
        entry=entries[number],
        line=found[number],
        causes=[line for n, line in sorted(found.items()) if n in causes],
        effects=[line for n, line in sorted(found.items()) if n in effects],
        more_effects=len(effects) > most,
        facts=list(_in_words(entries[number])),
    )


def _in_words(entry: Entry, most: int = 60) -> Iterator[tuple[str, str]]:
    """The facts of an entry by name, what lies inside them by the names on the way there.

    Digests stand apart, and what the act came through stands beside the post.
    """
    # The databases keep the names in different orders.
    apart = ("digests", "through")
    waiting = [(name, value) for name, value in sorted(entry.facts.items(), reverse=True) if name not in apart]
    told = 0
    while waiting and told < most:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{name}, {inner}", value[inner]) for inner in sorted(value, reverse=True)]
            continue
        told += 1
        yield name.replace("_", " ").capitalize(), _written(value)
    if waiting:
        yield "And more", "The export holds all of them."


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_written(item) if not isinstance(item, dict) else canonical(item).decode() for item in value)
    return "none" if value is None else str(value)


def _narrowed(filters: Filters) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    for name in ("kind", "post", "subject"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    # Instants rise with numbers, so days become numbers first: each list is then read in the order of its own index.
    if filters.since:
        rows = rows.filter(number__gte=Subquery(_first_on(filters.since)))
    if filters.until and filters.until < date.max:
        beyond = Subquery(_first_on(filters.until + timedelta(days=1)))
        rows = rows.filter(number__lt=Coalesce(beyond, LARGEST_WHOLE_NUMBER))
    return rows


def _first_on(day: date) -> QuerySet[Entry, int]:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return Entry.objects.filter(at__gte=begins).order_by("at", "number").values_list("number", flat=True)[:1]


def _distinct(*columns: str) -> dict[str, list[str]]:
    """The values that stand in each of these columns, in their order."""
    # From each value to the next by its index: a plain "distinct" would read the whole record.
    steps = ", ".join(
        f"""{column}s(value) as (
              select min({column}) from ledger_entry
              union all
              select (select min({column}) from ledger_entry where {column} > {column}s.value) from {column}s
              where {column}s.value is not null
            )"""
        for column in columns
    )
    values = " union all ".join(
        f"select '{column}', value from {column}s where value is not null" for column in columns
    )
    found: dict[str, list[str]] = {column: [] for column in columns}
    with connection.cursor() as cursor:
        cursor.execute(f"with recursive {steps} {values}")  # columns of our own
        for column, value in cursor.fetchall():
            found[column].append(value)
    return found
