"""Composing a pack: the figures of its periods computed where they are not kept, its charts drawn, its files made."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from commonhold import __version__
from commonhold.documents import charts
from commonhold.documents.engine.charts import Spec
from commonhold.documents.engine.sheets import sheets
from commonhold.documents.html import body_html, whole_html
from commonhold.documents.pdf import pdf
from commonhold.documents.workbook import workbook
from commonhold.figures import Figure, Span
from commonhold.govuk.formats import instant
from commonhold.govuk.formats import period as in_words
from commonhold.ledger.models import Head
from commonhold.ledger.workings import working
from commonhold.partnership.queries import partnership
from commonhold.performance.acts.computing import extracts_of
from commonhold.performance.engine import groups, periods, public, top
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.pack import (
    Brought,
    Correction,
    Edition,
    Held,
    Month,
    Profile,
    document,
    held,
    monthly,
    months,
    services,
    spans,
    update,
)
from commonhold.performance.engine.parity import Parity, on_one_basis, parity
from commonhold.performance.engine.told import Told
from commonhold.performance.models import ChartImage
from commonhold.performance.queries import (
    brought_editions,
    comparators,
    disputed,
    editions,
    exceptions,
    incidents,
    published,
    spoken,
)
from commonhold.performance.queries.editions import profile_of
from commonhold.performance.queries.periods import Basis, begins_early, beyond, whole_history

__all__ = ["BODY", "Files", "compose", "profile_of"]

UPDATE_HTML: Final = "update.html"
UPDATE_PDF: Final = "update.pdf"
"""The pack in the form of an update report for a committee."""

BODY: Final = "body.html"
"""The pack's blocks alone, for the site's own page; not among the files that go out."""


@dataclass(frozen=True, slots=True)
class Files:
    """A pack that is written and not published: what it is about, and its files by name.

    `instead_of` is the number of the pack that it says it takes the place of, and `reason` why.
    """

    span: Span
    profile: str
    title: str
    as_of: datetime
    known_at: int
    files: dict[str, bytes]
    instead_of: int | None = None
    reason: str = ""

    @property
    def digests(self) -> dict[str, str]:
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Every figure in the pack, as it is published."""
        found: list[dict[str, Any]] = json.loads(self.files["figures.json"])["figures"]
        return found

    @property
    def readings_known_at(self) -> int | None:
        """The entry that its figures of readings rest on, where it has some."""
        found: int | None = json.loads(self.files["figures.json"])["made_from"].get("readings_known_at")
        return found

    @property
    def accounts(self) -> list[int]:
        """The entries of the accounts of incidents that the pack tells of."""
        return [one["entry"] for one in json.loads(self.files["figures.json"]).get("accounts", [])]


@working
def compose(
    *,
    period: periods.Period,
    profile: Profile,
    on: Basis,
    correction: Correction | None = None,
    known_at: int | None = None,
) -> Files:
    """The files of a pack: the same bytes for the same inputs and version.

    What is said about its figures is what is signed off and queried now, or was at an entry, where one is named.
    """
    edition = _edition(period, profile, on, correction, known_at)
    written = document(edition)
    said = correction.as_json() if correction else {}
    accounts = {"accounts": [one.as_json() for one in edition.register.told]} if edition.register.told else {}
    files = {
        "pack.html": whole_html(written, _drawn).encode(),
        "pack.pdf": pdf(written, _drawn),
        "figures.json": _json(
            {
                "made_from": editions.made_from(on) | edition.brought.as_json(),
                **said,
                **accounts,
                **edition.spoken.as_json(),
                **({"exceptions": edition.exceptional.as_json()} if edition.exceptional else {}),
                **edition.disputes.as_json(),
                **_published_before(edition),
                "figures": _as_json(edition),
            }
        ),
    }
    report = update.document(edition)
    files[UPDATE_HTML], files[UPDATE_PDF] = whole_html(report, _drawn).encode(), pdf(report, _drawn)
    files["tables.xlsx"] = workbook(editions.about(edition, on), sheets(written))
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = _json({"sha256": digests, "entry": on.entry, "origin": edition.origin, **said})
    files[BODY] = str(body_html(written, _drawn)).encode()
    return Files(
        span=period.span,
        profile=profile.name,
        title=_title(edition),
        as_of=edition.as_of,
        known_at=on.entry,
        files=files,
        instead_of=correction.pack if correction else None,
        reason=correction.reason if correction else "",
    )


