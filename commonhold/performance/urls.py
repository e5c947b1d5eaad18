"""Addresses of figures, measures, parity and packs."""

from django.urls import path

from commonhold.performance.views import evidence, figures, measures, packs, parity, readings

app_name = "performance"
urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/compute/", figures.compute, name="compute"),
    path("figures/<slug:measure>/", figures.measure, name="measure"),
    path("measures/", measures.measures, name="measures"),
    path("measures/new/", measures.declare, name="declare_measure"),
    path("measures/<slug:name>/new/", measures.next_version, name="next_version"),
    path("parity/", parity.parity, name="parity"),
    path("readings/", readings.readings, name="readings"),
    path("readings.<str:kind>", readings.download, name="readings_download"),
    path("readings/file/", readings.bring, name="bring_readings"),
    path("readings/new/", readings.enter, name="enter_reading"),
    path("readings/<int:number>/", readings.reading, name="reading"),
    path("readings/<int:number>/correct/", readings.correct, name="correct_reading"),
    path("readings/<int:number>/take-back/", readings.take_back, name="take_back_reading"),
    path("readings/deliveries/<int:number>/", readings.delivery, name="delivery"),
    path("readings/deliveries/<int:number>/kept.csv", readings.kept, name="delivery_kept"),
    path("readings/deliveries/<int:number>/attached", readings.attached, name="delivery_attached"),
    path("rows.<str:kind>/<path:reference>", evidence.download, name="rows"),
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
