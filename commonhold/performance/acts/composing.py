"""Composing a pack: the figures of its periods computed where they are not kept, its charts drawn, its files made."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from commonhold import __version__
from commonhold.demand.models import Batch, Correction, Exclusion, Reckoning
from commonhold.documents import charts
from commonhold.documents.engine.charts import Spec
from commonhold.documents.html import body_html, whole_html
from commonhold.documents.pdf import pdf
from commonhold.figures import Figure, Span
from commonhold.govuk.formats import period as in_words
from commonhold.ledger.models import Head
from commonhold.ledger.workings import working
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import partnership
from commonhold.performance.acts.computing import extracts_of
from commonhold.performance.engine import groups, periods, smallnumbers
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.pack import Edition, Held, Profile, Urgent, document
from commonhold.performance.engine.parity import parity
from commonhold.performance.models import ChartImage, Pack
from commonhold.performance.queries.periods import Basis, the_period, whole_history
from commonhold.refusals import Refused

GROUPINGS: Final = (
    (), ("priority",), ("kind",), ("responsible",), ("responsible", "priority"), ("partner",), ("partner", "priority"),
    ("partner", "kind"), ("partner", "responsible"),
)  # fmt: skip
YEAR: Final = 12


BODY: Final = "body.html"
"""The pack's blocks alone, for the site's own page; not among the files that go out."""


@dataclass(frozen=True, slots=True)
class Files:
    """A pack that is written and not published: what it is about, and its files by name."""

    span: Span
    profile: str
    title: str
    as_of: datetime
    known_at: int
    files: dict[str, bytes]

    @property
    def digests(self) -> dict[str, str]:
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Every figure in the pack, as it is published."""
        found: list[dict[str, Any]] = json.loads(self.files["figures.json"])["figures"]
        return found