def _published_before(edition: Edition) -> dict[str, Any]:
    """The figures published before that stand beside the pack's own; nothing where none do."""
    rows = [one.as_json() for one in edition.published_before]
    return {"published_before": rows} if rows else {}


def _as_json(edition: Edition) -> list[dict[str, Any]]:
    """The figures of a pack as figures.json has them; one that corrects another names it (F6)."""
    figures, correction = edition.figures(), edition.correction
    old = dict(published.in_place_of(figures, correction.pack)) if correction else {}
    named = {evidence: {"instead_of": then} for evidence, then in old.items()}
    return [figure.as_json() | named.get(figure.evidence, {}) for figure in figures]


@working
def _drawn(spec: Spec) -> bytes:
    """A chart as it was drawn before, else drawn now and kept by the digest of its specification."""
    digest = charts.digest(spec)
    kept = ChartImage.objects.filter(digest=digest).values_list("svg", flat=True).first()
    if kept is not None:
        return kept.encode()
    svg = charts.render(spec)
    ChartImage.objects.get_or_create(digest=digest, defaults={"svg": svg.decode()})
    return svg


def _title(edition: Edition) -> str:
    words = {"public": "for the public", "board": "for the boards"}
    audience = words.get(edition.profile.name) or f"for {edition.profile.partner}"
    corrected = ", corrected" if edition.correction else ""
    return f"Performance pack, {in_words(edition.span)}, {audience}{corrected}"


def _edition(
    period: periods.Period, profile: Profile, on: Basis, correction: Correction | None, known_at: int | None
) -> Edition:
    last = editions.last_report(period.span, profile)
    whole = whole_history(on.known)
    spread = _Spread(period, last or spans.just_before(period.span), whole)
    parts = {
        span: period if span == period.span else periods.period(span, last_event=on.known.through)
        for span in spread.spans
    }
    extracts = dict(zip(parts, extracts_of(parts=list(parts.values()), on=on), strict=True))
    told = Told(() if profile.splits else published.to_everybody())
    raw = _figures(extracts[period.span], profile, on)
    chosen = services.listed(raw, profile.own)
    now = _held(period.span, raw, chosen, profile, told)
    before, year_ago = (
        _held(span, _figures(extracts[span], profile, on), chosen, profile, told) if span else None
        for span in (spread.before, spread.year_ago)
    )
    now = Held.of(now.span, top.trimmed(now, top.IN_PACKS))
    before, year_ago = (held and Held.of(held.span, top.like(held, now)) for held in (before, year_ago))
    followed = [_month(one, then, extracts, profile, on) for one, then in spread.months.items()]
    brought = brought_editions.brought(
        period.span,
        (last or spans.just_before(period.span), spans.a_year_before(period.span)),
        profile,
        told,
        known_at=known_at,
        as_of=None if period.as_of in (period.end, on.known.through) else period.read_at,
    )
    known = editions.agreed(on, period.read_at)
    heads = editions.heads({figure.measure: figure for figure in now if dict(figure.scope) == profile.own}, known)
    head, partners = Head.objects.get(), partnership()
    return Edition(
        partnership=partners.name if partners else "Shared ICT Service",
        profile=profile,
        now=now,
        before=before,
        before_is="last report" if last else "period before",
        year_ago=year_ago,
        months=followed if profile.splits else months.for_everybody(followed, told),
        heads=heads,
        graded_none=editions.graded_none(known),
        other_services=services.others(raw, profile.own, chosen),
        exceptional=exceptions.for_pack(period.span, spread.before, profile, on.known.batch),
        targets=editions.targets(known),
        parity=_parity(extracts[period.span], heads, on) if profile.splits else None,
        urgent=editions.urgent(extracts[period.span], profile, on) if profile.splits else [],
        register=incidents.register(extracts[period.span], profile, on, known_at),
        as_of=period.read_at,
        known_at=on.entry,
        program=__version__,
        rules=on.rules.in_force(period.start, period.as_of),
        remarks=[
            *(f"{one}." for one in begins_early(period.span, whole.first)),
            *_ends_early(period),
            *_goes_beyond(period, on),
            *months.thin(followed, period.span),
            *(f"{one}." for one in on.rules.remarks(period.start, period.until)),
        ],
        sources=editions.sources(on),
        put_right=[*editions.put_right(on), *(editions.completeness(period.span, on) if profile.splits else ())],
        origin=head.origin,
        marking="DEMONSTRATION" if head.is_demonstration else None,
        home=settings.SITE,
        correction=correction,
        spoken=spoken.spoken(
            _everything(now, brought), profile, period.read_at, known_at, graded_none=editions.graded_none(known)
        ),
        brought=brought,
        disputes=disputed.for_pack(extracts[period.span], period, on, profile, known_at),
        published_before=comparators.for_pack(period.span, (*now, *brought), profile, known_at),
    )


