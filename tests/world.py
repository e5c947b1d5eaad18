"""The universe, and beside it one of everything else that has an address, made by calling acts."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any, Final

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.demand.acts import disputing, feeding, feeds, imports, putting_right, saved_mappings, sketching, uploads
from commonhold.demand.engine import mapping
from commonhold.demand.engine.feeds import Rhythm, Setting
from commonhold.demand.models import ResidentService, Ticket
from commonhold.demand.queries.files import File
from commonhold.governance.acts import actions, minutes
from commonhold.governance.models import Paper, Resolution
from commonhold.jobs import acts as jobs
from commonhold.ledger.engine.by import By
from commonhold.partnership.acts import agreement, people, tokens
from commonhold.partnership.models import Partner, Person, Post, Proposal
from commonhold.partnership.signin import path_of
from commonhold.performance.acts import publishing, reconciling, reporting, sampling
from commonhold.performance.models import FigureRemark, Pack, Reconciliation
from commonhold.web.demo import founding
from tests import incidents, passkeys, readings, universe
from tests.universe import JUNE, NOON, browser_of, somebody

CAST: Final = {
    "public": "",
    "member": "committee-member-of-northgate",
    "clerk": "governance-officer-of-northgate",
    "director": "managing-director",
    "manager": "service-manager",
    "lead": "client-lead-of-eastwell-vale",
    "analyst": "service-analyst",
    "auditor": "auditor-of-eastwell-vale",
    "administrator": "administrator-of-southmere",
    "deputy": "deputy-client-lead-of-southmere",
}
"""Who walks through the pages, by the word under which a table names them, and the post that each holds."""

PASSWORD: Final = "correct horse battery staple"

BROUGHT: Final = (
    b"reference,event_at,state,priority,kind,team,partner,service,category,source_verdict\n"
    b"SD0010,2026-07-03T09:00:00Z,open,P3,incident,Service Desk,Northgate,Printing,Fault,\n"
    b"SD0011,yesterday,open,P3,incident,Service Desk,Northgate,Printing,Fault,\n"
)
"""A ticket file of July: one row that can be read, and one that cannot."""


@dataclass(frozen=True)
class World:
    """What has a number of its own in an address."""

    committee: universe.Committee
    action: int
    update: int
    entry: int
    ticket: tuple[int, str]
    ticket_number: int
    correction: int
    exclusion: int
    batch: int
    upload: int
    sketch: int
    job: int
    draft: int
    standing: int
    withdrawn: int
    figure: tuple[str, str]
    query: int
    said: int
    account: int
    appointment: int
    passkey: int
    proposal: int
    paper: int
    token: int
    feed_file: int
    incident: int
    telling: int
    remark: int
    residents: int
    sample: int
    reconciliation: tuple[int, str]
    reading: int
    delivery: int
    readings_file: int
    comparator: int
    dispute: int


def everything() -> World:
    """The universe with every kind of thing in it."""
    founding.found()
    _every_partner_is_to_consent()
    committee = universe.everything()
    analyst, director = somebody("service-analyst"), somebody("managing-director")
    report = imports.bring(by=analyst, file=_file(), clock=lambda: NOON, progress=lambda *_: None)
    tickets = {row.reference: row for row in Ticket.objects.all()}
    correction = putting_right.correct(
        by=analyst, ticket=tickets["SD0002"], fact="priority", value="P4", reason="Entered too high by the desk."
    )
    exclusion = putting_right.exclude(by=analyst, ticket=tickets["SD0005"], reason="A monitoring storm, not a call.")
    for desk in ("North desk", "Desk of the north"):
        read_by = replace(mapping.built_in("canonical"), desk=desk)
        saved_mappings.save_mapping(by=analyst, name="north-desk", mapping=read_by, why="The desk changed its name.")
    draft = publishing.ask_for_draft(by=director, first=JUNE.first, last=JUNE.last, profile="board")
    publishing.write_draft(draft=draft)
    draft.refresh_from_db()
    public, board = Pack.objects.order_by("pk")
    publishing.withdraw(by=director, pack=public, reason="The wrong quarter was on its cover.")
    _resolved_on_the_pack(committee)
    update = actions.update(by=director, action=committee.action, words="Two posts are filled.")
    query = _queried()
    account = _somebody_new()
    passkey = _has_a_password_and_second_factors(account)
    proposal = _a_proposal_that_one_consented_to()
    incident = incidents.written_up(tickets["SD0006"])
    reading = readings.enter()
    readings.declare()
    return World(
        committee=committee,
        action=committee.action.pk,
        update=update.pk,
        entry=committee.resolution.entry.number if committee.resolution.entry else 0,
        ticket=(tickets["SD0001"].desk_id, "SD0001"),
        ticket_number=tickets["SD0001"].pk,
        correction=correction.pk,
        exclusion=exclusion.pk,
        batch=report["batch"],
        upload=uploads.look_through(by=analyst, file=_file()).pk,
        sketch=_a_sketch(analyst),
        job=jobs.ask("performance.write_draft", by=analyst, title="Write a performance pack", draft=0).pk,
        draft=draft.pk,
        standing=board.pk,
        withdrawn=public.pk,
        figure=_figure(board),
        query=query,
        said=FigureRemark.objects.earliest("pk").pk,
        account=account.pk,
        appointment=account.appointments.get().pk,
        passkey=passkey,
        proposal=proposal.pk,
        paper=Paper.objects.earliest("pk").pk,
        token=_a_token(),
        feed_file=_a_file_of_a_feed(),
        incident=incident.pk,
        telling=incident.tellings.get().pk,
        remark=incident.remarks.earliest("pk").pk,
        residents=ResidentService.objects.get().pk,
        reconciliation=_a_reconciliation(board, analyst),
        sample=sampling.draw(by=analyst, figure="".join(_figure(board)), seed="2026-IT-04", size=3).pk,
        reading=reading.pk,
        delivery=reading.delivery_id,
        readings_file=readings.a_large_file(analyst).pk,
        comparator=readings.published_before().pk,
        dispute=disputing.raise_dispute(
            by=somebody("client-lead-of-eastwell-vale"),
            ticket=tickets["SD0002"],
            fact="priority",
            value="P2",
            reason="Two hundred people waited for it.",
        ).pk,
    )


def _resolved_on_the_pack(committee: universe.Committee) -> None:
    """Now that the pack is before it, the committee resolves on that too, and asks for more."""
    clerk = somebody("governance-officer-of-northgate")
    resolution = minutes.resolve(
        by=clerk,
        item=committee.item,
        text="That the pack be noted, and that the reasons be brought for what missed its target.",
        word=Resolution.Word.NOTED,
    )
    owner = Post.objects.get(slug="service-manager")
    actions.ask(by=clerk, resolution=resolution, text="Bring the reasons for every ticket that missed", owner=owner)


def _queried() -> int:
    """June's figures lie open, are explained, remarked on and queried; the query, which is not settled."""
    report = reporting.open_report(by=somebody("managing-director"), first=JUNE.first, last=JUNE.last)
    lead, about = somebody("client-lead-of-eastwell-vale"), "within_target"
    reporting.sign_off(by=somebody("service-manager"), report=report, about=about, why="Two posts were vacant.")
    reporting.draft_words(by=somebody("service-analyst"), report=report, about="part/volumes", why="More laptops.")
    reporting.remark(by=lead, report=report, about="part/targets", words="We saw it coming.")
    query = reporting.query(by=lead, report=report, about=about, words="Ours were on hold.")
    reporting.answer(by=somebody("service-analyst"), query=query, outcome="looking", words="We look.")
    return query.pk


