"""Addresses of figures, measures, parity, reports and packs."""

from datetime import date

from django.urls import path, register_converter

from commonhold.figures import Span
from commonhold.performance.views import (
    categories,
    comparators,
    evidence,
    exceptions,
    figures,
    flat,
    measures,
    packs,
    parity,
    readings,
    readings_files,
    reconciling,
    reports,
    samples,
)


class Days:
    """A period in an address: 2026-04-01..2026-06-30."""

    regex = r"\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> Span:
        first, last = map(date.fromisoformat, value.split(".."))
        return Span(first, last)

    def to_url(self, value: Span | str) -> str:
        return value if isinstance(value, str) else f"{value.first}..{value.last}"


register_converter(Days, "days")

app_name = "performance"
urlpatterns = [
    path("tables/figures.<str:kind>", flat.figures, name="flat_figures"),
    path("figures/", figures.figures, name="figures"),
    path("figures/compute/", figures.compute, name="compute"),
    path("figures/<slug:measure>/", figures.measure, name="measure"),
    path("measures/", measures.measures, name="measures"),
    path("categories/", categories.categories, name="categories"),
    path("measures/new/", measures.declare, name="declare_measure"),
    path("measures/<slug:name>/new/", measures.next_version, name="next_version"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions.<str:kind>", exceptions.download, name="exceptions_download"),
    path("parity/", parity.parity, name="parity"),
    path("parity/funnel/", parity.funnel, name="funnel"),
    path("comparators/", comparators.comparators, name="comparators"),
    path("comparators/new/", comparators.enter, name="enter_comparator"),
    path("comparators/<int:number>/", comparators.comparator, name="comparator"),
    path("comparators/<int:number>/attached", comparators.attached, name="comparator_attached"),
    path("comparators/<int:number>/correct/", comparators.correct, name="correct_comparator"),
    path("comparators/<int:number>/take-back/", comparators.take_back, name="take_back_comparator"),
    path("readings/", readings.readings, name="readings"),
    path("readings.<str:kind>", readings.download, name="readings_download"),
    path("readings/file/", readings.bring, name="bring_readings"),
    path("readings/files/<int:number>/", readings_files.file, name="readings_file"),
    path("readings/files/<int:number>/bring/", readings_files.bring, name="bring_readings_file"),
    path("readings/files/<int:number>/rows.<str:kind>", readings_files.rows, name="readings_file_rows"),
    path("readings/new/", readings.enter, name="enter_reading"),
    path("readings/<int:number>/", readings.reading, name="reading"),
    path("readings/<int:number>/correct/", readings.correct, name="correct_reading"),
    path("readings/<int:number>/take-back/", readings.take_back, name="take_back_reading"),
    path("readings/deliveries/<int:number>/", readings.delivery, name="delivery"),
    path("readings/deliveries/<int:number>/kept.csv", readings.kept, name="delivery_kept"),
    path("readings/deliveries/<int:number>/attached", readings.attached, name="delivery_attached"),
    path("reconcile/", reconciling.reconciliations, name="reconciliations"),
    path("reconcile/<int:number>/", reconciling.reconciliation, name="reconciliation"),
    path("reconcile/<int:number>/remove/", reconciling.remove, name="remove_reconciliation"),
    path("reconcile/<int:number>/<slug:cause>/", reconciling.cause, name="cause"),
    path("reconcile/figure/<path:reference>", reconciling.choose, name="reconcile"),
    path("reconcile/number/<path:reference>", reconciling.number, name="reconcile_number"),
    path("reconcile/file/<path:reference>", reconciling.file, name="reconcile_file"),
    path("reconcile/earlier/<path:reference>", reconciling.earlier, name="reconcile_earlier"),
    path("samples/", samples.samples, name="samples"),
    path("samples/<int:number>/", samples.sample, name="sample"),
    path("samples/<int:number>/working-paper.<str:kind>", samples.paper, name="sample_paper"),
    path("samples/draw/<path:reference>", samples.draw, name="draw_sample"),
    path("rows.<str:kind>/<path:reference>", evidence.download, name="rows"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.open_report, name="open_report"),
    path("reports/<days:days>/", reports.report, name="report"),
    path("reports/<days:days>/words/", reports.words, name="words"),
    path("reports/<days:days>/remark/", reports.remark, name="remark"),
    path("reports/<days:days>/query/", reports.query, name="query_figure"),
    path("reports/<days:days>/remarks/<int:number>/take-back/", reports.take_back, name="take_back_remark"),
    path("reports/<days:days>/close/", reports.close, name="close_report"),
    path("reports/<days:days>/reopen/", reports.reopen, name="reopen_report"),
    path("queries/<int:number>/", reports.asked, name="query"),
    path("queries/<int:number>/answer/", reports.answer, name="answer_query"),
    path("queries/<int:number>/settle/", reports.settle, name="settle_query"),
    path("packs/", packs.packs, name="packs"),
    path("packs/new/", packs.new, name="new_pack"),
    path("packs/drafts/<int:number>/", packs.draft, name="draft"),
    path("packs/drafts/<int:number>/correct/", packs.correct, name="correct_pack"),
    path("packs/drafts/<int:number>/<str:name>", packs.draft_file, name="draft_file"),
    path("packs/<int:number>/", packs.pack, name="pack"),
    path("packs/<int:number>/withdraw/", packs.withdraw, name="withdraw_pack"),
    path("packs/<int:number>/attach/", packs.attach, name="attach_pack"),
    path("packs/<int:number>/<str:name>", packs.file, name="pack_file"),
]