def _everything(now: Held, brought: Brought) -> Held:
    """The figures of tickets and of readings together."""
    return Held.of(now.span, [*now, *(one.figure for one in brought.now)])


class _Spread:
    """The days that a pack tells of beside its own, as far as the files tell of them."""

    def __init__(self, period: periods.Period, before: Span, whole: Span) -> None:
        def told(span: Span) -> Span | None:
            return span if spans.is_told(span, whole) else None

        self.before = told(before)
        self.year_ago = told(spans.a_year_before(period.span))
        self.months = {
            month: told(spans.a_year_before(month)) for month in spans.year_of_months(period.span) if told(month)
        }
        wanted = (period.span, self.before, self.year_ago, *self.months, *self.months.values())
        self.spans = list(dict.fromkeys(span for span in wanted if span))


def _ends_early(period: periods.Period) -> Iterator[str]:
    day = timedelta(days=1).total_seconds()
    if period.end - period.as_of > day:
        yield f"The figures are read as of {instant(period.read_at)}, before the period ends."


def _goes_beyond(period: periods.Period, on: Basis) -> Iterator[str]:
    problem = beyond(period.read_at, on.known.through)
    if problem:
        yield f"{problem}."


def _figures(extract: Extract, profile: Profile, on: Basis) -> list[Figure]:
    """Every figure that a pack for this audience is made from, of one period."""
    stamp = on.stamp(extract.period)
    figures: list[Figure] = []
    for group in held(profile):
        figures += group.of(groups.figures([extract], group.measures, group.by, on.names, stamp))
    return figures


def _held(span: Span, figures: list[Figure], chosen: frozenset[str | None], profile: Profile, told: Told) -> Held:
    """The figures that stand in a pack: of services those that are listed, and for the public none that is small."""
    if not profile.splits:
        figures = public.for_everybody(services.together(figures, chosen), told)
    return Held.of(span, services.trimmed(figures, chosen))


def _month(month: Span, before: Span | None, extracts: dict[Span, Extract], profile: Profile, on: Basis) -> Month:
    then = _monthly(extracts[before], profile, on) if before else {}
    return Month(month, _monthly(extracts[month], profile, on), then)


def _monthly(extract: Extract, profile: Profile, on: Basis) -> dict[str, Figure]:
    group = monthly(profile)
    found = group.of(groups.figures([extract], group.measures, group.by, on.names, on.stamp(extract.period)))
    return {figure.measure: figure for figure in found}


def _parity(extract: Extract, heads: str, on: Basis) -> Parity | None:
    """The partners compared on one basis, or by the desk's own verdict where that heads the pack; where there are two
    at least.
    """
    found = parity(extract, heads, on.names) if heads == editions.DESKS_HEADS else on_one_basis(extract, on.names)
    return found if found and sum(standing.partner is not None for standing in found.partners) > 1 else None


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()
