"""Addresses of tickets and of what is brought in about them."""

from django.urls import path

from commonhold.demand.views import imports, putting_right, ticket, tickets

app_name = "demand"
urlpatterns = [
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets.<str:kind>", tickets.download, name="tickets_download"),
    path("tickets/<int:number>/", ticket.numbered, name="numbered_ticket"),
    path("tickets/<int:desk>/<path:reference>/", ticket.ticket, name="ticket"),
    path("put-right/", putting_right.put_right, name="put_right"),
    path("put-right/tickets/<int:number>/correct/", putting_right.correct, name="correct"),
    path("put-right/tickets/<int:number>/exclude/", putting_right.exclude, name="exclude"),
    path("put-right/corrections/<int:number>/undo/", putting_right.undo_correction, name="undo_correction"),
    path("put-right/exclusions/<int:number>/undo/", putting_right.undo_exclusion, name="undo_exclusion"),
    path("imports/", imports.batches, name="batches"),
    path("imports/new/", imports.bring, name="bring"),
    path("imports/uploads/<int:number>/", imports.upload, name="upload"),
    path("imports/uploads/<int:number>/left-out.<str:kind>", imports.upload_lines, name="upload_lines"),
    path("imports/uploads/<int:number>/import/", imports.import_upload, name="import_upload"),
    path("imports/<int:number>/", imports.batch, name="batch"),
    path("imports/<int:number>/left-out.<str:kind>", imports.batch_lines, name="batch_lines"),
]
