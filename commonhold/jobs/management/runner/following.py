"""Followers read the record: entries of their kinds, in order, each at least once."""

from commonhold.jobs.engine import Running, Task
from commonhold.jobs.models import Cursor
from commonhold.ledger.models import Entry, Head

AT_ONCE = 200
"""Entries fetched at a time."""


def is_behind(task: Task) -> bool:
    """Whether there are entries that this follower has yet to read."""
    return Entry.objects.filter(number__gt=_read_to(task), kind__in=task.kinds).exists()


def read_on(task: Task, running: Running) -> str:
    """Hand the follower what it has not read yet, up to where the record reached when it began."""
    # Entries are numbered under one lock and seen in that order: below the head there are no gaps still to be filled.
    head = Head.objects.values_list("size", flat=True).get(pk=1)
    unread = Entry.objects.filter(number__lte=head, kind__in=task.kinds).order_by("number")
    count = 0
    while entries := list(unread.filter(number__gt=_read_to(task))[:AT_ONCE]):
        for entry in entries:
            task.function(running, entry)
            move_cursor(task=task.name, number=entry.number)
            count += 1
            running.progress(count, words=f"Entry {entry.number} of {head}")
    move_cursor(task=task.name, number=head)
    return "1 entry" if count == 1 else f"{count} entries"


def move_cursor(*, task: str, number: int) -> None:
    """Remember that the follower has dealt with the record up to this entry; a cursor never goes back."""
    if not Cursor.objects.filter(task=task, number__lt=number).update(number=number):
        Cursor.objects.get_or_create(task=task, defaults={"number": number})


def _read_to(task: Task) -> int:
    return Cursor.objects.filter(task=task.name).values_list("number", flat=True).first() or 0
