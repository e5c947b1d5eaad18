"""Addresses of figures, measures, parity and packs."""

from django.urls import path

from commonhold.performance.views import categories, evidence, figures, flat, measures, packs, parity

app_name = "performance"
urlpatterns = [
    path("tables/figures.<str:kind>", flat.figures, name="flat_figures"),
    path("figures/", figures.figures, name="figures"),
    path("figures/compute/", figures.compute, name="compute"),
    path("figures/<slug:measure>/", figures.measure, name="measure"),
    path("measures/", measures.measures, name="measures"),
    path("categories/", categories.categories, name="categories"),
    path("parity/", parity.parity, name="parity"),
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