def _every_partner_is_to_consent() -> None:
    """The founding agreement asks for one consent; from July on every partner's is needed, and a page is attached."""
    at = NOON - timedelta(days=20)
    lead = somebody("client-lead-of-southmere", at)
    proposal = agreement.propose(
        by=lead,
        rule="consent",
        value={"needed": "every partner"},
        reasons="What binds all is for all to agree.",
        effective_from=date(2026, 7, 2),
        base=1,
    )
    agreement.consent(by=lead, proposal=proposal, text=proposal.text)
    attached = agreement.Attached("page-4.pdf", SimpleUploadedFile("page-4.pdf", b"%PDF-1.7\n"))
    agreement.enter_as_found(
        by=lead,
        rule="figure_basis",
        value={"graded_none": "source"},
        effective_from=date(2023, 7, 1),
        document="Inter Authority Agreement of 1 July 2023",
        attached=attached,
    )


def _a_proposal_that_one_consented_to() -> Proposal:
    proposal = agreement.propose(
        by=somebody("managing-director"),
        rule="figure_basis",
        value={"graded_none": "ours"},
        reasons="Our own clock is known to every partner.",
        effective_from=date(2026, 9, 1),
        base=1,
    )
    agreement.consent(by=somebody("client-lead-of-eastwell-vale"), proposal=proposal, text=proposal.text)
    return proposal


