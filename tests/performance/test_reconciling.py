"""Why two figures differ, on its pages: asked, worked out, opened ticket by ticket by those entitled, and removed."""

import csv
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from commonhold.demand.acts import importing, putting_right
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.models import Batch, Party, Reckoning, Responsibility, Team, Ticket
from commonhold.demand.queries.files import File
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.resting import is_named
from commonhold.partnership.models import Partner
from commonhold.performance.acts import computing
from commonhold.performance.acts import reconciling as acts
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.reconciling import working, worlds
from commonhold.performance.engine.references import Reference, parse
from commonhold.performance.models import DifferingTicket, Reconciliation, TheirList
from commonhold.performance.queries import reconciliations as queries
from commonhold.performance.queries import sides
from commonhold.performance.queries.periods import basis, the_period
from commonhold.performance.queries.readings import figures, ready
from commonhold.performance.queries.reconciling import Earlier, FromFile, explained
from commonhold.refusals import NotAllowed, Refused
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.performance.test_command_reconcile import june
from tests.reading import body_of, words
from tests.universe import HEADINGS, JUNE, NOON, somebody

pytestmark = pytest.mark.django_db
ANALYST, LEAD, OTHER = "service-analyst", "client-lead-of-northgate", "client-lead-of-eastwell-vale"


def figure(partner: str | None = None, measure: str = "within_target") -> str:
    """The reference of a figure of June, of all or of one partner."""
    (found,) = figures(
        [ready().periods[JUNE]], [("partner",) if partner else ()], seen_by=somebody(ANALYST), measure=measure
    )
    return next(one.evidence for one in found if one.scope.get("partner") == partner)


def their_list(lines: list[str], by: str = ANALYST) -> TheirList:
    text = "\n".join([HEADINGS, *lines]) + "\n"
    file = File(stream=BytesIO(text.encode()), mapping=mappings.built_in("canonical"))
    return acts.bring_list(by=somebody(by), reduced=acts.reduce(by=somebody(by), file=file))


def worked(by: str = ANALYST, of: str | None = None, **asked: Any) -> Reconciliation:
    """A reconciliation asked for and worked out."""
    made = acts.ask(by=somebody(by), figure=of or figure(), **{"kind": "number", **asked})
    acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None)
    made.refresh_from_db()
    return made


def changed() -> list[str]:
    """The desk's tickets with SD0006, of Northgate, as P4, SD0002, of Eastwell Vale, left out, and one nobody knows."""
    told = "2026-06-20T08:00:00Z,open,P3,incident,Service Desk,,Email and calendar,Fault,"
    ended = told.replace("08:00:00Z,open", "09:00:00Z,resolved")
    kept = [line for line in june(SD0006="P4") if not line.startswith("SD0002")]
    return [*kept, f"SD9999,{told}", f"SD9999,{ended}"]


def test_bringing_a_list_is_on_the_record_without_its_tickets(universe: cast.Committee) -> None:
    made = their_list(changed())

    entry = Entry.objects.get(subject=made.ref)
    assert (entry.kind, entry.facts["rows"]) == ("list.brought", 14)
    assert "SD00" not in str(entry.plain)
    assert evidence.is_kept(made.sha256) and is_named(made.sha256), "an upload of the same that is forgotten leaves it"
    assert made.face(public(NOON)).closed and made.face(somebody(OTHER)).closed
    assert "read as canonical" in made.face(somebody(ANALYST)).title
    with pytest.raises(DatabaseError), transaction.atomic():
        TheirList.objects.filter(pk=made.pk).update(rows=1)
    assert their_list(changed()) == made and Entry.objects.filter(kind="list.brought").count() == 1


def test_who_may_bring_a_list_and_who_may_ask(universe: cast.Committee) -> None:
    with pytest.raises(NotAllowed):
        their_list(changed(), by="auditor-of-eastwell-vale")
    with pytest.raises(NotAllowed):
        acts.ask(by=public(NOON), figure=figure(), kind="number", written="5%")
    assert their_list(changed(), by=LEAD).partner == "northgate"