@working
def compose(*, period: periods.Period, profile: Profile, on: Basis) -> Files:
    """The files of a pack: the same bytes for the same inputs and version."""
    edition = _edition(period, profile, on)
    written = document(edition)
    figures = [figure.as_json() for figure in _in_order(edition)]
    files = {
        "pack.html": whole_html(written, drawn).encode(),
        "pack.pdf": pdf(written, drawn),
        "figures.json": _json({"made_from": made_from(on), "figures": figures}),
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = _json({"sha256": digests, "entry": on.known.entry, "origin": edition.origin})
    files[BODY] = str(body_html(written, drawn)).encode()
    return Files(period.span, profile.name, _title(edition), edition.as_of, on.known.entry, files)


def _title(edition: Edition) -> str:
    words = {"public": "for the public", "board": "for the boards"}
    audience = words.get(edition.profile.name) or f"for {edition.profile.partner}"
    return f"Performance pack, {in_words(edition.span)}, {audience}"


@working
def drawn(spec: Spec) -> bytes:
    """A chart as it was drawn before, else drawn now and kept by the digest of its specification."""
    digest = charts.digest(spec)
    kept = ChartImage.objects.filter(digest=digest).values_list("svg", flat=True).first()
    if kept is not None:
        return kept.encode()
    svg = charts.render(spec)
    ChartImage.objects.get_or_create(digest=digest, defaults={"svg": svg.decode()})
    return svg


def made_from(on: Basis) -> dict[str, Any]:
    """Everything that figures of this basis are made from, by digest (F1)."""
    batches = Batch.objects.taken().filter(number__lte=on.known.batch).order_by("number")
    return {
        "program": __version__,
        "rules": on.rules.digest,
        "rule_version": on.rules.label,
        "batches": [
            {
                "batch": batch.number,
                "kind": batch.kind,
                "sha256": batch.sha256,
                "mapping": batch.mapping_digest,
                "partners": batch.partners_digest,
                "time_zone": batch.time_zone,
            }
            for batch in batches
        ],
    }


def profile_of(name: str) -> Profile:
    """The audience that a name means: public, board, or the name of a partner. Refused where it is none."""
    if name in ("public", "board"):
        return Profile(name)
    partner = Partner.objects.filter(name=name).first() or Partner.objects.filter(slug=name).first()
    if partner is None:
        known = ", ".join(Partner.objects.values_list("name", flat=True))
        raise Refused(f"There is no profile {name}. Choose public, board, or a partner: {known or 'none yet'}.")
    return Profile(partner.slug, partner.name)


def _edition(period: periods.Period, profile: Profile, on: Basis) -> Edition:
    history = whole_history(on.known)
    before, before_is = _before(period.span, profile, history)
    earlier = _a_year_before(period.span)
    year_ago = earlier if earlier.first >= history.first.replace(day=1) else None
    months = _months(period.span, history)
    asked = [period, *(the_period(span, on.known) for span in (before, year_ago) if span)]
    monthly = [the_period(month, on.known) for month in months]
    extracts = dict(zip([*asked, *monthly], extracts_of(parts=[*asked, *monthly], on=on), strict=True))
    helds = {part.span: _held(extracts[part], profile, on) for part in asked}
    head, known = Head.objects.get(), partnership()
    return Edition(
        partnership=known.name if known else "Shared ICT Service",
        profile=profile,
        now=helds[period.span],
        before=helds[before] if before else None,
        before_is=before_is,
        year_ago=helds[year_ago] if year_ago else None,
        months=list(_volumes(period.span, {part.span: extracts[part] for part in monthly}, profile, on)),
        parity=parity(extracts[period], "within_target", on.names) if profile.splits and on.rules.label else None,
        urgent=list(_urgent(extracts[period], profile, on)) if profile.splits else [],
        as_of=period.read_at,
        known_at=on.known.entry,
        program=__version__,
        rules=on.rules.label,
        remarks=on.rules.remarks,
        files=list(
            Batch.objects.taken()
            .filter(number__lte=on.known.batch)
            .exclude(sha256="")
            .order_by("number")
            .values_list("number", "sha256")
        ),
        put_right=list(_put_right(on)),
        origin=head.origin,
        marking="DEMONSTRATION" if head.is_demonstration else None,
        home=settings.SITE,
    )


def _before(span: Span, profile: Profile, history: Span) -> tuple[Span | None, str]:
    """The period of the last report to this audience, or, before there was one, the months just before."""
    packs = Pack.objects.standing().filter(profile=profile.name, last__lt=span.last).exclude(first=span.first)
    last = packs.order_by("-last", "-pk").first()
    if last is not None:
        return last.span, "last report"
    end = span.first - timedelta(days=1)
    if span.months.denominator == 1 and span.first.day == 1:
        first = _months_before(span.first, int(span.months))
    else:
        first = end - timedelta(days=span.days - 1)
    return (Span(first, end) if first >= history.first.replace(day=1) else None), "period before"


def _months_before(day: date, count: int) -> date:
    place = day.year * YEAR + day.month - 1 - count
    return date(place // YEAR, place % YEAR + 1, 1)


def _a_year_before(span: Span) -> Span:
    def earlier(day: date) -> date:
        is_last = day.day == monthrange(day.year, day.month)[1]
        length = monthrange(day.year - 1, day.month)[1]
        return date(day.year - 1, day.month, length if is_last else min(day.day, length))

    return Span(earlier(span.first), earlier(span.last))


def _months(span: Span, history: Span) -> list[Span]:
    """The twelve whole months up to the period's end and the twelve before them, as far as the history goes back."""
    last = span.last if _whole(span.last) else span.last.replace(day=1) - timedelta(days=1)
    firsts = [_months_before(last.replace(day=1), count) for count in range(2 * YEAR - 1, -1, -1)]
    return [
        Span(first, first.replace(day=monthrange(first.year, first.month)[1]))
        for first in firsts
        if first >= history.first.replace(day=1)
    ]


def _whole(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _held(extract: Extract, profile: Profile, on: Basis) -> Held:
    figures: list[Figure] = []
    for by in GROUPINGS:
        if "partner" in by and not profile.splits:
            continue
        found = groups.figures([extract], MEASURES, by, on.names, on.stamp)
        figures += _for_the_public(found) if by and not profile.splits else found
    return Held.of(extract.period.span, figures)


def _for_the_public(figures: Sequence[Figure]) -> Iterator[Figure]:
    for measure in MEASURES:
        yield from smallnumbers.for_the_public([figure for figure in figures if figure.measure == measure])


def _volumes(
    span: Span, extracts: dict[Span, Extract], profile: Profile, on: Basis
) -> Iterator[tuple[Span, Figure, Figure | None]]:
    by, scope = (("partner",), {"partner": profile.partner}) if profile.partner else ((), {})
    opened = {
        month: Held.of(month, groups.figures([extract], ["tickets_opened"], by, on.names, on.stamp)).find(
            "tickets_opened", **scope
        )
        for month, extract in extracts.items()
    }
    for month in list(opened)[-YEAR:]:
        now = opened[month]
        if now is not None:
            yield month, now, opened.get(_a_year_before(month))


def _urgent(extract: Extract, profile: Profile, on: Basis) -> Iterator[Urgent]:
    scope: dict[str, str | None] = {"priority": "P1"}
    if profile.partner:
        scope["partner"] = profile.partner
    ids = groups.members(extract, "tickets_opened", scope, on.names).tickets.tolist()
    records = {int(record["id"]): record for record in extract.records if int(record["id"]) in set(ids)}
    rows = Reckoning.objects.filter(pk__in=ids).select_related("ticket__desk", "partner", "service").defer("timeline")
    for row in rows.order_by("opened_at", "pk"):
        record = records[row.pk]
        targeted = bool(int(record["bits"]) & Bit.TARGETED)
        yield Urgent(
            reference=row.ticket.reference,
            partner=row.partner.name if row.partner else "none named",
            service=row.service.name if row.service else "none named",
            opened=row.opened_at,
            resolved=row.resolved_at if row.resolved_at and row.resolved_at <= extract.period.read_at else None,
            used=int(record["used"]) // 60 if int(record["used"]) >= 0 else None,
            target=row.target,
            breached=bool(int(record["bits"]) & Bit.BREACHED) if targeted else None,
            address=f"/tickets/{row.ticket.desk_id}/{row.ticket.reference}/",
        )


def _put_right(on: Basis) -> Iterator[str]:
    known = {"made_in__lte": on.known.batch}
    corrected = Correction.objects.filter(undone_in=None, **known).count()
    excluded = Exclusion.objects.filter(undone_in=None, **known).count()
    if corrected or excluded:
        yield (
            f"Source data were put right: {corrected:,} facts of tickets are corrected and {excluded:,} tickets are "
            "left out of figures, each with its reason, listed to all partners under Tickets."
        )


def _in_order(edition: Edition) -> list[Figure]:
    """Every figure of the pack once, those of this period first."""
    helds = [held for held in (edition.now, edition.before, edition.year_ago) if held]
    figures = [figure for held in helds for figure in held]
    figures += [figure for _, now, before in edition.months for figure in (now, before) if figure]
    return list({figure.evidence: figure for figure in figures}.values())


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()
