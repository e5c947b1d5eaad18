"""Packs as they were published, and those being looked through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from markupsafe import Markup

from commonhold.demand.models import Batch
from commonhold.figures import Span
from commonhold.governance.models import Item, Paper
from commonhold.govuk.formats import instant
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import day_of, that_may_be_named
from commonhold.performance.engine.audiences import BOARD, PUBLIC
from commonhold.performance.engine.pack import Correction
from commonhold.performance.engine.periods import local
from commonhold.performance.models import Draft, Pack, PackRows
from commonhold.performance.models.brought import DELIVERED
from commonhold.performance.permissions import publishes_packs
from commonhold.performance.queries.fed import DECLARED
from commonhold.performance.queries.periods import newest_entry
from commonhold.refusals import Refused

PAGE = 25
SHARED: Final = {PUBLIC: "The public", BOARD: "The boards"}
LATELY = timedelta(days=62)
"""A pack may be put before a meeting of the last weeks too, where its paper was tabled there."""


def packs(*, seen_by: By) -> PackRows:
    """The packs that are open to this reader, the newest period first; withdrawn ones among them (P3)."""
    return Pack.objects.open_to(seen_by).select_related("withdrawal", "replacement__instead_of").weighed()


def pack_of(reference: str, *, seen_by: By) -> Pack:
    """The pack that a reference names: pack/3, or the standing one that holds a figure.

    Refused where this reader knows of none, whether or not there is one.
    """
    noun, _, key = reference.partition("/")
    if noun == Pack.noun():
        found = packs(seen_by=seen_by).filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    else:
        found = standing(seen_by=seen_by).filter(readings__reference=reference).order_by("-pk").first()
    if found is None:
        raise Refused(
            f"There is no publication '{reference}'. Write it like pack/3; the pack's address has its number."
        )
    return found


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of packs, and from which place to go on."""

    packs: list[Pack]
    older: int | None


def listed(*, seen_by: By, start: int = 0) -> Listing:
    found = list(packs(seen_by=seen_by)[start : start + PAGE + 1])
    return Listing(found[:PAGE], start + PAGE if len(found) > PAGE else None)


def standing(*, seen_by: By) -> PackRows:
    """Those of them that were not withdrawn."""
    return packs(seen_by=seen_by).standing()


def current(*, seen_by: By) -> PackRows:
    """Those that stand and that no newer one took the place of (F6)."""
    return packs(seen_by=seen_by).current()


def newest(span: Span, profile: str) -> Pack | None:
    """The last word on these days for this audience: what another pack of them would be a correction of (F6)."""
    return Pack.objects.standing().alike(span, profile).order_by("-pk").first()


def correcting(span: Span, profile: str, reason: str) -> Correction | None:
    """That a pack of these days corrects the one that stands, and why; None where none stands."""
    stands = newest(span, profile)
    if stands is None or stands.entry is None:
        return None
    return Correction(pack=stands.pk, published=stands.at, entry=stands.entry.number, reason=reason.strip())


def newer(pack: Pack) -> list[Pack]:
    """The standing packs that took the place of one, the first to do so first."""
    rows = Pack.objects.standing().alike(pack.span, pack.profile).filter(pk__gt=pack.pk).order_by("pk")
    return list(rows.select_related("replacement"))


def refuse_second(span: Span, profile: str, manifest: str, instead_of: int | None) -> Pack | None:
    """The pack that one of these days would take the place of. Refused where it does not say so, and why (F6)."""
    stands = newest(span, profile)
    if stands is not None and stands.manifest == manifest:
        raise Refused("This very pack is published already.")
    if stands is None and instead_of is not None:
        raise Refused(
            f"The pack that this one was to take the place of, {Pack.noun()}/{instead_of}, stands no longer. "
            "Make another; it needs no reason."
        )
    if stands is not None and stands.pk != instead_of:
        raise Refused(
            f"A pack of these days for the same readers stands: {stands.ref}, published {instant(stands.at)}. "
            "Another one is a correction of it, so give a reason, which the new pack tells its readers."
        )
    return stands


def audiences() -> dict[str, str]:
    """What each profile is called."""
    return SHARED | dict(Partner.objects.values_list("slug", "name"))


def offered() -> dict[str, str]:
    """For whom a pack can be made, by profile: the public, the boards, and partners that may be named."""
    return SHARED | dict(that_may_be_named().values_list("slug", "name"))


def drafts(*, seen_by: By) -> QuerySet[Draft]:
    """Packs being looked through are for those who publish them."""
    return Draft.objects.all() if publishes_packs(seen_by) else Draft.objects.none()


def papers(pack: Pack) -> list[Paper]:
    """The papers by which a pack was put before meetings, those withdrawn left out."""
    rows = Paper.objects.filter(address=pack.get_absolute_url(), retraction=None)
    return list(rows.select_related("item__meeting__body"))


def is_before_a_meeting(number: int) -> bool:
    """Whether an agenda that everybody reads lists the pack of this number."""
    address = reverse("performance:pack", args=[number])
    return Paper.objects.filter(address=address, retraction=None, item__retraction=None).exists()


def items_for(pack: Pack, at: datetime) -> QuerySet[Item]:
    """The agenda items that a pack can be put before: of meetings to come and of late, where it is not yet."""
    rows = Item.objects.filter(retraction=None, meeting__retraction=None, meeting__day__gte=day_of(at - LATELY))
    there = Q(papers__address=pack.get_absolute_url(), papers__retraction=None)
    return (
        rows.exclude(pk__in=Item.objects.filter(there))
        .select_related("meeting__body")
        .order_by("meeting__day", "number")
    )


def job_of(draft: Draft) -> Job | None:
    return Job.objects.filter(pk=draft.job).first() if draft.job else None


def is_overtaken(draft: Draft) -> bool:
    """Whether more is known since a draft was written, so that a new one would say more."""
    if draft.known_at is None:
        return False
    return newest_entry() != draft.known_at or Entry.objects.filter(
        kind__in=(*DELIVERED, DECLARED), at__gt=draft.at
    ).exists()  # fmt: skip


def body(digest: str | None) -> Markup:
    """The blocks of a pack for the site's own page: what the product itself wrote, kept by its digest."""
    if not digest:
        return Markup("")
    return Markup(evidence.content(digest).decode())  # noqa: S704  # written and escaped by documents.html


def suggested() -> dict[str, date]:
    """The last whole quarter that the files tell of."""
    through = Batch.objects.known_through()
    if through is None:
        return {}
    day = local(int(through.timestamp())).date() + timedelta(days=1)
    first_of_quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last = first_of_quarter - timedelta(days=1)
    return {"first": date(last.year, last.month - 2, 1), "last": last}
