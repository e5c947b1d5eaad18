"""What a desk could give so that more can be proven of its tickets, what helps most first, and how to ask for it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine.mapping import HOLDS, Mapping

HISTORY: Final = "history"
WISHES: Final = {
    "updated_at": "When the desk last changed each row: repeated exports then prove more of holds.",
    "partner": "Which authority each ticket is for.",
    "priority": "The priority of each ticket.",
    "team": "The team that held each ticket: without it nobody can say who used the minutes.",
    "resolved_at": "When each ticket was resolved.",
    "source_verdict": "The desk's own verdict, met or not, to compare with ours.",
}
ONLY_OF_TABLES: Final = frozenset({"updated_at"})

SYS_AUDIT: Final = (
    "the changes of state from the table sys_audit (tablename incident, fieldname state and hold_reason): documentkey, "
    "fieldname, oldvalue, newvalue, sys_created_on, with the incident's number"
)
TOOLS: Final = {
    "servicenow-table": "ServiceNow",
    "servicenow-task-sla": "ServiceNow",
    "hornbill": "Hornbill Service Manager",
    "jira-sm": "Jira Service Management",
    "glpi": "GLPI",
    "zammad": "Zammad",
    "freshservice": "Freshservice",
    "redmine": "Redmine",
}
"""What the tool of a built-in mapping is called."""

CHANGES: Final = {
    "servicenow-table": SYS_AUDIT,
    "servicenow-task-sla": f"{SYS_AUDIT}; task_sla has only sums of pauses",
    "hornbill": """a report with a row for each change of h_status of a request (to status.onHold and from it):
        h_pk_reference, the status and sub-status, and when; h_itsm_requests has only the present one""",
    "jira-sm": """the change history of each issue (the field Status in the changelog, or the issue history file of
        the data pipeline): issue key, from, to, and when""",
    "glpi": """the ticket's historical entries of the field Status (table glpi_logs, itemtype Ticket): items_id,
        old_value, new_value, date_mod""",
    "zammad": "the history of each ticket (the attribute state): ticket number, value_from, value_to, created_at",
    "freshservice": "the activities of each ticket that change its Status: Ticket Id, old and new status, and when",
    "redmine": """the journals of each issue (include=journals, property status_id): #, old_value, new_value,
        created_on""",
}
"""Where the tool keeps when tickets changed their state, in its own words."""


WHY: Final = (
    "For some figures it says too little, so they can only say between which values they lie. Could we have, with the "
    "next export, what helps most first:"
)
HOW: Final = (
    "A CSV file with one line of headings is best. Please write dates with the time, and tell us their time zone and "
    "when the file was made. Free text is not wanted: only the columns named are kept, and people as keys."
)
OUR_CHANGES: Final = (
    "When tickets changed their state: a row for each change, with the ticket's reference, the new state and when; or "
    "a row for each hold: reference, from, to, reason."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that the desk could give: in words, which of our columns it is, and how many tickets it would help."""

    ours: str
    words: str
    tickets: int = 0

    def __str__(self) -> str:
        if not self.tickets:
            return self.words
        return f"{self.words} It would help {self.tickets:,} {'ticket' if self.tickets == 1 else 'tickets'}."


def wishes(kind: str, known: Collection[str]) -> Iterator[Wish]:
    """What a file of this kind with these columns does not tell."""
    if kind == HOLDS:
        return
    if kind == "tickets":
        what = "only how long tickets were on hold, not when" if "held_minutes" in known else "nothing of time on hold"
        yield Wish(HISTORY, f"An export of the history of changes: this one says {what}.")
    for ours, words in WISHES.items():
        if ours not in known and (kind == "tickets" or ours not in ONLY_OF_TABLES):
            yield Wish(ours, words)


def ranked(kind: str, known: Collection[str], grades: dict[str, int]) -> list[Wish]:
    """The same with how many tickets each would help, by what is proven of them now; what helps none is left out."""
    helps = {
        HISTORY: sum(n for grade, n in grades.items() if grade != "intervals"),
        "updated_at": grades.get("none", 0) + grades.get("observed", 0),
    }
    everybody = sum(grades.values())
    found = [Wish(one.ours, one.words, helps.get(one.ours, everybody)) for one in wishes(kind, known)]
    return sorted((one for one in found if one.tickets), key=lambda one: -one.tickets)


def message(mapping: Mapping, wished: Iterable[Wish], tickets: int) -> str:
    """A text to send to whoever looks after the desk's reports; nothing where there is nothing to ask for."""
    asked = [*wished]
    if not asked:
        return ""
    tool = TOOLS.get(mapping.name, "the desk's tool")
    counted = f"{tickets:,} {'ticket' if tickets == 1 else 'tickets'}"
    paragraphs = (
        f"To whoever looks after the reports of {mapping.desk}",
        f"We measure the shared service from an export of {tool} that you send us; the last one has {counted}. {WHY}",
        "\n".join(f"{number}. {_asked(mapping, wish)}" for number, wish in enumerate(asked, start=1)),
        HOW,
    )
    return "\n\n".join(paragraphs) + "\n"


def _asked(mapping: Mapping, wish: Wish) -> str:
    if wish.ours == HISTORY and mapping.name in CHANGES:
        changes = " ".join(CHANGES[mapping.name].split())
        what = f"When tickets changed their state, and so when they were on hold: {changes}."
    elif wish.ours == HISTORY:
        what = OUR_CHANGES
    elif wish.ours in mapping.columns:
        what = f"{wish.words} In the export that is the column '{mapping.columns[wish.ours]}'."
    else:
        what = wish.words
    return f"{what} ({wish.tickets:,} {'ticket' if wish.tickets == 1 else 'tickets'})"
