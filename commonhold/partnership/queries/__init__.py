"""What pages, commands and the apps above read of the partnership."""

from commonhold.partnership.queries.asked import Found, Owed, Rows, Waiting, awaited, found, owed, told, waits
from commonhold.partnership.queries.partners import (
    has_started,
    is_founded,
    overview,
    partner,
    partnership,
    post,
    posts_held,
    that_may_be_named,
)
from commonhold.partnership.queries.people import is_demonstration, people_of, person, personas
from commonhold.partnership.queries.proposals import needed, proposals, proposed
from commonhold.partnership.queries.rules import (
    Rules,
    Standing,
    Version,
    agreement,
    compared,
    disputes,
    history,
    rules,
)
from commonhold.partnership.queries.who import (
    acting,
    appointments_of,
    by_of,
    day_of,
    on_the_command_line,
    reader,
)

__all__ = [
    "Found",
    "Owed",
    "Rows",
    "Rules",
    "Standing",
    "Version",
    "Waiting",
    "acting",
    "agreement",
    "appointments_of",
    "awaited",
    "by_of",
    "compared",
    "day_of",
    "disputes",
    "found",
    "has_started",
    "history",
    "is_demonstration",
    "is_founded",
    "needed",
    "on_the_command_line",
    "overview",
    "owed",
    "partner",
    "partnership",
    "people_of",
    "person",
    "personas",
    "post",
    "posts_held",
    "proposals",
    "proposed",
    "reader",
    "rules",
    "that_may_be_named",
    "told",
    "waits",
]
