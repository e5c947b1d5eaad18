"""Packs as they were published, and those being looked through."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from markupsafe import Markup

from commonhold.demand.models import Batch
from commonhold.governance.models import Paper
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.performance.models import Draft, Pack, Reading, Withdrawal
from commonhold.performance.permissions import publishes_packs


def packs(*, seen_by: By) -> QuerySet[Pack]:
    """The packs that are open to this reader, the newest period first; withdrawn ones among them (P3)."""
    rows = Pack.objects.select_related("withdrawal")
    if seen_by.is_public:
        return rows.filter(profile="public")
    if seen_by.partner is None:
        return rows
    return rows.filter(Q(profile__in=("public", "board")) | Q(profile=seen_by.partner))


def drafts(*, seen_by: By) -> QuerySet[Draft]:
    """Packs being looked through are for those who publish them."""
    return Draft.objects.all() if publishes_packs(seen_by) else Draft.objects.none()


def withdrawal(pack: Pack) -> Withdrawal | None:
    return Withdrawal.objects.filter(pack=pack).first()


def readings(pack: Pack) -> list[Reading]:
    return list(pack.readings.all())


def papers(pack: Pack) -> list[Paper]:
    """The papers by which a pack was put before meetings."""
    return list(Paper.objects.filter(address=pack.get_absolute_url()).select_related("item__meeting__body"))


def job_of(draft: Draft) -> Job | None:
    return Job.objects.filter(pk=draft.job).first() if draft.job else None


def body(digest: str | None) -> Markup:
    """The blocks of a pack for the site's own page: what the product itself wrote, kept by its digest."""
    if not digest:
        return Markup("")
    with evidence.opened(digest) as file:
        return Markup(file.read().decode())  # noqa: S704  # written and escaped by documents.html


def suggested() -> dict[str, date]:
    """The last whole quarter that is known."""
    through = Batch.objects.known_through()
    if through is None:
        return {}
    day = through.date() + timedelta(days=1)
    first_of_quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last = first_of_quarter - timedelta(days=1)
    return {"first": date(last.year, last.month - 2, 1), "last": last}
