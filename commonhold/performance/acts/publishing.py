"""Publishing a pack freezes its figures and leaves one entry; withdrawing takes it down at once (F6, L6)."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.figures import Span
from commonhold.governance.acts import papers
from commonhold.governance.models import Item, Paper
from commonhold.jobs import acts as jobs
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.resting import is_named
from commonhold.ledger.workings import working
from commonhold.performance.acts.composing import BODY, UPDATE_HTML, UPDATE_PDF, Files, compose, profile_of
from commonhold.performance.models import Draft, Pack, Reading, Replacement, Withdrawal
from commonhold.performance.permissions import attaches_packs, publishes_packs, withdraws_packs
from commonhold.performance.queries import packs as queries
from commonhold.performance.queries.citing import citations
from commonhold.performance.queries.periods import basis, the_period
from commonhold.refusals import Refused, require

FORGOTTEN_AFTER: Final = timedelta(days=7)
LONGEST_REASON: Final = 1_000


@working
def ask_for_draft(*, by: By, first: date, last: date, profile: str, reason: str = "") -> Draft:
    """Have a pack written by a worker, to be looked through before anything is published.

    The reason is why it is to take the place of the pack of these days that stands for the same audience.
    """
    require(publishes_packs(by), "make packs")
    if last < first:
        raise Refused("The last day must not be before the first.")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters.")
    the_period(Span(first, last), basis().known)
    name = profile_of(profile).name
    draft = Draft.objects.create(first=first, last=last, profile=name, reason=reason.strip(), post=by.post, at=by.at)
    job = jobs.ask("performance.write_draft", by=by, title="Write a performance pack", draft=draft.pk)
    draft.job = job.pk
    draft.save(update_fields=("job",))
    return draft


@working
def write_draft(*, draft: Draft) -> None:
    """Write the pack that a draft stands for, from what is known now."""
    on = basis()
    try:
        period = the_period(Span(draft.first, draft.last), on.known)
        profile = profile_of(draft.profile)
        correction = queries.correcting(period.span, profile.name, draft.reason) if draft.reason else None
        files = compose(period=period, profile=profile, on=on, correction=correction)
    except Refused as refusal:
        Draft.objects.filter(pk=draft.pk).update(problem=str(refusal))
        return
    _fill(draft, files)


@transaction.atomic
def _fill(draft: Draft, files: Files) -> None:
    """Nothing is kept of a draft that was published or forgotten while it was written."""
    found = Draft.objects.select_for_update().filter(pk=draft.pk)
    if found.first() is None:
        return
    _keep(files)
    found.update(
        title=files.title,
        as_of=files.as_of,
        known_at=files.known_at,
        files=files.digests,
        instead_of=files.instead_of,
    )


@working
def forget_drafts(*, at: datetime) -> int:
    """Remove drafts that nobody touched for a week, with their files unless anything else rests on them."""
    old = list(Draft.objects.filter(at__lt=at - FORGOTTEN_AFTER))
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    for digest in {digest for draft in old for digest in draft.files.values()}:
        if not is_named(digest):
            evidence.remove(digest)
    return len(old)


@transaction.atomic
def publish_draft(*, by: By, draft: Draft) -> Pack:
    """Publish the very bytes that were looked through; ends in the pack's entry."""
    require(publishes_packs(by), "publish packs")
    found = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise Refused("This draft is gone: it was published, or nobody touched it for a week.")
    if not found.files or found.as_of is None or found.known_at is None:
        raise Refused("This pack is not written yet.")
    contents = {name: evidence.content(digest) for name, digest in found.files.items()}
    found.delete()
    files = Files(
        span=Span(found.first, found.last),
        profile=found.profile,
        title=found.title,
        as_of=found.as_of,
        known_at=found.known_at,
        files=contents,
        instead_of=found.instead_of_id,
        reason=found.reason,
    )
    return publish(by=by, files=files)


