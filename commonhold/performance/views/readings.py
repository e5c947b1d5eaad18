"""Readings as they were brought: the list, one with its thread, and bringing, correcting and taking back."""

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.permissions import brings_files
from commonhold.demand.queries.files import parties_named
from commonhold.govuk.addresses import number_in
from commonhold.govuk.formats import plural
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.ledger.queries import standing
from commonhold.partnership.queries import day_of, that_may_be_named, titles_of_posts
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import bringing, readings_files
from commonhold.performance.acts.bringing import Attached
from commonhold.performance.engine.brought import rows
from commonhold.performance.engine.brought.given import COLUMNS
from commonhold.performance.engine.brought.lines import lines_of
from commonhold.performance.forms import CorrectReadingForm, EnterForm, FileForm, ReadingFilters, TakeBackForm
from commonhold.performance.models import Delivery, ReadingsFile, SourceReading
from commonhold.performance.permissions import brings_some_readings, reads_unpublished_figures
from commonhold.performance.queries import brought as queries
from commonhold.performance.queries.brought import Plan, Wanted
from commonhold.performance.queries.fed import fed
from commonhold.performance.queries.readings_files import last_files
from commonhold.refusals import require

HEADINGS: Final = ("Reading", *COLUMNS, "delivery", "known since", "counts", "corrects")
BRING: Final = "bring readings"


@require_safe
def readings(request: Asked) -> HttpResponse:
    form = _filters(request)
    listed = queries.listed(Wanted(**form.chosen), seen_by=request.by, before=number_in(request, "before"))
    return page(
        request,
        "performance/readings.html",
        part="readings",
        title="Readings",
        form=form,
        listed=listed,
        titles=_titles(),
        may_see=reads_unpublished_figures(request.by),
        may_bring=brings_some_readings(request.by),
    )


@require_safe
def download(request: Asked, kind: str) -> StreamingHttpResponse | FileResponse:
    form = _filters(request)
    if form.misunderstood:
        raise Http404(form.misunderstood)
    about: dict[str, Cell] = {
        "Definition": "One row for each reading that was brought, with its counts as they were given",
        **form.about,
        "Period": "beside each reading",
        "As of": request.by.at,
        "Known at entry": standing(request.by.at).size,
    }
    found = queries.readings(Wanted(**form.chosen), seen_by=request.by)
    return table(kind, "readings", HEADINGS, _lines(found.iterator(2_000)), about=about)


def _lines(found: Iterable[Any]) -> Iterator[tuple[Cell, ...]]:
    for row in found:
        given = row.given
        said: dict[str, Cell] = {**dict(zip(COLUMNS, given.cells, strict=True))}
        said |= {"from": given.first, "to": given.last, "threshold": given.threshold}
        said |= {name: getattr(given, name) for name in ("numerator", "denominator", "value")}
        yield (row.pk, *said.values(), row.delivery_id, row.delivery.at, row.stands, row.corrects_id)


@require_safe
def reading(request: Asked, number: int) -> HttpResponse:
    found: Any = get_object_or_404(queries.one(number, seen_by=request.by))
    known = fed()
    return page(
        request,
        "performance/reading.html",
        title=f"Reading {found.pk}",
        reading=found,
        definition=known.newest.get(found.measure),
        numbers=dict(zip(COLUMNS, found.given.cells, strict=True)),
        thread=queries.thread(found),
        entry=found.delivery.entry,
        may_change=found.stands and queries.may_change(request.by, found),
        posts=titles_of_posts([found.delivery.post]),
        sees_evidence=queries.sees_evidence(request.by, found.delivery),
    )


@require_http_methods(["GET", "POST"])
def bring(request: Asked) -> HttpResponse:
    require(brings_some_readings(request.by), BRING)
    form = FileForm(request.POST or None, request.FILES or None)
    looked = None
    if form.is_valid():
        file, look = form.cleaned_data["file"], form.cleaned_data["look"]
        if form.carry_out(_given, by=request.by, file=file, look=look):
            done = form.result
            if isinstance(done, ReadingsFile):
                return redirect(done)
            if not look:
                return _brought(request, done)
            looked = done
    files = last_files(seen_by=request.by)
    return page(
        request,
        "performance/bring_readings.html",
        title="Bring a file of readings",
        form=form,
        looked=looked,
        columns=COLUMNS,
        definitions=list(fed().on(day_of(request.by.at)).values()),
        many=readings_files.MANY,
        files=files,
        posts=titles_of_posts(one.post for one in files) if files else {},
    )


def _given(*, by: By, file: BinaryIO, look: bool, reason: str) -> Plan | ReadingsFile:
    """A file is looked through or brought at once, a large one by a worker."""
    lines = lines_of(file)
    if len(lines) > readings_files.MANY:
        return readings_files.keep(by=by, lines=lines, reason=reason, only_look=look)
    if look:
        return queries.plan_of(lines, by=by, reason=reason)
    file.seek(0)
    return bringing.bring(by=by, stream=file, reason=reason)


def _brought(request: Asked, plan: Plan) -> HttpResponse:
    messages.success(
        request,
        f"{plural(len(plan.sorted.new), 'new reading')}, {len(plan.sorted.corrections):,} corrected, "
        f"{len(plan.sorted.unchanged):,} as before.",
    )
    return redirect("performance:delivery", plan.delivery) if plan.delivery else redirect("performance:readings")


