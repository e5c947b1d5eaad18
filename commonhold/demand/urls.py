"""Addresses of tickets and of what is brought in about them."""

from django.urls import path

from commonhold.demand.views import (
    flat,
    imports,
    incident,
    putting_right,
    register,
    residents,
    ticket,
    tickets,
)

app_name = "demand"
urlpatterns = [
    path("tables/tickets.<str:kind>", flat.tickets, name="flat_tickets"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets.<str:kind>", tickets.download, name="tickets_download"),
    path("tickets/<int:number>/", ticket.numbered, name="numbered_ticket"),
    path("tickets/<int:desk>/<path:reference>/", ticket.ticket, name="ticket"),
    path("put-right/", putting_right.put_right, name="put_right"),
    path("put-right/tickets/<int:number>/correct/", putting_right.correct, name="correct"),
    path("put-right/tickets/<int:number>/exclude/", putting_right.exclude, name="exclude"),
    path("put-right/corrections/<int:number>/undo/", putting_right.undo_correction, name="undo_correction"),
    path("put-right/exclusions/<int:number>/undo/", putting_right.undo_exclusion, name="undo_exclusion"),
    path("incidents/", register.register, name="register"),
    path("incidents.<str:kind>", register.download, name="register_download"),
    path("incidents/of-ticket/<int:number>/", register.open_incident, name="open_incident"),
    path("incidents/<int:number>/", incident.incident, name="incident"),
    path("incidents/<int:number>/write-up/", incident.write_up, name="write_up"),
    path("incidents/<int:number>/sign-off/", incident.sign_off, name="sign_off"),
    path("incidents/<int:number>/key/", incident.key, name="flag_incident"),
    path("incidents/<int:number>/tickets/add/", incident.add_ticket, name="add_ticket"),
    path("incidents/<int:number>/told/add/", incident.log, name="log_telling"),
    path("incidents/<int:number>/remarks/add/", incident.remark, name="remark"),
    path("incidents/<int:number>/remarks/<int:remark>/answer/", incident.answer, name="answer_remark"),
    path("incidents/<int:number>/entered-in-error/", incident.strike, name="strike_incident"),
    path("incidents/<int:number>/<str:what>/<int:part>/entered-in-error/", incident.strike_part, name="strike_part"),
    path("residents-services/", residents.residents_services, name="resident_services"),
    path("residents-services/add/", residents.add, name="add_resident_service"),
    path("residents-services/<int:number>/correct/", residents.correct, name="correct_resident_service"),
    path("residents-services/<int:number>/end/", residents.end, name="end_resident_service"),
    path("imports/", imports.batches, name="batches"),
    path("imports/new/", imports.bring, name="bring"),
    path("imports/uploads/<int:number>/", imports.upload, name="upload"),
    path("imports/uploads/<int:number>/left-out.<str:kind>", imports.upload_lines, name="upload_lines"),
    path("imports/uploads/<int:number>/import/", imports.import_upload, name="import_upload"),
    path("imports/<int:number>/", imports.batch, name="batch"),
    path("imports/<int:number>/left-out.<str:kind>", imports.batch_lines, name="batch_lines"),
]
