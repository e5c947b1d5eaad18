"""Publishing a pack freezes its figures and leaves one entry; withdrawing takes it down at once (F6, L6)."""

from io import BytesIO

from django.db import transaction

from commonhold.governance.acts import papers
from commonhold.governance.models import Item, Paper
from commonhold.govuk.formats import period
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance.acts.composing import Files
from commonhold.performance.models import Pack, Reading, Withdrawal
from commonhold.performance.permissions import publishes_packs, withdraws_packs
from commonhold.refusals import Refused, require


@transaction.atomic
def publish(*, by: By, files: Files) -> Pack:
    """Freeze a pack: its files are kept as evidence, its figures as readings that nobody edits (F6)."""
    require(publishes_packs(by), "publish packs")
    edition, digests = files.edition, files.digests
    same = Pack.objects.standing().filter(manifest=digests["manifest.json"])
    if same.exists():
        raise Refused("This very pack is published already.")
    for content in files.files.values():
        evidence.keep(BytesIO(content))
    pack = Pack.objects.create(
        first=edition.span.first,
        last=edition.span.last,
        profile=edition.profile.name,
        as_of=edition.as_of,
        known_at=edition.known_at,
        title=_title(files),
        html=digests["pack.html"],
        pdf=digests["pack.pdf"],
        figures=digests["figures.json"],
        manifest=digests["manifest.json"],
        post=by.post,
        at=by.at,
    )
    Reading.objects.bulk_create(
        Reading(pack=pack, number=number, reference=figure.evidence, figure=figure.as_json())
        for number, figure in enumerate(files.figures, start=1)
    )
    record(
        by=by,
        kind="pack.published",
        subject=pack,
        because=Entry.objects.filter(number=edition.known_at).first(),
        facts={
            "profile": edition.profile.name,
            "from": edition.span.first.isoformat(),
            "to": edition.span.last.isoformat(),
            "known_at": edition.known_at,
            "figures": len(files.figures),
            "files": digests,
        },
    )
    return pack


@transaction.atomic
def withdraw(*, by: By, pack: Pack, reason: str) -> Withdrawal:
    """Take a pack down from every page at once; the place says so, and the record keeps its digests (L6)."""
    require(withdraws_packs(by), "withdraw packs")
    if not reason.strip():
        raise Refused("Say why the pack is withdrawn. The reason is shown in its place.")
    if Withdrawal.objects.filter(pack=pack).exists():
        raise Refused("This pack is withdrawn already.")
    made = Withdrawal.objects.create(pack=pack, reason=reason.strip(), post=by.post, at=by.at)
    record(by=by, kind="pack.withdrawn", subject=made, because=pack.entry)
    return made


@transaction.atomic
def attach(*, by: By, pack: Pack, item: Item) -> Paper:
    """Put a published pack before a meeting, with its main figures cited; ends in the paper's entry."""
    require(publishes_packs(by) or withdraws_packs(by), "put packs before a meeting")
    if Withdrawal.objects.filter(pack=pack).exists():
        raise Refused("This pack is withdrawn, so it cannot be put before a meeting.")
    cited = [
        reading.figure
        for reading in pack.readings.all()
        if not reading.figure["scope"] and reading.figure["period"]["from"] == pack.first.isoformat()
    ]
    return papers.submit(
        by=by,
        item=item,
        title=pack.title,
        address=pack.get_absolute_url(),
        files=pack.files,
        figures=cited,
        because=pack.entry,
    )


def _title(files: Files) -> str:
    edition = files.edition
    audience = edition.profile.partner or {"public": "for the public", "board": "for the boards"}[edition.profile.name]
    return f"Performance pack, {period(edition.span)}, {audience}"
