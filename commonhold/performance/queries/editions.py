"""What a pack says beside its figures: for whom, held against what, P1 by P1, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q

from commonhold import __version__
from commonhold.demand.models import Batch, Correction, Exclusion, Reckoning
from commonhold.demand.queries import putting_right
from commonhold.demand.queries.brought import of_days
from commonhold.demand.queries.completeness import MOST_DAYS, complete
from commonhold.demand.queries.tickets import RELATED
from commonhold.figures import Figure, Span
from commonhold.govuk.formats import day, duration, number, period, plural
from commonhold.ledger.models import Entry
from commonhold.partnership.engine.rules.targets import KINDS, PRIORITIES, Target, Targets
from commonhold.partnership.models import Partner
from commonhold.partnership.queries import Rules, rules, that_may_be_named
from commonhold.performance.engine import groups, heading
from commonhold.performance.engine.audiences import BOARD, PUBLIC
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.pack import Edition, Profile, Source, Urgent
from commonhold.performance.engine.pack.holding import URGENT
from commonhold.performance.models import Pack
from commonhold.performance.queries.periods import Basis
from commonhold.refusals import Refused

OURS_HEADS: Final = heading.OURS
DESKS_HEADS: Final = heading.DESKS


def profile_of(name: str) -> Profile:
    """The audience that a name means: public, board, or the name of a partner. Refused where it is none."""
    if name in (PUBLIC, BOARD):
        return Profile(name)
    partner = Partner.objects.filter(Q(name=name) | Q(slug=name)).first()
    partners = that_may_be_named()
    if partner is not None and partner in partners:
        return Profile(partner.slug, partner.name)
    wrong = (
        f"There is no profile '{name}'."
        if partner is None
        else f"{partner} is not yet a party to the agreement, so no pack is made for it; a change of the agreement "
        "makes an authority a partner."
    )
    known = ", ".join(partners.values_list("name", flat=True))
    raise Refused(f"{wrong} Choose public, board, or a partner: {known or 'none yet'}.")


def last_report(span: Span, profile: Profile) -> Span | None:
    """The period of the last pack for this audience before these days, where one is published and stands."""
    packs = Pack.objects.standing().filter(profile=profile.name, last__lt=span.last, first__lt=span.first)
    last = packs.order_by("-last", "-pk").first()
    return last.span if last else None


def agreed(on: Basis, at: datetime) -> Rules:
    """The agreement at an instant, as it was known then."""
    return rules(at, on.entry)


def targets(known: Rules) -> dict[str, str]:
    """The target of each priority in words, where one is in force."""
    agreed = known.value("targets")
    if not isinstance(agreed, Targets):
        return {}
    found = {priority: _targets(agreed, priority) for priority in PRIORITIES}
    return {priority: words for priority, words in found.items() if words}


def _targets(agreed: Targets, priority: str) -> str:
    general = agreed.general.get(priority)
    own = {kind: found for kind in KINDS if (found := agreed.by_kind.get(kind, {}).get(priority))}
    said = [_target(general)] if general else []
    said += [f"{kind}s {_target(target)}" for kind, target in own.items()]
    return "; ".join(said)


def _target(target: Target) -> str:
    return f"{duration(target.resolve_minutes)}, {target.calendar.replace('-', ' ')}"


def heads(now: Mapping[str, Figure], known: Rules) -> str:
    """The verdict that heads a pack (F5): the desk's own where our clock has none to give, or where nothing proves the
    holds of most tickets and the agreement does not say otherwise.
    """
    desks = heading.desks_head(now.get(OURS_HEADS), now.get(DESKS_HEADS), graded_none(known))
    return DESKS_HEADS if desks else OURS_HEADS


def graded_none(known: Rules) -> str | None:
    """What the agreement says of figures of tickets whose holds nothing proves."""
    return known.figure_basis.graded_none if known.figure_basis else None


def urgent(extract: Extract, profile: Profile, on: Basis) -> list[Urgent]:
    """The P1 tickets opened in the period, in that order."""
    scope = profile.own | {"priority": URGENT}
    ids = groups.members(extract, "tickets_opened", scope, on.names).tickets
    places = extract.records["id"].searchsorted(ids)
    records = {int(number): extract.records[place] for number, place in zip(ids, places, strict=True)}
    rows = Reckoning.objects.filter(pk__in=list(records)).select_related(*RELATED).defer("timeline")
    return [_urgent(row, records[row.pk], extract) for row in rows.order_by("opened_at", "pk")]


def _urgent(row: Reckoning, record: Any, extract: Extract) -> Urgent:
    bits, used = int(record["bits"]), int(record["used"])
    about = row.service or row.category
    return Urgent(
        reference=row.ticket.reference,
        partner=row.partner.name if row.partner else None,
        about=about.name if about else None,
        opened=row.opened_at,
        resolved=row.resolved_at if row.resolved_at and row.resolved_at <= extract.period.read_at else None,
        used=used // 60 if used >= 0 else None,
        breached=bool(bits & Bit.BREACHED) if bits & Bit.TARGETED else None,
        # Of a board's readers not all may see the ticket: the list shows it to those who may, and tells others so. Its
        # address is written out, as in all of a pack: to look it up would load every view of the site.
        address=f"/tickets/?{urlencode({'reference': row.ticket.reference})}",
    )


def sources(on: Basis) -> list[Source]:
    """The files that figures of this basis rest on."""
    rows = Batch.objects.telling(on.known.batch).exclude(sha256="").select_related("desk").order_by("number")
    return [
        Source(
            number=row.number,
            sha256=row.sha256,
            mapping=row.mapping,
            desk=row.desk.name if row.desk else "",
            came=row.taken_at,
            told_to=row.observed_at,
        )
        for row in rows.defer("report", "left_out")
    ]


def made_from(on: Basis) -> dict[str, Any]:
    """Everything that figures of this basis are made from, by digest (F1)."""
    batches = Batch.objects.telling(on.known.batch).order_by("number")
    return {
        "program": __version__,
        "known_at": on.entry,
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


def about(edition: Edition, on: Basis) -> dict[str, str | int | float | None]:
    """What the workbook of a pack's tables says first of all: definitions, period, scope, as of, known at."""
    span = edition.span
    used = {figure.measure for figure in edition.figures()}
    defined = {name: one for name, one in MEASURES.items() if name in used}
    return {
        "Pack": f"{edition.partnership}: performance pack of {period(span)}",
        "Marking": edition.marking,
        "From": span.first.isoformat(),
        "To, included": span.last.isoformat(),
        "Who may see it": edition.profile.audience,
        "Scope": edition.profile.partner or "the whole service",
        "As of": edition.as_of.isoformat(),
        "Known at entry": on.entry,
        "Rules": edition.rules,
        "Program": f"Commonhold {edition.program}",
        "Record": edition.origin,
        "Values": "exact, unrounded; a share is from 0 to 1, with its counts in the two columns after it; what each "
        "figure rests on stands in figures.json by its reference",
        **{f"Definition: {one.title}": f"{one}: {one.formula}" for one in defined.values()},
        **{
            f"Definition: {one.title}": f"{one}: {one.formula}"
            for name, one in edition.brought.measures.items()
            if name in used
        },
    }