def test_what_is_asked_leaves_no_entry_and_what_is_worked_out_opens_onto_its_tickets(universe: cast.Committee) -> None:
    before = Entry.objects.count()
    made = worked(written="66.7%")

    assert Entry.objects.count() == before
    assert made.result is not None and made.result["left_over"]["value"] == 0
    causes = {line["cause"]: line["tickets"] for line in made.result["lines"]}
    kept = {cause: DifferingTicket.objects.filter(reconciliation=made, cause=cause).count() for cause in causes}
    assert kept == causes
    acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None)
    assert DifferingTicket.objects.filter(reconciliation=made).count() == sum(causes.values()), "repeated without harm"


def test_tickets_of_another_partner_are_counted_and_never_listed(universe: cast.Committee) -> None:
    everything = figure(measure="tickets_resolved")
    mine = [line for line in changed() if not line.startswith("SD0001")]
    made = worked(LEAD, everything, kind="export", brought=their_list(mine, by=LEAD))

    found = queries.under(made.pk, "only", seen_by=somebody(LEAD))
    every = queries.under(made.pk, "only", seen_by=somebody(ANALYST))
    seen = [row for row in every.rows if row.partner in ("northgate", "")]
    assert (found.seen, found.seen + found.shut) == (len(seen), every.seen) and found.shut > 0
    assert {row.partner for row in found.rows} <= {"northgate", ""}


def partner_of(ticket: int) -> str:
    partner = Reckoning.objects.get(ticket=ticket, known_until=None).partner
    return partner.name if partner else ""


def test_a_ticket_that_went_to_another_partner_is_no_longer_listed(universe: cast.Committee) -> None:
    made = worked(LEAD, figure("Northgate"), kind="export", brought=their_list(june(SD0006="P4"), by=LEAD))
    (before,) = queries.under(made.pk, "priority", seen_by=somebody(LEAD)).rows
    assert before.reference == "SD0006"
    moved = {"fact": "partner", "value": "Eastwell Vale", "reason": "It is theirs."}
    putting_right.correct(by=somebody(ANALYST), ticket=Ticket.objects.get(reference="SD0006"), **moved)
    assert queries.under(made.pk, "priority", seen_by=somebody(LEAD)).rows == []


def being_moved(ticket: Ticket, partner: str) -> None:
    """The rows of a ticket that goes to a partner by a batch that is gathered and not taken over."""
    batch = importing.begin(kind=Batch.Kind.CORRECTION, at=NOON)
    row = Reckoning.objects.get(ticket=ticket, known_until=None)
    Reckoning.objects.filter(pk=row.pk).update(known_until=batch.number)
    row.pk, row.known_from, row.partner = None, batch.number, Partner.objects.get(name=partner)
    row.save(force_insert=True)


def test_whose_a_ticket_is_changes_only_when_that_is_known(universe: cast.Committee) -> None:
    made = worked(LEAD, figure("Northgate"), kind="export", brought=their_list(june(SD0006="P4"), by=LEAD))
    ticket = Ticket.objects.get(reference="SD0006")
    being_moved(ticket, "Eastwell Vale")

    (still,) = queries.under(made.pk, "priority", seen_by=somebody(LEAD)).rows
    assert still.reference == "SD0006"
    everybody = DifferingTicket.objects.filter(reconciliation=made, ticket=ticket.pk)
    assert not queries._open_to(made, somebody(OTHER)).filter(pk__in=everybody).exists()


def test_an_example_of_a_reference_is_of_a_ticket_that_is_known_to_be_the_bringer_s(universe: cast.Committee) -> None:
    newest = Ticket.objects.filter(reckonings__known_until=None, reckonings__partner__name="Eastwell Vale")
    ticket = newest.order_by("-pk")[0]
    before = sides._example("northgate")
    Reckoning.objects.filter(ticket__gt=ticket.pk, partner__name="Northgate").update(partner=None)
    own = sides._example("northgate")
    being_moved(ticket, "Northgate")

    assert before and sides._example("northgate") == own != ticket.reference