@transaction.atomic
def publish(*, by: By, files: Files) -> Pack:
    """Freeze a pack: its files are kept as evidence, its figures as readings that nobody edits (F6).

    Where a pack of the same days stands for the same audience, this one is a correction, which names it and says why.
    """
    require(publishes_packs(by), "publish packs")
    in_turn(f"packs of {files.span.first} to {files.span.last} for {files.profile}")
    digests = files.digests
    corrected = queries.refuse_second(files.span, files.profile, digests["manifest.json"], files.instead_of)
    _keep(files)
    pack = Pack.objects.create(
        first=files.span.first,
        last=files.span.last,
        profile=files.profile,
        as_of=files.as_of,
        known_at=files.known_at,
        title=files.title,
        html=digests["pack.html"],
        pdf=digests["pack.pdf"],
        figures=digests["figures.json"],
        manifest=digests["manifest.json"],
        body=digests[BODY],
        tables=digests["tables.xlsx"],
        update_html=digests[UPDATE_HTML],
        update_pdf=digests[UPDATE_PDF],
        post=by.post,
        at=by.at,
    )
    if corrected is not None:
        Replacement.objects.create(pack=pack, instead_of=corrected, reason=files.reason)
    figures = files.figures
    Reading.objects.bulk_create(
        Reading(pack=pack, number=number, reference=figure["evidence"], figure=figure)
        for number, figure in enumerate(figures, start=1)
    )
    record(
        by=by,
        kind="pack.published",
        subject=pack,
        because=[
            Entry.objects.filter(number=files.known_at).first(),
            corrected.entry if corrected else None,
            Entry.objects.filter(number=files.readings_known_at).first() if files.readings_known_at else None,
            *Entry.objects.filter(number__in=files.accounts),
        ],
        facts={
            "profile": files.profile,
            "from": files.span.first.isoformat(),
            "to": files.span.last.isoformat(),
            "known_at": files.known_at,
            "figures": len(figures),
            "files": pack.files,
            **({"instead_of": corrected.ref} if corrected else {}),
        },
    )
    return pack


def _keep(files: Files) -> None:
    for content in files.files.values():
        evidence.keep(BytesIO(content))


@transaction.atomic
def withdraw(*, by: By, pack: Pack, reason: str) -> Withdrawal:
    """Take a pack down from every page at once, its papers with it; the place says so, the digests stay (L6)."""
    require(withdraws_packs(by), "withdraw packs")
    if not reason.strip():
        raise Refused("Say why the pack is withdrawn. The reason is shown in its place.")
    found = _locked(pack)
    require(found.is_open_to(by), "withdraw a pack that was made for others")
    if found.is_withdrawn:
        raise Refused("This pack is withdrawn already.")
    for paper in queries.papers(pack):
        papers.withdraw(by=by, paper=paper, reason=reason, because=pack.entry)
    made = Withdrawal.objects.create(pack=pack, reason=reason.strip(), post=by.post, at=by.at)
    record(by=by, kind="pack.withdrawn", subject=made, because=pack.entry)
    return made


@transaction.atomic
def attach(*, by: By, pack: Pack, item: Item) -> Paper:
    """Put a pack before a meeting, citing of its figures what everybody may see; ends in the paper's entry."""
    require(attaches_packs(by), "put packs before a meeting")
    found = _locked(pack)
    require(found.is_open_to(by), "put a pack before a meeting that was made for others")
    if found.is_withdrawn:
        raise Refused("This pack is withdrawn, so it cannot be put before a meeting.")
    cited = citations(pack)
    return papers.submit(
        by=by,
        item=item,
        title=pack.title,
        address=pack.get_absolute_url(),
        files=pack.files,
        figures=[figure.as_json() for figure in cited.values()],
        titles=list(cited),
        because=pack.entry,
    )


def _locked(pack: Pack) -> Pack:
    """The pack as it is, which nobody else withdraws or puts before a meeting until this act is done."""
    return Pack.objects.select_for_update().get(pk=pack.pk)