def _somebody_new() -> Person:
    """A client body, and somebody with an account and a deputy's post at Southmere."""
    by = somebody("administrator-of-southmere")
    people.add_client_body(by=by, name="Harbour Trust", since=date(2024, 4, 1))
    southmere = Partner.objects.get(slug="southmere")
    post = people.make_post(by=by, title="Deputy client lead", role="client_lead", partner=southmere)
    person = people.add_person(by=by, name="Ines Duarte", email="ines.duarte@southmere.example", partner=southmere)
    people.appoint(by=by, post=post, person=person, starts=NOON.date())
    return person


def _a_token() -> int:
    """One of the deputy's, for a workbook."""
    by = somebody("deputy-client-lead-of-southmere")
    last_day = NOON.date() + timedelta(days=90)
    return tokens.make_token(by=by, purpose="read", name="Monthly workbook", last_day=last_day).token.pk


def _a_file_of_a_feed() -> int:
    """A file that waits to be imported."""
    by = somebody("service-analyst")
    setting = Setting(mapping=mapping.built_in("canonical"), posts=("service-analyst",), rhythm=Rhythm.DAILY)
    version = feeds.set_up_feed(by=by, name="service-desk", setting=setting)
    return feeding.receive(by=by, version=version, stream=BytesIO(BROUGHT), through="a token").file.pk


def _has_a_password_and_second_factors(account: Person) -> int:
    """The new one has chosen a password by the link, and has an app, recovery codes and a passkey; the passkey."""
    link, browser = (
        path_of(people.make_link(by=somebody("administrator-of-southmere"), person=account)),
        Client(SERVER_NAME="localhost"),
    )
    form = browser.get(link)["Location"]
    browser.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    TOTP.activate(account, generate_totp_secret())
    RecoveryCodes.activate(account)
    passkey: int = WebAuthn.add(account, "Laptop", passkeys.registered()).instance.pk
    return passkey


def _a_sketch(by: By) -> int:
    """A mapping that is being built, as far as its last step."""
    read_by = mapping.built_in("canonical")
    sketch = sketching.begin_sketch(by=by, headings=BROUGHT.decode().splitlines()[0].split(","), base=read_by)
    columns = {ours: theirs for ours, theirs in read_by.columns.items() if theirs in sketch.headings}
    sketching.keep_columns(
        by=by, sketch=sketch, file=BytesIO(BROUGHT), kind="events", desk="canonical", missing=[""], columns=columns
    )
    tables = {name: getattr(read_by, name) for name in ("states", "hold_reasons", "priorities", "kinds")}
    sketching.keep_words(by=by, sketch=sketch, tables=tables, teams={})
    return sketch.pk


def signed_in(role: str) -> Client:
    """A browser of one of the cast; whoever has a password has just entered it."""
    client = browser_of(CAST[role] or "", SERVER_NAME="localhost")
    if role == "deputy":
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def _file() -> File:
    return File(stream=BytesIO(BROUGHT), mapping=mapping.built_in("canonical"), tolerate=0.5)


def _a_reconciliation(pack: Pack, by: By) -> tuple[int, str]:
    """Why somebody has another share of targets kept than a pack: its number, and the first of its causes."""
    figure = next(row.reference for row in pack.readings.all() if "/within_target.v1?as_of" in row.reference)
    asked = reconciling.ask(by=by, figure=figure, kind=Reconciliation.Kind.NUMBER.value, written="66.7%")
    reconciling.work_out(reconciliation=asked.pk, at=NOON, progress=lambda _: None)
    asked.refresh_from_db()
    assert asked.result is not None, asked.problem
    return asked.pk, asked.result["lines"][0]["cause"]


def _figure(pack: Pack) -> tuple[str, str]:
    """The reference of the pack's first figure: its path and its query."""
    reading: Any = pack.readings.order_by("number").first()
    path, _, query = str(reading.reference).partition("?")
    return path, f"?{query}"