@pytest.mark.parametrize("kind", ["list", "export"])
@pytest.mark.parametrize("scope", [None, "P3"])
def test_no_file_finds_out_whether_another_partner_has_a_ticket(
    universe: cast.Committee, kind: str, scope: str | None
) -> None:
    """SD0002 is Eastwell Vale's, and nobody has SD9998: what Northgate is told of both is the same."""
    of = figure() if scope is None else at_priority(scope)
    own = [line for line in june() if line.startswith("SD0006")]
    told = []
    for reference in ("SD0002", "SD9998"):
        lines = [line.replace("SD0002", reference) for line in june() if line.startswith("SD0002")]
        made = worked(LEAD, of, kind=kind, brought=their_list([*own, *lines], by=LEAD))
        listed = [
            (row.cause, row.ticket, row.before, row.after, row.ours, row.theirs, row.reference.replace(reference, "X"))
            for row in queries._open_to(made, somebody(LEAD))
        ]
        assert made.result is not None
        told.append((made.result, sorted(listed, key=str)))
    assert told[0] == told[1]


def at_priority(priority: str) -> str:
    (found,) = figures([ready().periods[JUNE]], [("priority",)], seen_by=somebody(ANALYST), measure="within_target")
    return next(one.evidence for one in found if one.scope["priority"] == priority)


def test_a_refused_file_is_told_of_the_bringer_s_own_tickets(universe: cast.Committee) -> None:
    nothing = [line.replace("SD0006", "XX1") for line in june() if line.startswith("SD0006")]
    made = worked(LEAD, kind="list", brought=their_list(nothing, by=LEAD))
    example = made.problem.partition("Ours look like ")[2].partition(".")[0]
    assert partner_of(Ticket.objects.get(reference=example).pk) == "Northgate"


def test_a_figure_of_another_partner_s_tickets_alone_is_refused(universe: cast.Committee) -> None:
    with pytest.raises(Refused, match="shut to you"):
        acts.ask(by=somebody(LEAD), figure=figure("Eastwell Vale"), kind="number", written="5%")
    assert worked(LEAD, figure("Northgate"), written="50%").result


def test_a_list_without_verdicts_says_only_what_was_counted(universe: cast.Committee) -> None:
    headings = HEADINGS.removesuffix(",source_verdict")
    lines = [line.rpartition(",")[0] for line in june() if not line.startswith("SD0001")]
    file = File(stream=BytesIO("\n".join([headings, *lines, ""]).encode()), mapping=mappings.built_in("canonical"))
    brought = acts.bring_list(by=somebody(ANALYST), reduced=acts.reduce(by=somebody(ANALYST), file=file))
    made = worked(kind="list", brought=brought)

    assert made.result is not None, made.problem
    # The two that are open still are in the list as well, and kept so far by the clock.
    assert {line["cause"]: line["tickets"] for line in made.result["lines"]} == {"only": 1, "basis": 2}


def test_the_very_tickets_that_we_count_are_our_figure_where_a_list_gives_no_verdict(
    universe: cast.Committee,
) -> None:
    headings = HEADINGS.removesuffix(",source_verdict")
    counted = {f"SD000{number}" for number in range(1, 7)}
    lines = [line.rpartition(",")[0] for line in june() if line.split(",")[0] in counted]
    file = File(stream=BytesIO("\n".join([headings, *lines, ""]).encode()), mapping=mappings.built_in("canonical"))
    outcome = explained(parse(figure()), FromFile(file, is_list=True), at=NOON)

    assert outcome.result["shown"] == {"ours": "83.3%", "theirs": "83.3%"}
    assert (outcome.result["lines"], outcome.result["alike"], outcome.rows) == ([], 6, [])


