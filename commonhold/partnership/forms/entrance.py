"""The start of a partnership, the post one acts in, and how one is told."""

from typing import Any

from commonhold.govuk.fields import Checkbox, Date, Hidden, Radios, Text, TextArea
from commonhold.govuk.form import Form
from commonhold.partnership.engine.rules.consents import EVERY_PARTNER
from commonhold.partnership.engine.starting import Plan, plan_of
from commonhold.refusals import Refused
from commonhold.workdays import read_toml


class StartForm(Form):
    """What a start file asks for."""

    plan: Plan

    name = Text("Name of the partnership", max_length=120)
    partners = TextArea(
        "Partners",
        rows=6,
        max_length=10_000,
        hint="One line for each: its name, a comma, and the email address of its first administrator.",
    )
    needed = Radios(
        "Who must consent to changes of the agreement",
        [("one", "One partner is enough, until the partners agree otherwise"), ("every", "Every partner")],
        initial="one",
    )
    found = Text("Document that binds the partners", max_length=300, required=False)
    since = Date("Its rules hold from", required=False)
    calendars = TextArea("Calendars", rows=10, max_length=20_000, required=False)
    targets = TextArea("Targets", rows=10, max_length=20_000, required=False)
    token = Hidden()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cleaned.get(name) for name in ("found", "since", "calendars", "targets")):
            if not cleaned.get("found"):
                self.add_error("found", "Name the document in which the rules stand")
            if not cleaned.get("since") and "since" not in self.errors:
                self.add_error("since", "Enter the day from which the rules hold")
        if not self.errors:
            try:
                self.plan = self._plan(cleaned)
            except Refused as refused:
                self.refuse(refused)
        return cleaned

    def _plan(self, said: dict[str, Any]) -> Plan:
        pairs = [line.rpartition(",") for line in said["partners"].splitlines() if line.strip()]
        named = [(name if comma else address, address if comma else "") for name, comma, address in pairs]
        form: dict[str, Any] = {
            "name": said["name"],
            "partners": [name.strip() for name, _ in named],
            "administrators": {" ".join(name.split()): address.strip() for name, address in named if address.strip()},
            "consent": {"needed": EVERY_PARTNER if said["needed"] == "every" else 1},
        }
        agreement = {"found": said["found"], "from": said["since"], "calendars": said["calendars"] and "Calendars"}
        if any(agreement.values()):
            form["agreement"] = {key: value for key, value in agreement.items() if value}
        if said["targets"]:
            form |= _sections(said["targets"])
        return plan_of(form, "This page", lambda _: str(said["calendars"]))


def _sections(text: str) -> dict[str, Any]:
    form = read_toml(text, "What the targets say")
    if set(form) != {"targets"}:
        raise Refused("The targets are sections such as [targets.P1], and nothing else.")
    return form


class PreferenceForm(Form):
    told_by_email = Checkbox("Tell me by email as well", required=False)
