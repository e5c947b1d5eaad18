"""A service of the demonstration's authorities and people, whose rules are in force from 2016 on.

    python -m bench.made.service found              set up the database that the environment names, and found it there
    python -m bench.made.service bring ARGUMENTS    `commonhold import-tickets`, timed
    python -m bench.made.service weekly LOG FOLDER PARTNERS with|without    the public log as a desk's weekly exports
    python -m bench.made.service reconcile LOG PARTNERS    what is known against the public log: every month and measure
    python -m bench.made.service tell FROM TO       figures of every month and of those days, their packs, and a meeting
    python -m bench.made.service follow FROM TO     what workers keep of a batch, a report on those days, ten incidents
    python -m bench.made.service pack FROM TO PROFILE    one pack, and which part of it took how long
    python -m bench.made.service forget charts|periods    what was drawn or computed, so that it is made anew
    python -m bench.made.service sign-in POST       the session of whoever holds the post
    python -m bench.made.service dispute FROM TO    a partner disputes a class of tickets, it is accepted, and undone
    python -m bench.made.service act STOP           one small act ten times a second until there is a file STOP

Each prints one JSON document.
"""

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

SINCE = "2016-01-01"
BY_SCOPE = ("within_target", "on_hold_minutes")


def found() -> dict[str, Any]:
    from commonhold.governance.acts import meetings
    from commonhold.governance.models import Body
    from commonhold.partnership.acts import starting
    from commonhold.partnership.engine.starting import read_plan
    from commonhold.partnership.queries import acting
    from commonhold.web.demo import BEGINS, founding
    from commonhold.web.preparing import prepare

    prepare(demonstration=True)
    as_found = founding.text("start.toml").replace("from = 2023-07-01", f"from = {SINCE}")
    plan = read_plan(as_found, "start.toml", founding.text)
    starting.start(by=acting(None, BEGINS), plan=plan, personas=True)
    founding.appoint_everybody()
    meetings.form_body(
        by=founding.somebody(founding.CLERK, BEGINS), name="Joint Committee", kind=Body.Kind.JOINT_COMMITTEE
    )
    return {}


def tell(first: str, last: str) -> dict[str, Any]:
    """What is computed once tickets are in; how many seconds of processor time each part takes."""
    from django.utils import timezone

    from commonhold.figures import Span
    from commonhold.performance.acts import computing, publishing
    from commonhold.performance.acts.composing import compose, profile_of
    from commonhold.performance.engine import periods
    from commonhold.performance.queries.periods import basis, the_period, whole_history
    from tests import universe

    seconds: dict[str, float] = {}
    on = basis()
    period = the_period(Span(date.fromisoformat(first), date.fromisoformat(last)), on.known)
    months = periods.months(the_period(whole_history(on.known), on.known))
    with _noted("months", seconds):
        for month in reversed(months):
            computing.make_ready(period=month, on=on)
    with _noted("period", seconds):
        computing.make_ready(period=period, on=on)
    packs = []
    for profile in ("public", "board", "southmere"):
        with _noted(f"pack {profile}", seconds):
            files = compose(period=period, profile=profile_of(profile), on=on)
        packs.append(publishing.publish(by=universe.somebody("managing-director", timezone.now()), files=files))
    met = universe.meet(timezone.now())
    publishing.attach(by=universe.somebody("managing-director", timezone.now()), pack=packs[1], item=met.item)
    return {"months": len(months), "seconds": seconds}


def follow(first: str, last: str) -> dict[str, Any]:
    """What follows an import in the background, and what people open then; seconds of processor time of each part."""
    from django.utils import timezone

    from commonhold.demand.acts import completeness, finding_exceptions
    from commonhold.demand.acts.register.opening import open_incident
    from commonhold.demand.models import Priority, Reckoning
    from commonhold.performance.acts import reporting, weekly
    from commonhold.performance.queries.periods import basis
    from tests import universe

    seconds: dict[str, float] = {}
    on = basis()
    with _noted("exceptions", seconds):
        found = finding_exceptions.find_exceptions(batch=on.known.batch)
    with _noted("completeness", seconds):
        completeness.keep_months()
    with _noted("weeks", seconds):
        weekly.keep_weeks(on=on, progress=lambda done, of, words: None)
    by = universe.somebody("managing-director", timezone.now())
    reporting.open_report(by=by, first=date.fromisoformat(first), last=date.fromisoformat(last))
    for row in Reckoning.objects.filter(priority=Priority.P1).order_by("-opened_at")[:10]:
        open_incident(by=by, tickets=[row.ticket])
    return {"exceptions": found, "seconds": seconds}