def test_a_list_says_of_how_many_it_does_not_tell_how_long_they_took(universe: cast.Committee) -> None:
    made = worked(of=figure(measure="resolution_hours_median"), kind="list", brought=their_list(june()))

    assert made.result is not None and made.result["counts"]["theirs"]["denominator"] == 6
    said = "2 of the 8 tickets in the list have no time to count and are left out of its figure"
    assert said in made.result["remarks"]


def test_of_a_corrected_ticket_another_date_is_another_date(universe: cast.Committee) -> None:
    fact = {"fact": "priority", "value": "P4", "reason": "It was small"}
    putting_right.correct(by=somebody(ANALYST), ticket=Ticket.objects.get(reference="SD0003"), **fact)
    later = [line.replace("2026-06-03T12:00:00Z,resolved", "2026-07-03T12:00:00Z,resolved") for line in june()]
    text = "\n".join([HEADINGS, *later, ""]).encode()
    for scope, causes in (({}, ["dates"]), ({"priority": "P2"}, ["put-right"])):
        one = replace(parse(figure(measure="tickets_resolved")), known_at=basis().entry, scope=scope)
        lines = text if not scope else "\n".join([HEADINGS, *june(), ""]).encode()
        file = File(stream=BytesIO(lines), mapping=mappings.built_in("canonical"))
        outcome = explained(one, FromFile(file, is_list=False), at=NOON)
        assert [line["cause"] for line in outcome.result["lines"]] == causes


def test_it_is_removed_by_who_asked_and_the_file_stays(universe: cast.Committee) -> None:
    made = worked(LEAD, kind="export", brought=their_list(changed(), by=LEAD))
    with pytest.raises(NotAllowed):
        acts.remove(by=somebody(ANALYST), reconciliation=made)
    acts.remove(by=somebody(LEAD), reconciliation=made)

    assert not Reconciliation.objects.exists() and not DifferingTicket.objects.exists()
    assert evidence.is_kept(TheirList.objects.get().sha256)
    assert acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None) == "It was removed meanwhile"


@pytest.mark.parametrize("state", ["asked", "running", "done"])
def test_removed_before_it_is_worked_out_its_job_is_cancelled(state: str, universe: cast.Committee) -> None:
    made = acts.ask(by=somebody(ANALYST), figure=figure(), kind="number", written="66.7%")
    held, ended = (NOON if state == "running" else None), (NOON if state == "done" else None)
    Job.objects.filter(pk=made.job).update(state=state, lease_until=held, ended_at=ended)
    acts.remove(by=somebody(ANALYST), reconciliation=made)
    job = Job.objects.get(pk=made.job)
    assert (job.state, job.to_be_cancelled) == {
        "asked": ("cancelled", False), "running": ("running", True), "done": ("done", False)
    }[state]  # fmt: skip
    assert not Reconciliation.objects.exists()


def test_the_tickets_of_a_cause_are_sorted_by_the_address(universe: cast.Committee, sign_in: SignIn) -> None:
    made = worked(kind="list", brought=their_list(changed()))
    cause = max(made.result["lines"], key=lambda line: line["tickets"])["cause"]  # type: ignore[index]
    client, address = sign_in(ANALYST), f"{made.get_absolute_url()}{cause}/"
    references = [row.reference for row in made.tickets.filter(cause=cause)]

    def listed(order: str) -> list[str]:
        taken = b"".join(client.get(f"{address}?order={order}&take=tickets.csv").streaming_content).decode()
        return [cells[0] for cells in csv.reader(taken.splitlines()) if cells and cells[0] in references]

    assert listed("reference") == sorted(references) and listed("-reference") == sorted(references, reverse=True)
    assert listed("") == references == listed("nonsense") == listed("-place")
    page = body_of(client.get(f"{address}?order=reference"))
    assert 'aria-sort="ascending"' in page and "?order=-reference" in page and "?order=before" in page
    assert "aria-sort" not in body_of(client.get(address))