def put_right(on: Basis) -> Iterator[str]:
    """What of the source data was put right, as it was known then (F6)."""
    stood = putting_right.stood(on.known.batch)
    corrected = Correction.objects.filter(stood).count()
    excluded = Exclusion.objects.filter(stood).count()
    if corrected or excluded:
        facts = f"{number(corrected)} {'fact of a ticket is' if corrected == 1 else 'facts of tickets are'} corrected"
        left = f"{plural(excluded, 'ticket')} {'is' if excluded == 1 else 'are'} left out of figures"
        yield (
            f"Source data were put right: {facts} and {left}, each with its reason, listed to all partners under "
            "Tickets."
        )


def completeness(span: Span, on: Basis) -> Iterator[str]:
    """Whether the desks' tickets are all there, in one line; days beyond the last quarter of the period left out."""
    first = max(span.first, span.last - timedelta(days=MOST_DAYS - 1))
    found = complete(first, span.last, known=on.known.batch)
    told = [desk.sentence for desk in found if desk.tickets or desk.working]
    since = "" if first == span.first else f" (since {day(first)})"
    if told:
        yield f"Completeness{since}: {'. '.join(told)}."
    entered = Entry.objects.filter(number=on.entry).values_list("at", flat=True).first()
    if entered is not None:
        files = [one.sentence for one in of_days(first, span.last, at=entered, known=on.known.batch)]
        if any(files):
            yield f"Files expected{since}: {'. '.join(filter(None, files))}."
