"""What is asked step by step when a mapping is built from a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.conf import settings

from commonhold.demand.engine.mapping import (
    AUTHORITY,
    DESK_LIMIT,
    HOLD_REASONS,
    IGNORE,
    KINDS,
    PRIORITIES,
    REQUIRED,
    SERVICE,
    STATES,
    UNITS,
)
from commonhold.demand.engine.rows import shown, tidy
from commonhold.demand.engine.sketching.columns import is_about_people, is_free_text
from commonhold.demand.engine.sketching.words import meaning
from commonhold.demand.forms.mappings import READ_BY_ALL
from commonhold.demand.models import Sketch
from commonhold.demand.models.mapping import LONGEST_WHY
from commonhold.demand.queries import sketches as queries
from commonhold.demand.queries.mappings import names_in_use
from commonhold.govuk.fields import Checkbox, Checkboxes, File, Hidden, Radios, Select, Text, TextArea
from commonhold.govuk.form import Form
from commonhold.partnership.engine.names import NAME_LIMIT
from commonhold.partnership.queries import that_may_be_named

SUPPLIER: Final = "supplier"
MOST_HEADINGS: Final = 400
"""Headings that are offered for each column, the first of the file: a longer list would be no help."""

OURS: Final = {
    "reference": "The ticket's own reference",
    "event_at": "When the event happened",
    "state": "State",
    "hold_reason": "Why it is on hold",
    "opened_at": "When it was opened",
    "resolved_at": "When it was resolved",
    "closed_at": "When it was closed",
    "partner": "Which partner it is for",
    "team": "Team",
    "assignee": "The person who works on it",
    "priority": "Priority",
    "category": "Category",
    "service": "Service or system",
    "kind": "Kind: incident, request, problem or change",
    "channel": "How it came in",
    "reopen_count": "How often it was reopened, as the desk counts",
    "source_verdict": "The desk's own verdict, met or not",
    "held_minutes": "How long it was on hold in all",
    "updated_at": "When the desk last changed the row",
    "clock_from": "From when this clock of the ticket ran",
    "clock_to": "Until when this clock of the ticket ran",
}
ONLY: Final = {
    "event_at": "events",
    **dict.fromkeys(("held_minutes", "updated_at", "clock_from", "clock_to"), "tickets"),
}
LABELS: Final = {
    "states": {
        "open": "open", "in_progress": "in progress", "on_hold": "on hold", "reopened": "reopened",
        "resolved": "resolved", "closed": "closed", "cancelled": "cancelled", IGNORE: "nothing: leave its state aside",
    },
    "hold_reasons": {reason: reason.replace("_", " ") for reason in HOLD_REASONS},
    "priorities": {word: word for word in PRIORITIES},
    "kinds": {kind: kind for kind in KINDS},
}  # fmt: skip
assert {*LABELS["states"]} == {*STATES, IGNORE}


class SketchFileForm(Form):
    """The file whose headings a mapping is built for, and which mapping to begin from."""

    file = File("Ticket file", hint="CSV or JSON as the desk exports it. Its headings and first rows are shown")
    base = Select("Begin from", (), required=False, blank="The mapping that fits its headings best")

    def __init__(self, *entered: Any, built_in: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*entered, **options)
        self.fields["file"].largest = settings.UPLOAD_LIMIT  # type: ignore[attr-defined]
        saved = [(name, f"{name}, saved here") for name in names_in_use()]
        self.offer(base=[("none", "Nothing"), *saved, *built_in])


class ColumnsForm(Form):
    """Which heading is which column of ours, for the same file again: it was not kept."""

    marks_optional = False
    page_only = frozenset({"preview", "sure", *(f"column_{ours}" for ours in OURS)})

    file = File(
        "The same file again", hint="It was not kept. Of what is kept now, only the columns chosen here are part"
    )
    desk = Text(
        "Name of the desk", hint="References belong to it: files of one desk must name it alike", max_length=DESK_LIMIT
    )
    kind = Radios(
        "What is a row?",
        [("tickets", "A ticket as it stands, one row for each"), ("events", "An event of a ticket's history")],
    )
    missing = Text(
        "Words that mean nothing",
        required=False,
        width=20,
        hint="With commas between, such as ?, -. An empty cell always does",
    )

    def __init__(self, *entered: Any, sketch: Sketch, **options: Any) -> None:
        content = sketch.content
        chosen = queries.columns_of(content)
        initial = {f"column_{ours}": theirs for ours, theirs in chosen.items()}
        initial |= {"kind": content.get("kind"), "desk": content.get("desk", "")}
        initial["missing"] = ", ".join(word for word in content.get("missing", []) if word)
        super().__init__(*entered, initial={**initial, **options.pop("initial", {})}, **options)
        self.fields["file"].largest = settings.UPLOAD_LIMIT  # type: ignore[attr-defined]
        headings = [heading for heading in dict.fromkeys(map(tidy, sketch.headings)) if heading]
        named = {*chosen.values(), *headings[:MOST_HEADINGS]}
        offered = [(heading, shown(heading)) for heading in headings if heading in named]
        for ours, label in OURS.items():
            if not ours.startswith("clock_") or content.get("several_rows"):
                hint = "Kept as a key, never as a name" if ours == "assignee" else ""
                if ours in ONLY:
                    hint = f"Only for a row of {'an event' if ONLY[ours] == 'events' else 'a ticket'}"
                self.fields[f"column_{ours}"] = Select(label, offered, blank="No column", required=False, hint=hint)
        self.fields["sure"] = Checkbox(
            "I have looked: no column chosen here holds people or free text", required=False,
            hint="Needed only where a heading looks as if it did",
        )  # fmt: skip
        self.fields["preview"] = Hidden(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        columns = {ours: cleaned[f"column_{ours}"] for ours in OURS if cleaned.get(f"column_{ours}")}
        kind = cleaned.get("kind")
        for ours in REQUIRED.get(kind or "", ()):
            if ours not in columns:
                self.add_error(f"column_{ours}", f"Select the column: {OURS[ours][0].lower()}{OURS[ours][1:]}")
        for ours in [*columns]:
            if kind and ONLY.get(ours, kind) != kind:
                del columns[ours]
        people = columns.get("assignee")
        for ours, heading in columns.items():
            if ours != "assignee" and heading == people:
                self.add_error(f"column_{ours}", "This column holds the person: no other may read it")
            elif ours != "assignee" and not cleaned.get("sure") and (is_about_people(heading) or is_free_text(heading)):
                what = "people" if is_about_people(heading) else "free text"
                self.add_error(
                    f"column_{ours}", f"'{shown(heading)}' looks as if it held {what}: choose another, or tick below"
                )
        cleaned["columns"] = columns
        cleaned["missing"] = ["", *(tidy(word) for word in cleaned.get("missing", "").split(",") if tidy(word))]
        return cleaned


class WordsForm(Form):
    """What the words of a file mean, each with how often it stands."""

    marks_optional = False

    def __init__(self, *entered: Any, sketch: Sketch, base: Any, **options: Any) -> None:
        self.sketch = sketch
        super().__init__(*entered, **options)
        self.groups: list[tuple[str, list[str]]] = []
        content = sketch.content
        for ours, table in queries.TABLE_OF.items():
            said = content.get(table, {})
            names = []
            for place, (word, count) in enumerate(queries.words_of(sketch, ours)):
                name = f"{table}_{place}"
                labels = LABELS[table]
                self.fields[name] = Select(
                    _word(word, count), list(labels.items()), required=table in ("states", "kinds"),
                    blank="No priority" if table == "priorities" else "Choose one",
                    initial=said.get(word) or meaning(table, word, base),
                )  # fmt: skip
                names.append(name)
            self._group(f"{OURS[ours]}: {queries.columns_of(content).get(ours, '')}", names)
            if ours == "state" and "hold_reason" not in queries.columns_of(content):
                self._reasons(base)
        self._teams(base)

    def _reasons(self, base: Any) -> None:
        """Where no column says why, the words of some desks' states do."""
        said, names = self.sketch.content.get("hold_reasons", {}), []
        for place, (word, count) in enumerate(queries.words_of(self.sketch, "state")):
            on_hold = (self.sketch.content.get("states", {}).get(word) or meaning("states", word, base)) == "on_hold"
            name = f"why_{place}"
            self.fields[name] = Select(
                _word(word, count), list(LABELS["hold_reasons"].items()), required=False, blank="Says no reason",
                initial=said.get(word) or (meaning("hold_reasons", word, base) if on_hold else ""),
            )  # fmt: skip
            names.append(name)
        self._group("If a state means on hold: what the ticket waits for", names)

    def _teams(self, base: Any) -> None:
        said = self.sketch.content.get("teams", {})
        partners = list(that_may_be_named().values_list("name", flat=True))
        offered = [
            (SERVICE, "The shared service"),
            *((f"{AUTHORITY}{name}", f"{name}'s own team") for name in partners),
            (SUPPLIER, "A supplier, named beside it"),
        ]
        names = []
        for place, (word, count) in enumerate(queries.words_of(self.sketch, "team")):
            party = said.get(word) or (base.teams.get(word) if base else None) or SERVICE
            supplier = party.removeprefix(f"{SUPPLIER}: ") if party.startswith(SUPPLIER) else ""
            known = party if party in dict(offered) else (SUPPLIER if supplier else SERVICE)
            self.fields[f"team_{place}"] = Select(_word(word, count), offered, initial=known, blank="Choose one")
            self.fields[f"supplier_{place}"] = Text(
                f"Supplier that answers for {shown(word)}", required=False, max_length=NAME_LIMIT, initial=supplier,
                width=20,
            )  # fmt: skip
            names += [f"team_{place}", f"supplier_{place}"]
        self._group("Who answers for each team's minutes", names)

    def _group(self, title: str, names: list[str]) -> None:
        if names:
            self.groups.append((title, names))

    def shown_groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for title, names in self.groups:
            yield title, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        tables: dict[str, dict[str, str]] = {}
        for ours, table in queries.TABLE_OF.items():
            words = queries.words_of(self.sketch, ours)
            chosen = {word: cleaned.get(f"{table}_{place}") for place, (word, _) in enumerate(words)}
            tables[table] = {word: means for word, means in chosen.items() if means}
        if "hold_reason" not in queries.columns_of(self.sketch.content):
            states = queries.words_of(self.sketch, "state")
            why = {word: cleaned.get(f"why_{place}") for place, (word, _) in enumerate(states)}
            tables["hold_reasons"] = {
                word: reason for word, reason in why.items() if reason and tables["states"].get(word) == "on_hold"
            }
        return {"tables": tables, "teams": dict(self._parties(cleaned))}

    def _parties(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for place, (word, _) in enumerate(queries.words_of(self.sketch, "team")):
            party, supplier = cleaned.get(f"team_{place}"), (cleaned.get(f"supplier_{place}") or "").strip()
            if party == SUPPLIER and not supplier:
                self.add_error(f"supplier_{place}", "Enter the name of the supplier")
            elif party:
                yield word, f"{SUPPLIER}: {supplier}" if party == SUPPLIER else party


class DatesForm(Form):
    """How dates are written, in which zone, and how lengths of time and the desk's verdict are to be read."""

    dates = TextArea(
        "Forms of dates", rows=4,
        hint="One a line, tried in order: iso, epoch-ms, or made of %d %m %b %Y %y %H %I %M %S %p, as %d/%m/%Y %H:%M",
    )  # fmt: skip
    time_zone = Text(
        "Time zone of dates that say no offset", required=False, width=20, hint="Such as Europe/London or UTC"
    )
    held_unit = Radios("A bare number of time on hold counts", [(unit, unit) for unit in UNITS], required=False)
    verdict = Radios(
        "The desk's own verdict", [("words", "Some of its words mean met"), ("left", "It is the time that was left")],
        required=False, hints={"left": "Such as 2:30, or -1:30 where the target was missed"},
    )  # fmt: skip
    verdict_true = Checkboxes("Words that mean met", (), required=False)

    def __init__(self, *entered: Any, sketch: Sketch, **options: Any) -> None:
        content = sketch.content
        columns = content.get("columns", {})
        left = queries.says_time_left(content)
        initial = {
            "dates": "\n".join(content.get("dates", [])),
            "time_zone": content.get("time_zone", ""),
            "held_unit": content.get("held_unit", next(iter(UNITS))),
            "verdict": "left" if left else "words",
            "verdict_true": columns.get("source_verdict_true", []),
        }
        super().__init__(*entered, initial=initial, **options)
        found = [] if left else queries.words_of(sketch, "source_verdict")
        others = [(word, 0) for word in initial["verdict_true"] if word not in dict(found)]
        self.offer(verdict_true=[(word, _word(word, count)) for word, count in (*found, *others)])
        if "held_minutes" not in columns:
            del self.fields["held_unit"]
        if "source_verdict" not in columns:
            del self.fields["verdict"], self.fields["verdict_true"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        left = cleaned.get("verdict") == "left"
        if "verdict" in self.fields and not left and not cleaned.get("verdict_true"):
            self.add_error("verdict_true", "Select at least one word that means met")
        return {
            "dates": [line.strip() for line in cleaned.get("dates", "").splitlines() if line.strip()],
            "time_zone": (cleaned.get("time_zone") or "").strip(),
            "held_unit": cleaned.get("held_unit") or "",
            "verdict_left": left,
            "verdict_true": list(cleaned.get("verdict_true") or []),
        }


class FinishForm(Form):
    """Under which name the mapping is saved, and why."""

    name = Text(
        "Name", max_length=DESK_LIMIT, width=20,
        hint="Small letters and digits with hyphens between, such as north-desk. An existing name gets a new version",
    )  # fmt: skip
    why = TextArea("Why?", hint=READ_BY_ALL, max_length=LONGEST_WHY, rows=3)


def _word(word: str, count: int) -> str:
    return f"{shown(word)} ({count:,} {'row' if count == 1 else 'rows'})"