def test_what_cannot_be_compared_says_why_on_its_page(universe: cast.Committee, sign_in: SignIn) -> None:
    nothing = [line.replace("SD", "XX") for line in june()]
    made = worked(kind="list", brought=their_list(nothing))

    assert made.result is None and "None of the 8 references" in made.problem
    page = sign_in(ANALYST).get(made.get_absolute_url())
    assert "Ours look like SD0009" in words(page)


def at(kind: str, reference: str) -> str:
    path, _, query = reference.partition("?")
    return f"/reconcile/{kind}/{path}?{query}"


def test_from_a_figure_s_evidence_to_the_tickets_of_a_cause(universe: cast.Committee, sign_in: SignIn) -> None:
    client, reference = sign_in(ANALYST), figure()
    page = client.get(f"/evidence/{reference}")
    assert "Does another figure differ?" in body_of(page)
    assert "A file of their tickets" in body_of(client.get(at("figure", reference)))

    answer = client.post(at("number", reference), {"written": "66.7%", "numerator": "", "denominator": ""})
    made = Reconciliation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert "How far it is" in body_of(client.get(made.get_absolute_url()))
    acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None)

    said = words(client.get(made.get_absolute_url()))
    assert "Ours is 83.3% (5 of 6)" in said and "Nothing is left over." in said
    assert "a possible explanation and no proof" in said
    cause = f"{made.get_absolute_url()}calendar/"
    assert "counts, target missed" in words(client.get(cause))
    taken = b"".join(client.get(f"{cause}?take=tickets.csv").streaming_content).decode()
    assert "SD00" in taken
    bridge = b"".join(client.get(f"{made.get_absolute_url()}?take=bridge.csv").streaming_content).decode()
    assert "The other figure" in bridge
    assert client.get(f"{made.get_absolute_url()}nonsense/").status_code == 404
    assert made.get_absolute_url() in body_of(client.get("/reconcile/"))


def test_a_file_is_brought_on_the_page(universe: cast.Committee, sign_in: SignIn) -> None:
    client, reference = sign_in(ANALYST), figure()
    text = "\n".join([HEADINGS, *changed()]) + "\n"
    given = {"file": SimpleUploadedFile("theirs.csv", text.encode()), "kind": "list", "mapping": "canonical",
             "written": "80%", "time_zone": ""}  # fmt: skip
    answer = client.post(at("file", reference), given)

    assert answer.status_code == 302, words(answer)
    made = Reconciliation.objects.get()
    assert (made.kind, made.written, made.brought_id) == ("list", "80%", TheirList.objects.get().pk)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "list", "mapping": "canonical"}, "Choose file of their tickets"),
        ({"mapping": "canonical", "file": b"x"}, "Answer the question"),
        ({"kind": "list", "mapping": "canonical", "file": b"\x00\x01"}, "There is a problem"),
        ({"kind": "list", "mapping": "canonical", "file": b"a,b\n1,2\n"}, "has no column"),
        ({"kind": "list", "mapping": "canonical", "file": HEADINGS.encode() + b"\n"}, "but no rows"),
        (
            {"kind": "list", "mapping": "canonical", "file": HEADINGS.encode() + b"\n", "written": "lots"},
            "is not a number",
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_on_the_form(
    universe: cast.Committee, sign_in: SignIn, given: dict[str, Any], said: str
) -> None:
    fields = {
        name: SimpleUploadedFile("f.csv", value) if isinstance(value, bytes) else value for name, value in given.items()
    }
    answer = sign_in(ANALYST).post(at("file", figure()), fields)

    assert answer.status_code == 200 and said in words(answer), words(answer)
    assert not Reconciliation.objects.exists() and not TheirList.objects.exists()


@pytest.mark.parametrize("written", ["", "abc", "5 %%", "-1", "1e9", "<b>", "x" * 100])
def test_a_number_that_is_none_is_refused_on_the_form(universe: cast.Committee, sign_in: SignIn, written: str) -> None:
    answer = sign_in(ANALYST).post(at("number", figure()), {"written": written})
    assert answer.status_code == 200 and "There is a problem" in body_of(answer)
    assert not Reconciliation.objects.exists()


def test_ours_as_it_was_published_and_as_it_was_known(universe: cast.Committee, sign_in: SignIn) -> None:
    old = basis().entry
    ticket = Ticket.objects.get(reference="SD0002")
    putting_right.exclude(by=somebody(ANALYST), ticket=ticket, reason="A duplicate")
    cast.compute()
    client, reference = sign_in(ANALYST), figure()

    assert "83.3%" in words(client.get(at("earlier", reference)))
    answer = client.post(at("earlier", reference), {"published": "", "known_at": str(old), "version": ""})
    assert answer.status_code == 302, words(answer)
    made = Reconciliation.objects.get()
    acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None)
    made.refresh_from_db()
    assert made.result is not None
    assert [line["cause"] for line in made.result["lines"]] == ["put-right"]
    assert parse(made.other).known_at == old
    offered = client.get(at("earlier", reference))
    assert "left out of figures" in words(offered)
    both = client.post(at("earlier", reference), {"known": str(old), "known_at": str(old)})
    assert "Choose one time only" in words(both)
    again = client.post(at("earlier", reference), {"published": "", "known_at": str(parse(reference).known_at)})
    assert "This is the very figure" in words(again)
    nothing = client.post(at("earlier", reference), {"published": "", "known_at": ""})
    assert "Say which" in words(nothing)


