"""Every component on one page, with fictional figures: for the tests and for the eye. Not part of the product."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path

from commonhold.figures import Figure, Span
from commonhold.govuk.fields import (
    Checkbox,
    Checkboxes,
    Date,
    Decimal,
    Edition,
    Email,
    File,
    Integer,
    Month,
    Password,
    Radios,
    Select,
    Text,
    TextArea,
    Time,
)
from commonhold.govuk.filters import Filters
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.govuk.shell import Link, Reader, Shell, marked
from commonhold.refusals import Refused

HERE = Path(__file__).resolve().parent
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))
SERVICES = [("email", "E-mail and calendar"), ("network", "Network"), ("housing", "Housing system")]


def figure(value: float | None, unit: str, **more: Any) -> Figure:
    known: dict[str, Any] = {
        "measure": "within_target",
        "period": MARCH,
        "definition": "within_target.v1",
        "as_of": datetime(2026, 4, 1, tzinfo=UTC),
        "known_at": 12,
        "program": "1",
        "evidence": "performance/2026-03-01..2026-03-31/within_target.v1?partner=Ashmere&known_at=12",
    }
    return Figure(value=value, unit=unit, **(known | more))


def share(numerator: int, denominator: int, **more: Any) -> Figure:
    value = numerator / denominator if denominator else None
    return figure(value, "share", numerator=numerator, denominator=denominator, **more)


class Resolution(Form):
    title = Text("Title", max_length=80, hint="As it is to stand in the minutes.")
    text = TextArea("What was resolved", max_length=400)
    due = Date("Update due", hint="For example, 21 7 2026.", earliest=date(2026, 1, 1))
    month = Month("Month of the figures", required=False)
    service = Select("Service", SERVICES)
    standing = Radios(
        "Standing",
        [("quorate", "Quorate"), ("informal", "Informal")],
        hints={"informal": "It is recorded, and creates no mandate."},
    )
    partners = Checkboxes("Partners concerned", [("ashmere", "Ashmere"), ("brackwell", "Brackwell")], required=False)
    posts = Integer("Posts", min_value=0, max_value=500)
    starts = Time("Starts at")
    cost = Decimal("Yearly cost", prefix="£", decimal_places=2, hint="A decimal, without VAT.")
    email = Email()
    password = Password()
    paper = File("Paper", accept=".pdf", required=False)
    sure = Checkbox("I have read the minutes")
    edition = Edition()


class TicketFilters(Filters):
    reference = Text("Reference")
    service = Select("Service", SERVICES, blank="Any")
    opened = Date("Opened from")
    breached = Checkbox("Breached only")


@dataclass(frozen=True)
class Said:
    message: str
    level_tag: str = "success"

    def __str__(self) -> str:
        return self.message


PAGES = [("Home", "/"), ("Meetings", "/meetings/"), ("Tickets", "/tickets/"), ("Figures", "/figures/")]
PAGES += [("Packs", "/packs/"), ("Agreement", "/agreement/"), ("Record", "/record/")]
AMARA = Reader("Amara Okafor", post="Clerk, Ashmere", page="/me/", posts="/me/posts/")


def shell(request: HttpRequest) -> dict[str, Any]:
    signed_in = request.path != "/bare/"
    links = marked([Link(text, href) for text, href in PAGES], "/tickets/INC0001/")
    return {
        "shell": Shell(
            partnership="Three Rivers ICT Service",
            demonstration=True,
            navigation=links,
            footer=tuple(
                Link(text, f"/{text.split()[0].lower()}/")
                for text in ("Accessibility statement", "How figures are made", "The record", "Glossary")
            ),
            reader=AMARA if signed_in else None,
            sign_in="/sign-in/",
            sign_out="/sign-out/",
        )
    }


def components(request: HttpRequest) -> HttpResponse:
    rows = [
        ("Ashmere", share(1304, 1411)),
        ("Brackwell", share(802, 1010, low=0.76, high=0.84)),
        ("Coldharbour Vale", share(9, 16)),
        ("Deepdale", share(0, 0, reason="No ticket of Deepdale was resolved in this period.")),
    ]
    return page(
        request,
        "gallery/components.html",
        part="rows",
        messages=[Said("The pack for March 2026 is published.")],
        rows=rows,
        filters=TicketFilters(QueryDict("reference=INC&service=network&breached=on&opened=2026-03-01")),
        figures={
            "tickets": figure(1824, "tickets"),
            "share": share(1304, 1411),
            "few": share(9, 16, low=0.5, high=0.625),
            "hours": figure(22.1, "hours"),
            "unknown": figure(None, "share", reason="No target was in force for P5 requests."),
        },
        done=12400,
        at=datetime(2026, 7, 21, 17, 30, tzinfo=UTC),
        offers=[Link("Take up in the plan", "/plan/", hint="As an initiative"), Link("Answer", "/answer/")],
        crumbs=[Link("Home", "/"), Link("Figures", "/figures/"), Link("March 2026", "")],
    )


def form(request: HttpRequest) -> HttpResponse:
    def refuse(**entered: object) -> None:
        raise Refused("This meeting has not opened, so it cannot have resolved anything.")

    stored = {"title": "Service desk recovery", "edition": 2, "email": "clerk@ashmere.example"}
    shown = Resolution(request.POST or None, request.FILES or None, initial=stored)
    if shown.is_valid() and shown.carry_out(refuse, by=None):
        raise AssertionError("refuse() refuses")
    return page(request, "gallery/form.html", form=shown, back=Link("Back", "/"))


def wrong(request: HttpRequest) -> HttpResponse:
    entered = QueryDict("title=Desk recovery&due-day=31&due-month=2&due-year=2026&edition=1&posts=many&service=fax")
    shown = Resolution(entered, initial={"title": "Service desk recovery", "edition": 2})
    return page(request, "gallery/form.html", form=shown, back=Link("Back", "/"))


def bare(request: HttpRequest) -> HttpResponse:
    return page(request, "gallery/bare.html", offers=[Link("Take up in the plan", "/plan/", hint="As an initiative")])


def reading(request: HttpRequest) -> HttpResponse:
    """How far a piece of work is: done, when it is asked again."""
    return page(request, "gallery/reading.html", part="reading", done=51000)


def late(request: HttpRequest) -> HttpResponse:
    """A page that stayed open until its session was over: its parts are answered with whole pages."""
    return page(request, "gallery/late.html")


def other(request: HttpRequest, **words: object) -> HttpResponse:
    return HttpResponse("elsewhere")


urlpatterns = [
    path("", components, name="components"),
    path("form/", form, name="form"),
    path("wrong/", wrong, name="wrong"),
    path("bare/", bare, name="bare"),
    path("reading/", reading, name="reading"),
    path("late/", late, name="late"),
    path("evidence/<path:reference>", other, name="evidence"),
    path("glossary/", other, name="glossary"),
]
