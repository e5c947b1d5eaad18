"""What people enter about a rule: its value, where it was found, why it is to change, what is wrong with it."""

from collections.abc import Mapping
from typing import Any, Final

from commonhold.govuk.fields import Checkboxes, Date, Edition, File, Integer, Radios, Text, TextArea
from commonhold.govuk.form import Form
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.figure_basis import OURS, SOURCE, FigureBasis
from commonhold.partnership.engine.rules.hold_reasons import REASONS, HoldReasons
from commonhold.partnership.engine.rules.registry import Kind, Ruled
from commonhold.partnership.engine.rules.writing import from_toml, to_toml
from commonhold.refusals import Refused

LARGEST: Final = 20 * 2**20
MOST_TEXT: Final = 20_000


class RuleForm(Form):
    """A form whose first fields say what the rule is to be; `value` is what they come to."""

    def __init__(self, *args: Any, kind: Kind, now: Ruled | None, initial: Mapping[str, Any], **options: Any) -> None:
        self.kind = kind
        fields, said = _fields(kind.name, now)
        super().__init__(*args, initial={**said, **initial}, **options)
        self.said = frozenset(fields)
        self.fields = {**fields, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                value = _value(self.kind.name, cleaned).to_json()
                cleaned = {name: entered for name, entered in cleaned.items() if name not in self.said}
                cleaned["value"] = value
            except Refused as refused:
                self.refuse(refused)
        return cleaned


def _fields(name: str, now: Ruled | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields for a rule's value, and what they say of the present one."""
    if name == "consent":
        number = now.number if isinstance(now, Consents) else None
        fields: dict[str, Any] = {
            "needed": Radios("Who must consent", [("every", "Every partner"), ("some", "A number of partners")]),
            "number": Integer("How many", required=False, min_value=1, max_value=1000, width=3),
        }
        return fields, {"needed": "every" if number is None else "some", "number": number}
    if name == "figure_basis":
        choices = [(SOURCE, "The desk's own verdict, with ours beside it"), (OURS, "Ours, with the desk's beside it")]
        label = "What heads a figure of tickets whose holds nothing proves"
        return {"graded_none": Radios(label, choices)}, now.to_json() if isinstance(now, FigureBasis) else {}
    if name == "hold_reasons":
        return _reason_fields(now if isinstance(now, HoldReasons) else None)
    label = f"{name.replace('_', ' ').capitalize()}, in the form that a start file has"
    return {"text": TextArea(label, rows=18, max_length=MOST_TEXT)}, {"text": to_toml(name, now)} if now else {}


def _reason_fields(now: HoldReasons | None) -> tuple[dict[str, Any], dict[str, Any]]:
    plain = {reason: reason.replace("_", " ").capitalize() for reason in REASONS}
    fields: dict[str, Any] = {
        f"words_{reason}": Text(f"{words}, in the agreement's words", max_length=200, required=False)
        for reason, words in plain.items()
    }
    hint = "Those with words above that are not ticked do not pause it."
    fields["accepted"] = Checkboxes("Reasons that pause the clock", list(plain.items()), required=False, hint=hint)
    said: dict[str, Any] = {f"words_{r.reason}": r.words for r in now.reasons} if now else {}
    return fields, said | ({"accepted": [r.reason for r in now.reasons if r.accepted]} if now else {})


def _value(name: str, cleaned: Mapping[str, Any]) -> Ruled:
    if name == "consent":
        if cleaned["needed"] == "some" and not cleaned["number"]:
            raise Refused("Enter how many partners must consent.")
        return Consents(None if cleaned["needed"] == "every" else cleaned["number"])
    if name == "figure_basis":
        return FigureBasis(cleaned["graded_none"])
    if name == "hold_reasons":
        unnamed = [reason for reason in cleaned["accepted"] if not cleaned[f"words_{reason}"]]
        if unnamed:
            raise Refused("Give the agreement's words for every reason that pauses the clock.")
        return HoldReasons.from_json(
            {
                reason: {"words": words, "accepted": reason in cleaned["accepted"]}
                for reason in REASONS
                if (words := cleaned[f"words_{reason}"])
            }
        )
    return from_toml(name, cleaned["text"], "What you entered")


class FindForm(RuleForm):
    """A rule as found."""

    page_only = frozenset({"attached"})

    effective_from = Date("Holds from", hint="The day that the document gives; it may lie far back.")
    document = Text("Document", max_length=300, hint="For example: Inter Authority Agreement of 1 January 2016.")
    clause = Text("Clause", max_length=100, required=False, width=10)
    page = Text("Page", max_length=40, required=False, width=5)
    attached = File(
        "The page itself",
        required=False,
        largest=LARGEST,
        accept=".pdf,.png,.jpg,.jpeg,.docx",
        hint="Kept as evidence.",
    )
    reason = TextArea("Why the earlier version is put right", required=False, rows=3, max_length=1000)

    def __init__(self, *args: Any, corrects: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if corrects:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class ProposeForm(RuleForm):
    """A change of a rule; `base` is the version that the proposer has before them."""

    reasons = TextArea("Reasons", rows=5, max_length=5000, hint="Those who consent will read them; so will the public.")
    effective_from = Date(
        "To take effect on", hint="If the last consent comes later, the change takes effect the day after it."
    )
    base = Edition()


class DisputeForm(Form):
    words = TextArea(
        "What is not as it was agreed",
        rows=4,
        max_length=1000,
        hint="It stands beside every figure that uses the rule, for everybody to read.",
    )


class ReasonForm(Form):
    reason = TextArea("Reason", rows=3, max_length=1000)


class OptionalReasonForm(Form):
    reason = TextArea("Reason", rows=3, max_length=1000, required=False)
