"""record(): the only writer of the record, and the last thing an act does."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.by import DRIFT, By
from commonhold.ledger.engine.verify_commonhold import LONGEST_LINE, canonical, hash_of_leaf, salted_digest
from commonhold.ledger.models import Because, Entry, Head, Node, Recorded, Salt
from commonhold.refusals import Refused

Causes = Entry | Iterable[Entry | None] | None


def record(
    *,
    by: By,
    kind: str,
    subject: Recorded | None = None,
    because: Causes = None,
    facts: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry, numbered under a lock: the last write of the act whose transaction this is (L1, L2).

    `facts` are public values, counts and digests; what the subject's `contents()` holds is entered as salted digests.
    An act that came through the command line says so, as the fact "through" (D4).
    Refuses an instant well before the last entry's or, outside the demonstration, off the machine's clock.
    """
    _check(subject, facts)
    contents = subject.contents() if subject else {}
    if contents and len(canonical(dict(contents))) > LONGEST_LINE - 2**16:
        raise ValueError("The contents that stand behind an entry are too large; keep them as a file, by its digest.")
    salts = {name: secrets.token_hex(16) for name in contents}
    entered = dict(facts or {})
    if by.through:
        entered["through"] = by.through
    if contents:
        entered["digests"] = {name: salted_digest(salts[name], value) for name, value in contents.items()}
    causes = _numbers(because)
    # From here on everybody else waits: what can be reckoned before is.
    head = Head.objects.select_for_update().get(pk=1)
    _refuse_wrong_instant(by, head)
    entry = Entry(
        number=head.size + 1,
        # Acts overlap: one that began a moment before another may end after it. The order of entries is the record's.
        at=max(by.at, head.at) if head.size else by.at,
        post=by.post,
        kind=kind,
        subject=subject.ref if subject else "",
        facts=entered,
        because=causes,
    )
    line = entry.canonical()
    if len(line) > LONGEST_LINE:
        raise ValueError("An entry holds public values, counts and digests; these facts are too large for one.")
    entry.digest = hash_of_leaf(line)
    entry.save(force_insert=True)
    Salt.objects.bulk_create([Salt(entry=entry, name=name, salt=salt) for name, salt in salts.items()])
    Because.objects.bulk_create([Because(entry=entry, cause_id=number) for number in causes])
    _grow(head, entry)
    return entry


def begin(*, demonstration: bool, at: datetime) -> Head:
    """Make the log, once, with the database: its origin says for good whether it tells of a demonstration."""
    origin = f"commonhold/{secrets.token_hex(8)}" + ("-DEMONSTRATION" if demonstration else "")
    head, made = Head.objects.get_or_create(pk=1, defaults={"origin": origin, "at": at})
    if not made and head.is_demonstration is not demonstration:
        raise Refused(
            "This database holds a demonstration; it can never hold a real partnership."
            if head.is_demonstration
            else "This database holds a real partnership; it can never become a demonstration."
        )
    return head


def _check(subject: Recorded | None, facts: Mapping[str, Any] | None) -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() writes inside its act's own transaction: make the act atomic.")
    if subject is not None and subject.pk is None:
        raise ValueError("An entry is about something that is saved.")
    if "digests" in (facts or {}):
        raise ValueError("The fact 'digests' is the record's own: what it holds comes from the subject's contents().")
    if "through" in (facts or {}):
        raise ValueError("The fact 'through' is the record's own: it comes from whoever acts.")


def _numbers(because: Causes) -> list[int]:
    entries = [because] if isinstance(because, Entry) else because or ()
    return sorted({entry.number for entry in entries if entry is not None})


def _refuse_wrong_instant(by: By, head: Head) -> None:
    if head.size and by.at < head.at - DRIFT:
        raise Refused(f"The record has gone on to {head.at:%d %B %Y %H:%M}; nothing can be entered before that.")
    now = timezone.now()
    off = by.at > now + DRIFT or (not head.is_demonstration and by.at < now - DRIFT)
    if off:
        raise Refused("The instant of this act is not the machine's time. Try again.")


def _grow(head: Head, entry: Entry) -> None:
    tree, finished = merkle.append(head.tree, bytes(entry.digest))
    # Level 0 is the entry's own digest: only what joins entries is a row of its own.
    Node.objects.bulk_create(
        [Node(level=node.level, index=node.index, digest=node.digest) for node in finished if node.level]
    )
    head.size, head.edge, head.at = tree.size, b"".join(tree.edge), entry.at
    head.save(update_fields=("size", "edge", "at"))