@require_http_methods(["GET", "POST"])
def enter(request: Asked) -> HttpResponse:
    require(brings_some_readings(request.by), BRING)
    measures = list(fed().on(day_of(request.by.at)).values())
    form = EnterForm(
        request.POST or None, request.FILES or None, measures=measures, partners=_partners(request.by),
        initial={"measure": request.GET.get("measure", ""), "partner": request.by.partner},
        whole=brings_files(request.by),
    )  # fmt: skip
    if form.is_valid() and form.carry_out(_enter, by=request.by, file=form.cleaned_data["file"]):
        messages.success(request, "The reading counts in every figure from now on.")
        return redirect(form.result)
    return page(request, "performance/enter_reading.html", title="Enter a reading", form=form, measures=measures)


def _enter(*, by: By, file: Any, first: date, last: date, **cells: str) -> SourceReading:
    """The fields of the form as the act takes them."""
    given = rows.read_one(
        {**cells, "partner": _name(cells["partner"]), "from": first.isoformat(), "to": last.isoformat()},
        fed().definitions,
        parties=parties_named(),
        today=day_of(by.at),
    )
    return bringing.enter(by=by, given=given, attached=Attached(file.name, file))


@require_http_methods(["GET", "POST"])
def correct(request: Asked, number: int) -> HttpResponse:
    found = _to_change(request, number)
    measure = fed().on(found.first)[found.measure]
    initial = dict(zip(COLUMNS, found.given.cells, strict=True))
    form = CorrectReadingForm(
        request.POST or None, request.FILES or None, units=list(measure.takes), initial=initial
    )  # fmt: skip
    if form.is_valid() and form.carry_out(_correct, by=request.by, reading=found, file=form.cleaned_data["file"]):
        messages.success(request, "The correction counts in every figure from now on.")
        return redirect(form.result)
    return page(
        request, "performance/change_reading.html", title=f"Correct reading {found.pk}", form=form, reading=found,
        definition=measure, words="Enter the correction",
    )  # fmt: skip


def _correct(*, by: By, reading: SourceReading, file: Any, reason: str, **cells: str) -> SourceReading:
    """The fields of the form as the act takes them: what is not asked for stays as it was."""
    before = dict(zip(COLUMNS, reading.given.cells, strict=True))
    given = rows.read_one({**before, **cells}, fed().definitions, parties=None, today=day_of(by.at))
    attached = Attached(file.name, file) if file else None
    return bringing.correct(by=by, reading=reading, given=given, reason=reason, attached=attached)


@require_http_methods(["GET", "POST"])
def take_back(request: Asked, number: int) -> HttpResponse:
    found = _to_change(request, number)
    form = TakeBackForm(request.POST or None)
    if form.is_valid() and form.carry_out(bringing.take_back, by=request.by, reading=found):
        messages.success(request, "Taken back: the reading counts no longer.")
        return redirect(found)
    return page(
        request, "performance/change_reading.html", title=f"Take reading {found.pk} back", form=form, reading=found,
        definition=fed().newest.get(found.measure), words="Take it back",
    )  # fmt: skip


@require_safe
def delivery(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.deliveries(seen_by=request.by), pk=number)
    return page(
        request,
        "performance/delivery.html",
        title=str(found),
        delivery=found,
        subject=found,
        entry=found.entry,
        listed=queries.of_delivery(found, number_in(request, "after")),
        titles=_titles(),
        posts=titles_of_posts([found.post]),
        taken_back=queries.taken_back_in(found),
        sees_evidence=queries.sees_evidence(request.by, found),
    )


@require_safe
def kept(request: Asked, number: int) -> FileResponse:
    """The readings of a delivery as they are kept: what figures are computed again from."""
    found = _with_evidence(request, number)
    return _file(found.sha256, f"delivery-{found.pk}.csv")


@require_safe
def attached(request: Asked, number: int) -> FileResponse:
    """What a typed reading was taken from."""
    found = _with_evidence(request, number)
    return _file(found.attached, found.attached_name or found.attached)


def _with_evidence(request: Asked, number: int) -> Delivery:
    found: Delivery = get_object_or_404(queries.deliveries(seen_by=request.by), pk=number)
    if not queries.sees_evidence(request.by, found):
        raise Http404
    return found


def _file(digest: str, name: str) -> FileResponse:
    if not digest:
        raise Http404
    return FileResponse(BytesIO(evidence.content(digest)), as_attachment=True, filename=name)


def _to_change(request: Asked, number: int) -> Any:
    found = get_object_or_404(queries.one(number, seen_by=request.by))
    require(queries.may_change(request.by, found), "change this reading")
    return found


def _filters(request: Asked) -> ReadingFilters:
    partners = that_may_be_named().values_list("slug", "name")
    return ReadingFilters(request.GET, measures=list(_titles().items()), partners=list(partners))


def _titles() -> dict[str, str]:
    return {name: one.title for name, one in fed().newest.items()}


def _partners(by: By) -> list[tuple[str, str]]:
    """Whose readings somebody may enter: everybody's, or a client lead's own."""
    everybody = list(that_may_be_named().values_list("slug", "name"))
    return everybody if brings_files(by) else [one for one in everybody if one[0] == by.partner]


def _name(slug: str) -> str:
    return that_may_be_named().filter(slug=slug).values_list("name", flat=True).first() or "" if slug else ""
