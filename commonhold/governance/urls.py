"""Addresses of bodies, meetings and what they asked for."""

from datetime import date

from django.urls import path, register_converter

from commonhold.governance.views import actions, bodies, flat, meeting, minutes


class Day:
    """A day in an address: 2026-07-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(Day, "day")

app_name = "governance"
MEETING = "meetings/<slug:body>/<day:day>/"
ITEM = f"{MEETING}items/<int:item>/"
RESOLUTION = f"{ITEM}resolutions/<int:number>/"
urlpatterns = [
    path("meetings/", bodies.meetings, name="meetings"),
    path("meetings/new/", bodies.form_body, name="form_body"),
    path("meetings/<slug:slug>/", bodies.body, name="body"),
    path("meetings/<slug:slug>/correct/", bodies.correct_body, name="correct_body"),
    path("meetings/<slug:slug>/call/", bodies.call_meeting, name="call_meeting"),
    path(MEETING, meeting.meeting, name="meeting"),
    path(f"{MEETING}correct/", meeting.correct_meeting, name="correct_meeting"),
    path(f"{MEETING}call-off/", meeting.call_off, name="call_off"),
    path(f"{MEETING}items/add/", meeting.add_item, name="add_item"),
    path(f"{MEETING}papers/<int:number>/withdraw/", meeting.withdraw_paper, name="withdraw_paper"),
    path(f"{ITEM}correct/", meeting.correct_item, name="correct_item"),
    path(f"{ITEM}withdraw/", meeting.withdraw_item, name="withdraw_item"),
    path(f"{ITEM}resolve/", minutes.resolve, name="resolve"),
    path(f"{RESOLUTION}error/", minutes.strike_resolution, name="strike_resolution"),
    path(f"{RESOLUTION}ask/", minutes.ask, name="ask"),
    path("tables/actions.<str:kind>", flat.actions, name="flat_actions"),
    path("actions/", actions.actions, name="actions"),
    path("actions/<int:number>/", actions.action, name="action"),
    path("actions/<int:number>/update/", actions.update, name="update"),
    path("actions/<int:number>/correct/", actions.correct_action, name="correct_action"),
    path("actions/<int:number>/error/", actions.strike_action, name="strike_action"),
    path("actions/<int:number>/updates/<int:update>/error/", actions.strike_update, name="strike_update"),
]
