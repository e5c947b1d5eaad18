"""Published figures computed again from the kept files and the agreement's rules alone, and compared (F1, F6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Q

from commonhold import __version__
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import Tickets
from commonhold.demand.models import Batch, Correction, Exclusion
from commonhold.demand.queries.files import File, intake_of
from commonhold.demand.queries.knowledge import Knowledge, knowledge
from commonhold.demand.queries.putting_right import value_in_words
from commonhold.demand.queries.rules import ClockRules, clock_rules
from commonhold.figures import Figure
from commonhold.ledger import evidence
from commonhold.performance.engine import periods, reading, references
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import Stamp, one_figure
from commonhold.performance.engine.rebuilding import Put, Rebuilt, Source
from commonhold.performance.engine.smallnumbers import HIDDEN, KEPT_BACK
from commonhold.refusals import Refused

Word = Literal["same", "different", "not possible"]
COMPARED: Final = ("value", "numerator", "denominator", "low", "high")
WITHHELD: Final = (KEPT_BACK, HIDDEN)
"""Why a publication shows no value where there is one (F8): then there is nothing in it that could differ."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a figure comes out the same, and if not, why."""

    figure: str
    answer: Word
    why: str = ""

    def as_json(self) -> dict[str, str]:
        return {"figure": self.figure, "answer": self.answer, "why": self.why}


@dataclass(slots=True)
class _Knowledge:
    """What was known at one entry, built again from the kept files, and the extracts read from it so far."""

    known: Knowledge
    rules: ClockRules
    rebuilt: Rebuilt
    tickets: Tickets
    histories: Histories
    parties: Mapping[int, int]
    extracts: dict[periods.Period, Extract]


def recomputed(figures: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
    """An answer for each figure, in the form in which figures are printed and published."""
    built: dict[int, _Knowledge | str] = {}
    for figure in figures:
        name = str(figure["evidence"])
        try:
            reference = references.parse(name)
            known = built.get(reference.known_at)
            if known is None:
                known = built[reference.known_at] = _built(reference.known_at)
        except Refused as refusal:
            yield Answer(name, "not possible", str(refusal))
            continue
        if isinstance(known, str):
            yield Answer(name, "not possible", known)
            continue
        yield _compared(name, figure, reference, known)


def _compared(name: str, figure: Mapping[str, Any], reference: references.Reference, known: _Knowledge) -> Answer:
    period = periods.period(reference.span, as_of=int(reference.as_of.timestamp()))
    extract = known.extracts.get(period)
    if extract is None:
        extract = known.extracts[period] = reading.read(
            period, known.tickets, known.histories, known.rules.compiled, known.parties
        )
    stamp = Stamp(known.known.entry, __version__, known.rules.label)
    found = one_figure(extract, reference, known.rebuilt.names, stamp)
    if found is None:
        return Answer(name, "different", "no ticket is in its scope now")
    if figure.get("reason") in WITHHELD:
        return Answer(name, "same", str(figure["reason"]))
    differing = _differing(figure, found)
    if not differing:
        return Answer(name, "same")
    return Answer(name, "different", f"{differing}; {_which_input(figure, found)}")


def _differing(figure: Mapping[str, Any], found: Figure) -> str:
    now = found.as_json()
    return ", ".join(
        f"{part} was {figure.get(part)} and is {now[part]}" for part in COMPARED if figure.get(part) != now[part]
    )


def _which_input(figure: Mapping[str, Any], found: Figure) -> str:
    if figure.get("rule_version") != found.rule_version:
        return f"rules: {figure.get('rule_version')} then, {found.rule_version} now"
    if figure.get("program") != found.program:
        return f"program: {figure.get('program')} then, {found.program} now"
    return "the inputs are the same, so the figure itself was altered"


def _built(known_at: int) -> _Knowledge | str:
    """What was known at an entry, or why it cannot be built again."""
    known = knowledge(known_at)
    if known.entry != known_at:
        return f"entry {known_at} is not one by which tickets became known; the nearest before it is {known.entry}"
    rebuilt, observed = Rebuilt(), {}
    for batch in Batch.objects.taken().filter(number__lte=known.batch).exclude(sha256="").order_by("number"):
        missing = [digest for digest in (batch.sha256, batch.mapping_digest, batch.partners_digest) if _is_lost(digest)]
        if missing:
            return f"the file with SHA-256 {missing[0]}, of {batch}, is missing from the evidence kept here"
        observed[batch.number] = _take(rebuilt, batch)
    rules = clock_rules(known.through)
    tickets, histories = rebuilt.built(observed, _put_right(known.batch), rules.compiled, known.through)
    return _Knowledge(known, rules, rebuilt, tickets, histories, rebuilt.party_of, {})


def _is_lost(digest: str) -> bool:
    return bool(digest) and not evidence.is_kept(digest)


def _take(rebuilt: Rebuilt, batch: Batch) -> int:
    mapping = mappings.from_canonical(_text(batch.mapping_digest), batch.mapping)
    source = Source(batch.number, mapping.desk, batch.has_history, batch.own_resolved, batch.own_closed)
    with evidence.opened(batch.sha256) as stream:
        if evidence.digest_of(stream) != batch.sha256:
            raise Refused(f"The kept file of {batch} was altered: its bytes no longer have the SHA-256 {batch.sha256}.")
        stream.seek(0)
        file = File(
            stream=stream,
            mapping=mapping,
            partners=_partners(batch),
            time_zone=batch.time_zone or None,
            tolerate=1,
            reduced_from=batch.original_sha256,
        )
        return rebuilt.take(source, intake_of(file).chunks())


def _partners(batch: Batch) -> partners.PartnerMap | None:
    return partners.from_canonical(_text(batch.partners_digest)) if batch.partners_digest else None


def _text(digest: str) -> str:
    with evidence.opened(digest) as file:
        return file.read().decode()


def _put_right(batch: int) -> Sequence[Put]:
    """What stood put right when a batch was the last one known."""
    standing = Q(made_in__lte=batch) & (Q(undone_in=None) | Q(undone_in__gt=batch))
    corrections = Correction.objects.filter(standing).select_related("ticket__desk")
    exclusions = Exclusion.objects.filter(standing).select_related("ticket__desk")
    return [
        *(Put(row.ticket.desk.name, row.ticket.reference, row.fact, value_in_words(row)) for row in corrections),
        *(Put(row.ticket.desk.name, row.ticket.reference, "excluded", None) for row in exclusions),
    ]