def test_our_end_of_the_bridge_is_the_figure_of_every_measure(universe: cast.Committee) -> None:
    on = basis()
    period = the_period(JUNE, on.known)
    for scope in ({}, {"partner": "Northgate"}):
        for found in computing.figures(period=period, on=on, measures=MEASURES, by=tuple(scope)):
            if dict(found.scope) != scope or found.value is None:
                continue
            side = sides.alone(parse(found.evidence))
            records = worlds.records(side.ours, side.about)
            value = working.weighing(side.ours).value(records)
            assert value is not None and float(value) == pytest.approx(found.value, abs=1e-12), found.measure


def directly(reference: str) -> float | None:
    """A figure as it is computed at its entry, without any other beside it."""
    about = parse(reference)
    on = basis(about.known_at)
    found = computing.figures(
        period=the_period(about.span, on.known), on=on, measures=[about.definition], by=tuple(about.scope)
    )
    return next((one.value for one in found if dict(one.scope) == dict(about.scope)), None)


def test_whoever_answered_for_a_team_then_stands_on_its_own_side(universe: cast.Committee) -> None:
    old = basis().entry
    putting_right.exclude(by=somebody(ANALYST), ticket=Ticket.objects.get(reference="SD0002"), reason="A duplicate")
    net = Party.objects.create(kind="supplier", name="Net")
    team = Team.objects.get(name="Service Desk")
    Responsibility.objects.create(team=team, party=net, known_from=Batch.objects.known())
    on = basis()
    found = computing.figures(
        period=the_period(JUNE, on.known), on=on, measures=["minutes_used", "tickets_resolved"], by=("responsible",)
    )
    assert {one.scope["responsible"] for one in found} == {"supplier: Net"}
    for one in found:
        for scope in (one.scope, {"responsible": "service"}):
            reference = replace(parse(one.evidence), scope=scope)
            then = replace(reference, known_at=old)
            if not directly(str(reference)) and not directly(str(then)):
                continue
            outcome = explained(reference, Earlier(then), at=NOON)
            told = {side: outcome.result[side]["value"] for side in ("ours", "theirs")}
            assert told == {"ours": directly(str(reference)) or 0, "theirs": directly(str(then)) or 0}, one.measure
            assert outcome.is_whole
            assert "responsible" in {line["cause"] for line in outcome.result["lines"]}
            row = next(row for row in outcome.rows if row.cause == "responsible")
            assert (row.ours, row.theirs) == ("supplier: Net for team Service Desk", "service for team Service Desk")


