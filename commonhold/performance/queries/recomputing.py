"""Published figures computed again from the kept files and the agreement's rules alone, and compared (F1, F6).

What was known at a figure's entry is built anew, tickets and rules alike; no stored result is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from commonhold import __version__
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import Tickets
from commonhold.demand.models import Batch, Correction, Exclusion
from commonhold.demand.queries.files import File, intake_of
from commonhold.demand.queries.knowledge import Knowledge, knowledge
from commonhold.demand.queries.putting_right import stood, value_in_words
from commonhold.demand.queries.rules import ClockRules, clock_rules
from commonhold.figures import Figure
from commonhold.ledger import evidence
from commonhold.ledger.models import Head
from commonhold.performance.engine import periods, reading, references
from commonhold.performance.engine.counting import CORRECTED
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import COMPARED, NAMED, Stamp, check, one_figure
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.public import without_counts
from commonhold.performance.engine.rebuilding import Put, Rebuilt, Source
from commonhold.performance.engine.smallnumbers import says_kept_back
from commonhold.performance.queries.fed import is_of_tickets
from commonhold.performance.queries.recomputing_readings import RebuiltReadings, differing, figure_again, rebuilt
from commonhold.refusals import Refused

Word = Literal["same", "different", "not possible"]
MadeFrom = Mapping[str, Any]


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
    """What was known at one entry, built again from the kept files, and the extracts read from it so far.

    `other_input` names the rules or the file that the figures say they were made from and that are others now.
    """

    through: int
    rules: ClockRules
    rebuilt: Rebuilt
    tickets: Tickets
    histories: Histories
    other_input: str
    extracts: dict[periods.Period, Extract]


class _Altered(Exception):
    """An input is there and is not what it was."""


def recomputed(figures: Iterable[Mapping[str, Any]], made_from: MadeFrom | None = None) -> Iterator[Answer]:
    """An answer for each figure, in the form in which figures are printed and published.

    `made_from` is what a pack says that its figures were made from; it tells which input is another one now.
    """
    built: dict[int, _Knowledge | Answer] = {}
    readings: dict[int, RebuiltReadings] = {}
    for figure in figures:
        name = str(figure.get("evidence"))
        try:
            reference = references.parse(name)
            if not is_of_tickets(reference.definition):
                yield _of_readings(name, figure, reference, readings, made_from)
                continue
            check(tuple(reference.scope))
            definition(reference.definition)
        except Refused as refusal:
            yield Answer(name, "not possible", str(refusal))
            continue
        known = built.get(reference.known_at)
        if known is None:
            known = built[reference.known_at] = _built(reference.known_at, made_from)
        if isinstance(known, Answer):
            yield Answer(name, known.answer, known.why)
        else:
            yield _compared(name, figure, reference, known)


def _of_readings(
    name: str,
    figure: Mapping[str, Any],
    reference: references.Reference,
    built: dict[int, RebuiltReadings],
    made_from: MadeFrom | None,
) -> Answer:
    """The same of a figure that readings feed, from the kept files of readings."""
    known = built.get(reference.known_at)
    if known is None:
        known = built[reference.known_at] = rebuilt(reference.known_at, made_from)
    if known.problem:
        return Answer(name, "different" if known.altered else "not possible", known.problem)
    measure = known.fed.numbered(reference.definition)
    if measure is None:
        return Answer(name, "not possible", f"There is no measure called '{reference.definition}'.")
    found = figure_again(known, reference, measure)
    if found is None:
        return Answer(name, "different", "no reading is in its scope now")
    if said := differing(figure, found):
        why = known.other_input or "every input is what it was, so the figure itself was altered"
        return Answer(name, "different", f"{', '.join(said)}; {why}")
    if known.other_input:
        return Answer(name, "different", f"it comes out the same, but {known.other_input}")
    return Answer(name, "same")


def _compared(name: str, figure: Mapping[str, Any], reference: references.Reference, known: _Knowledge) -> Answer:
    period = periods.period(reference.span, as_of=int(reference.as_of.timestamp()))
    extract = known.extracts.get(period)
    if extract is None:
        extract = known.extracts[period] = reading.read(
            period, known.tickets, known.histories, known.rules.compiled, known.rebuilt.party_of
        )
    in_force = known.rules.in_force(period.start, period.as_of)
    stamp = Stamp(reference.known_at, __version__, in_force, period.as_of > known.through)
    found = one_figure(extract, reference, known.rebuilt.names, stamp)
    if found is None:
        return Answer(name, "different", f"no ticket is in its scope now; {_input(figure, None, known)}")
    kept_back = figure.get("value") is None and says_kept_back(figure.get("reason"))
    if differing := _differing(figure, found, NAMED if kept_back else (*NAMED, *COMPARED)):
        return Answer(name, "different", f"{', '.join(differing)}; {_input(figure, found, known)}")
    if known.other_input:
        return Answer(name, "different", f"it comes out the same, but {known.other_input}")
    return Answer(name, "same", "kept back from this publication, so there is no value to compare" if kept_back else "")


def _differing(figure: Mapping[str, Any], found: Figure, parts: Sequence[str]) -> list[str]:
    """What the figure says otherwise than it is; beside a public figure counts are left out of what is said."""
    now = found.as_json()
    said = [f"{part} was {figure.get(part)} and is {now[part]}" for part in parts if figure.get(part) != now[part]]
    if COMPARED[0] in parts:
        # What was published before figures said how many of their tickets are corrected says nothing of it.
        silent = replace(found, notes=tuple(note for note in found.notes if not note.endswith(CORRECTED)))
        beside = [one.as_json() for each in (found, silent) for one in (each, without_counts(each))]
        for part in ("grade_mix", "notes"):
            if all(figure.get(part) != one[part] for one in beside):
                said.append(f"{part} was {figure.get(part)} and is {now[part]}")
    return said


def _input(figure: Mapping[str, Any], found: Figure | None, known: _Knowledge) -> str:
    """Which input is another one than the figure was made from."""
    if known.other_input:
        return known.other_input
    if found is not None and figure.get("rule_version") != found.rule_version:
        return f"the rules differ: {figure.get('rule_version')} then, {found.rule_version} now"
    if figure.get("program") != __version__:
        return f"the program differs: {figure.get('program')} then, {__version__} now"
    return "every input is what it was, so the figure itself was altered"


def _other_input(made_from: MadeFrom | None, rules: ClockRules) -> str:
    """Which rules or file a pack says that it was made from, where they are others now; else nothing."""
    if made_from is None:
        return ""
    if made_from.get("rules") != rules.digest:
        return f"the rules differ: SHA-256 {made_from.get('rules')} then, {rules.digest} now"
    then = {one["batch"]: one["sha256"] for one in made_from["batches"]}
    now = dict(Batch.objects.filter(number__in=then).values_list("number", "sha256"))
    changed = sorted(number for number in then if then[number] != now.get(number))
    return f"the file of batch {changed[0]} is another one" if changed else ""


def _built(known_at: int, made_from: MadeFrom | None) -> _Knowledge | Answer:
    """What was known at an entry, or why it cannot be built again."""
    if known_at > Head.objects.get().size:
        return Answer("", "not possible", f"the record has no entry {known_at} yet")
    try:
        known = knowledge(known_at)
        rebuilt = _files_again(known)
        rules = clock_rules(known.through, known_at)
        tickets, histories = rebuilt.built(_put_right(known.batch), rules.compiled, known.through)
    except _Altered as altered:
        return Answer("", "different", str(altered))
    except Refused as refusal:
        return Answer("", "not possible", str(refusal))
    return _Knowledge(known.through, rules, rebuilt, tickets, histories, _other_input(made_from, rules), {})


def _files_again(known: Knowledge) -> Rebuilt:
    """Every file that was known, taken in anew in its order."""
    rebuilt = Rebuilt()
    batches = list(Batch.objects.taken().files().filter(number__lte=known.batch).order_by("number"))
    for batch in batches:
        _take(rebuilt, batch, frozenset(other.number for other in batches if other.known_until == batch.number))
    return rebuilt


def _take(rebuilt: Rebuilt, batch: Batch, replaces: frozenset[int]) -> None:
    mapping = mappings.from_canonical(_text(batch, batch.mapping_digest, "mapping"), batch.mapping)
    source = Source(
        batch=batch.number,
        desk=mapping.desk,
        has_history=batch.has_history,
        own_resolved=batch.own_resolved,
        own_closed=batch.own_closed,
        brought=int(batch.began_at.timestamp()),
        exported=int(batch.exported_at.timestamp()) if batch.exported_at else None,
        is_holds=mapping.kind == mappings.HOLDS,
        complete=mapping.complete,
        zone=batch.time_zone or "UTC",
        teams=frozenset(mapping.teams),
        replaces=replaces,
    )
    _check(batch, batch.sha256, "file")
    with evidence.opened(batch.sha256) as stream:
        file = File(
            stream=stream,
            mapping=mapping,
            partners=_partners(batch),
            time_zone=batch.time_zone or None,
            tolerate=1,
            reduced_from=batch.original_sha256,
            parties=batch.parties,
        )
        rebuilt.take(source, intake_of(file).chunks())


def _partners(batch: Batch) -> partners.PartnerMap | None:
    if not batch.partners_digest:
        return None
    return partners.from_canonical(_text(batch, batch.partners_digest, "map of partners"))


def _text(batch: Batch, digest: str, what: str) -> str:
    _check(batch, digest, what)
    with evidence.opened(digest) as file:
        return file.read().decode()


def _check(batch: Batch, digest: str, what: str) -> None:
    if not evidence.is_kept(digest):
        raise Refused(f"the {what} of {batch}, SHA-256 {digest}, is missing from the evidence kept here")
    with evidence.opened(digest) as file:
        now = evidence.digest_of(file)
    if now != digest:
        raise _Altered(f"the kept {what} of {batch} was altered: its bytes had SHA-256 {digest} and have {now}")


def _put_right(batch: int) -> Sequence[Put]:
    """What stood put right when a batch was the last one known."""
    corrections = Correction.objects.filter(stood(batch)).select_related("ticket__desk")
    exclusions = Exclusion.objects.filter(stood(batch)).select_related("ticket__desk")
    return [
        *(Put(row.ticket.desk.name, row.ticket.reference, row.fact, value_in_words(row)) for row in corrections),
        *(Put(row.ticket.desk.name, row.ticket.reference, "excluded", None) for row in exclusions),
    ]
