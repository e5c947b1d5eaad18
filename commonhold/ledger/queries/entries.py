"""Entries by kind, post, subject and day, newest first, page by page; and what is recorded about one thing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.subjects import Line, lines, titles_of_posts

PAGE = 25


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


def listed(
    filters: Filters, seen_by: By, *, before: int | None = None, after: int | None = None, size: int = PAGE
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
    return Listed(lines(page, seen_by), older, newer)


def about(subject: str, seen_by: By, *, limit: int = 100) -> list[Line]:
    """The latest entries about one thing, by its reference, oldest first."""
    return lines(list(Entry.objects.filter(subject=subject).order_by("-number")[:limit])[::-1], seen_by)


def entry(number: int) -> Entry | None:
    """The entry of this number."""
    return Entry.objects.filter(number=number).first()


def kinds() -> list[str]:
    """The kinds of entry that the record holds."""
    return _distinct("kind")


def posts(seen_by: By) -> dict[str, str]:
    """The posts that entries were made in, by slug, with their titles."""
    slugs = [slug for slug in _distinct("post") if slug]
    return {slug: face.title for slug, face in titles_of_posts(slugs, seen_by).items()}


def _narrowed(filters: Filters) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    for name in ("kind", "post", "subject"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    # Instants rise with numbers, so days become numbers first: each list is then read in the order of its own index.
    if filters.since and (first := _first_on(filters.since)) is not None:
        rows = rows.filter(number__gte=first)
    elif filters.since:
        return rows.none()
    if filters.until and (beyond := _first_on(filters.until + timedelta(days=1))) is not None:
        rows = rows.filter(number__lt=beyond)
    return rows


def _first_on(day: date) -> int | None:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return Entry.objects.filter(at__gte=begins).order_by("at", "number").values_list("number", flat=True).first()


def _distinct(column: str) -> list[str]:
    # From each value to the next by its index: a plain "distinct" would read the whole record.
    name = connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""with recursive found(value) as (
                  select min({name}) from ledger_entry
                  union all
                  select (select min({name}) from ledger_entry where {name} > found.value) from found
                  where found.value is not null
                )
                select value from found where value is not null"""  # noqa: S608  # a column of our own
        )
        return [value for (value,) in cursor.fetchall()]