def test_what_the_figure_is_otherwise_is_left_over(universe: cast.Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    old = basis().entry
    putting_right.exclude(by=somebody(ANALYST), ticket=Ticket.objects.get(reference="SD0002"), reason="A duplicate")
    one = replace(parse(figure(measure="tickets_resolved")), known_at=basis().entry)
    whole = sides.earlier

    def lacking(*references: Reference) -> sides.Sides:
        found = whole(*references)
        there = found.theirs.there.copy()
        there[0] = False
        return replace(found, theirs=replace(found.theirs, there=there))

    monkeypatch.setattr(sides, "earlier", lacking)
    outcome = explained(one, Earlier(replace(one, known_at=old)), at=NOON)
    assert outcome.result["theirs"]["value"] == directly(str(replace(one, known_at=old))) == 6
    assert (outcome.is_whole, outcome.result["left_over"]["value"]) == (False, 1)


def test_numbers_beyond_all_tickets_are_refused_on_the_form(universe: cast.Committee, sign_in: SignIn) -> None:
    given = {"written": "50%", "numerator": "9" * 30, "denominator": ""}
    answer = sign_in(ANALYST).post(at("number", figure()), given)
    assert answer.status_code == 200 and "There is a problem" in body_of(answer)


def test_while_a_figure_is_being_explained_it_is_not_asked_about_again(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    client, reference = sign_in(ANALYST), figure()
    client.post(at("number", reference), {"written": "66.7%"})
    (made,) = Reconciliation.objects.all()
    again = client.post(at("number", reference), {"written": "50%"})
    assert again.status_code == 200 and "is being worked out for you already" in words(again)
    text = "\n".join([HEADINGS, *changed()]) + "\n"
    given = {"file": SimpleUploadedFile("theirs.csv", text.encode()), "kind": "list", "mapping": "canonical"}
    assert "is being worked out for you already" in words(client.post(at("file", reference), given))
    assert not TheirList.objects.exists(), "no file is kept for a question that is not asked"
    acts.ask(by=somebody("service-manager"), figure=reference, kind="number", written="50%")
    acts.ask(by=somebody(ANALYST), figure=figure("Northgate"), kind="number", written="50%")

    acts.work_out(reconciliation=made.pk, at=NOON, progress=lambda _: None)
    assert client.post(at("number", reference), {"written": "50%"}).status_code == 302
    jobs.cancel(by=somebody(ANALYST), job=Job.objects.get(pk=Reconciliation.objects.latest("pk").job))
    assert client.post(at("number", reference), {"written": "40%"}).status_code == 302


def test_a_reference_that_is_too_long_is_refused(universe: cast.Committee, sign_in: SignIn) -> None:
    reference = f"{figure()}&team={'x' * 3_000}"
    answer = sign_in(ANALYST).post(at("number", reference), {"written": "50%"})
    assert answer.status_code == 200 and "longer than 2,000 characters" in words(answer)


def test_an_entry_beyond_all_is_refused_on_the_form(universe: cast.Committee, sign_in: SignIn) -> None:
    answer = sign_in(ANALYST).post(at("earlier", figure()), {"known_at": "9" * 30})
    assert answer.status_code == 200 and "There is a problem" in body_of(answer)


def test_pages_ask_few_questions(universe: cast.Committee, sign_in: SignIn) -> None:
    made = worked(written="66.7%")
    client: Client = sign_in(ANALYST)
    one = queries_of(client, "/reconcile/")
    worked(written="50%")
    worked(written="40%")

    assert queries_of(client, "/reconcile/") == one <= 12
    assert queries_of(client, made.get_absolute_url()) <= 12
    assert queries_of(client, f"{made.get_absolute_url()}calendar/") <= 12
    assert queries_of(client, at("earlier", figure())) <= 12
