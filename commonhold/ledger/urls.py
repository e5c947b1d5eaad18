"""The record's addresses, under /record/."""

from django.urls import path

from commonhold.ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.record, name="record"),
    path("entries/<int:number>/", views.entry, name="entry"),
    path("entries/<int:number>/thread/", views.thread, name="thread"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("export/", views.export, name="export"),
    path("export/<slug:partner>/", views.export, name="partner_export"),
]