def pack(first: str, last: str, profile: str) -> dict[str, float]:
    """Write one pack; seconds of processor time of this process, by part."""
    from commonhold.documents import charts
    from commonhold.figures import Span
    from commonhold.performance.acts import composing
    from commonhold.performance.queries.periods import basis, the_period

    seconds: dict[str, float] = {}
    began = time.process_time()
    on = basis()
    period = the_period(Span(date.fromisoformat(first), date.fromisoformat(last)), on.known)
    composing.extracts_of = _apart("reading clocks", composing.extracts_of, seconds)
    charts.render = _apart("charts", charts.render, seconds)
    composing.pdf = _apart("PDF", composing.pdf, seconds)
    composing.whole_html = _apart("HTML", composing.whole_html, seconds)
    composing.body_html = _apart("HTML", composing.body_html, seconds)
    composing.compose(period=period, profile=composing.profile_of(profile), on=on)
    whole = time.process_time() - began
    return seconds | {"figures and the rest": whole - sum(seconds.values()), "whole": whole}


def forget(what: str) -> dict[str, int]:
    from commonhold.performance.models import ChartImage, Period

    return {"forgotten": {"charts": ChartImage, "periods": Period}[what].objects.all().delete()[0]}


_inside: list[float] = []


def _apart(what: str, work: Callable[..., Any], seconds: dict[str, float]) -> Callable[..., Any]:
    """The same work, its time noted without that of other such work inside it."""

    def apart(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        _inside.append(0.0)
        try:
            return work(*given, **named)
        finally:
            took = time.process_time() - began
            seconds[what] = seconds.get(what, 0.0) + took - _inside.pop()
            if _inside:
                _inside[-1] += took

    return apart


@contextmanager
def _noted(what: str, seconds: dict[str, float]) -> Iterator[None]:
    began = time.process_time()
    yield
    seconds[what] = time.process_time() - began


def bring(*arguments: str) -> dict[str, Any]:
    """Import files; what is printed says beside the report how long the act took in which they are taken over, and the
    processor time of the import, that of the process that serves this one in PostgreSQL included.

    The kernel of the clocks is loaded before, as it is in a worker that has read one.
    """
    from django.core.management import call_command

    from bench.made.walk import busy
    from commonhold.demand.acts import imports
    from commonhold.demand.engine.clock import Histories, opened, reckon, timeline
    from commonhold.demand.queries.rules import clock_rules

    taken_over: list[float] = []
    imports.take_over = _timed(imports.take_over, taken_over)
    reckon(Histories.joined([timeline([opened(0)])]), clock_rules(0).compiled, 0)
    began = busy()
    call_command("import_tickets", *arguments)
    return {"take_over": taken_over, "seconds": busy() - began}


def _timed(act: Callable[..., None], seconds: list[float]) -> Callable[..., None]:
    def timed(**given: Any) -> None:
        began = time.perf_counter()
        act(**given)
        seconds.append(time.perf_counter() - began)

    return timed


def dispute(first: str, last: str) -> dict[str, Any]:
    """A partner says that the P3 tickets opened on these days were P2; seconds on the wall to put that right, and to
    undo it, and of both the last transaction alone.
    """
    from django.utils import timezone

    from commonhold.demand.acts import accepting, disputing
    from commonhold.demand.engine.disputed import Class
    from commonhold.demand.models import DisputeStep
    from tests import universe

    def quietly(*_: object) -> None:
        pass

    seconds: dict[str, float] = {}
    disputing.accept_as_read = _apart("the last transaction of accepting", disputing.accept_as_read, seconds)
    disputing.take_back_as_read = _apart("the last transaction of undoing", disputing.take_back_as_read, seconds)
    wanted = Class(opened_from=date.fromisoformat(first), opened_to=date.fromisoformat(last), priority="p3")
    lead = universe.somebody("client-lead-of-southmere", timezone.now())
    made = disputing.raise_dispute(by=lead, wanted=wanted, fact="priority", value="P2", reason="As agreed in March.")
    how: dict[str, Any] = {"clock": timezone.now, "progress": quietly, "waiting": quietly}
    by = universe.somebody("service-manager", timezone.now())
    began = time.perf_counter()
    accepting.accept_asked_for(by=by, dispute=made.pk, words="They were.", **how)
    seconds["accepting"] = time.perf_counter() - began
    step = DisputeStep.objects.filter(dispute=made).latest("pk").pk
    began = time.perf_counter()
    accepting.take_back_asked_for(by=by, dispute=made.pk, step=step, words="They were not.", **how)
    seconds["undoing"] = time.perf_counter() - began
    return {"tickets": made.tickets, "seconds": seconds}


def sign_in(post: str) -> dict[str, Any]:
    from tests.universe import browser_of

    return {"session": browser_of(post).cookies["sessionid"].value}


def weekly(file: str, folder: str, partners: str, changes: str) -> dict[str, Any]:
    """The public log as exports of a table, one a week and without holds, imported one after another; with or without
    the instant at which the desk last changed each row.
    """
    from datetime import timedelta

    from django.core.management import call_command

    from commonhold.demand.engine.mapping_toml import as_toml
    from tests.demand import exports

    log, with_changes = exports.servicenow(Path(file)), changes == "with"
    mapping = Path(folder) / "table.toml"
    mapping.write_text(as_toml(log.of_tickets(with_changes=with_changes)), encoding="utf-8")
    moments = exports.weekly(log.first + timedelta(days=7), log.last)
    began = time.process_time()
    rows = 0
    for number, (moment, text) in enumerate(log.exports(moments, with_changes=with_changes)):
        export = Path(folder) / f"{number}.csv"
        export.write_text(text, encoding="utf-8")
        rows += text.count("\n") - 1
        said = {"mapping": str(mapping), "partners": Path(partners), "exported_at": moment.isoformat()}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            call_command("import_tickets", str(export), **said)
    return {"files": len(moments), "rows": rows, "seconds": time.process_time() - began}


def reconcile(file: str, partners: str) -> dict[str, Any]:
    """Explain every figure of every month against the same counted of the public log as it is, some of them also by
    partner and by priority; and some of the month with the most tickets as the page does it.
    """
    from django.utils import timezone

    from commonhold.demand.engine import mapping
    from commonhold.demand.engine import partners as areas
    from commonhold.demand.queries.files import File
    from commonhold.performance.engine import periods
    from commonhold.performance.engine.measures import MEASURES, definition
    from commonhold.performance.engine.reconciling import mixing, worlds
    from commonhold.performance.engine.reconciling.bridge import Weighing, bridge
    from commonhold.performance.engine.references import Reference
    from commonhold.performance.queries import sides
    from commonhold.performance.queries.periods import basis, the_period, whole_history
    from commonhold.refusals import Refused

    on = basis()
    with Path(partners).open("rb") as stream:
        area = areas.read(stream, partners)
    began = time.process_time()
    explained: list[dict[str, Any]] = []
    for month in periods.months(the_period(whole_history(on.known), on.known)):
        reference = Reference("within_target.v1", month.span, {}, month.read_at, on.entry)
        with Path(file).open("rb") as stream:
            read = File(stream, mapping.built_in("servicenow-audit"), area, "UTC")
            found = sides.of_file(reference, read, whose="", at=timezone.now())
        ours, theirs, about = found.ours, found.theirs, found.about
        path = [(cause, worlds.extract_of(world)) for cause, world in mixing.path(ours, theirs)]
        ends = [worlds.extract_of(world) for world in (ours, theirs)]
        narrower = product(BY_SCOPE, scopes(about.names))
        for name, scope in (*product(MEASURES, [{}]), *narrower):
            measure, narrowed = definition(name), replace(about, scope=scope)
            told = [worlds.brought(extract, str(measure), len(ours.there), narrowed) for extract in ends]
            steps = [(cause, worlds.brought(one, str(measure), len(ours.there), narrowed)) for cause, one in path]
            figure = {"month": month.month, "measure": name, "scope": scope}
            try:
                made = bridge(Weighing.of(measure.rule(ends[0])), told[0], steps, told[1])
            except Refused as refusal:
                explained.append({**figure, "nothing": refusal.message})
                continue
            explained.append(
                {
                    **figure,
                    "ours": float(made.ours),
                    "theirs": float(made.theirs),
                    "left_over": float(made.left_over),
                    "differing": made.differing,
                    "listed": len({row for line in made.lines for row in line.tickets.tolist()}),
                    "causes": {line.cause.value: len(line.tickets) for line in made.lines},
                }
            )
    seconds = time.process_time() - began
    opened = {one["month"]: one["ours"] for one in explained if one["measure"] == "tickets_opened" and not one["scope"]}
    return {
        "explained": explained,
        "seconds": seconds,
        "as_paged": as_paged(file, area, max(opened, key=lambda month: opened[month])),
    }


def as_paged(file: str, area: Any, busiest: str) -> list[dict[str, Any]]:
    """Some measures of a month, of all and of one priority, against the public log as the page works it out."""
    from commonhold.demand.engine import mapping
    from commonhold.demand.queries.files import File
    from commonhold.performance.engine import periods
    from commonhold.performance.engine.measures import definition
    from commonhold.performance.engine.references import Reference
    from commonhold.performance.queries.periods import basis, the_period, whole_history
    from commonhold.performance.queries.reconciling import FromFile, explained
    from commonhold.refusals import Refused

    on = basis()
    month = next(one for one in periods.months(the_period(whole_history(on.known), on.known)) if one.month == busiest)
    found = []
    for name, scope in product(BY_SCOPE, ({}, {"priority": "P3"})):
        reference = Reference(str(definition(name)), month.span, scope, month.read_at, on.entry)
        with Path(file).open("rb") as stream:
            other = FromFile(File(stream, mapping.built_in("servicenow-audit"), area, "UTC"), is_list=False)
            figure = {"month": busiest, "measure": name, "scope": scope}
            try:
                outcome = explained(reference, other, at=datetime.now(UTC))
            except Refused as refusal:
                found.append({**figure, "nothing": refusal.message})
                continue
        result = outcome.result
        found.append(
            {
                **figure,
                "ours": result["ours"]["value"],
                "theirs": result["theirs"]["value"],
                "left_over": result["left_over"]["value"],
                "differing": result["differing"],
                "listed": len({row.reference for row in outcome.rows}),
                "causes": {line["cause"]: line["tickets"] for line in result["lines"]},
            }
        )
    return found


def scopes(names: Any) -> list[dict[str, str]]:
    """The tickets of each partner, and those of each priority."""
    partners = [{"partner": name} for name in sorted(set(names.partner.values()))]
    return [*partners, *({"priority": f"P{number}"} for number in range(1, 6))]


def act(stop: str) -> dict[str, Any]:
    """Other work that goes on meanwhile: each act makes a row and an entry, and waits for its turn to write."""
    from django.db import transaction
    from django.utils import timezone

    from commonhold.ledger.acts import record
    from commonhold.ledger.engine.by import By
    from commonhold.partnership.models import ClientBody

    seconds: list[float] = []
    while not Path(stop).exists():
        at = timezone.now()
        slug = f"beside-{os.getpid()}-{len(seconds)}"
        began = time.perf_counter()
        with transaction.atomic():
            body = ClientBody.objects.create(name=slug, slug=slug, since=at.date())
            record(by=By(post="beside", at=at), kind="client_body.added", subject=body)
        seconds.append(time.perf_counter() - began)
        time.sleep(0.1)
    return {"acts": len(seconds), "seconds": sorted(seconds)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhold.web.settings")
    import django

    django.setup()
    works = (found, bring, weekly, reconcile, dispute, act, tell, follow, pack, forget, sign_in)
    what = {each.__name__.replace("_", "-"): each for each in works}[sys.argv[1]]
    sys.stdout.write(json.dumps(what(*sys.argv[2:])) + "\n")
